using System.Security.Cryptography;
using System.Text;

namespace UnbindPortal.Domain;

/// <summary>What will happen when a set of bindings goes: what leaves, what stays, what is touched, and which proofs suffice.</summary>
public sealed record UnbindPlan
{
    private const string CanonicalForm = "unbind-plan/1";

    /// <summary>The account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The bindings that go.</summary>
    public required IReadOnlyList<Binding> Going { get; init; }

    /// <summary>The ways in that stay.</summary>
    public required IReadOnlyList<WayIn> WaysIn { get; init; }

    /// <summary>The notice addresses that stay.</summary>
    public required IReadOnlyList<Binding> Notices { get; init; }

    /// <summary>What stays to get the account back with.</summary>
    public required IReadOnlyList<Binding> Recoveries { get; init; }

    /// <summary>Apps that lean on something that goes.</summary>
    public required IReadOnlyList<Binding> Apps { get; init; }

    /// <summary>Every smallest set of the owner's factors that suffices, quickest first.</summary>
    public required IReadOnlyList<ProofRoute> Routes { get; init; }

    /// <summary>SHA-256 over what is promised, in the canonical form: never times, counts, display text or language.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Plans the removal of <paramref name="going"/>, or says why it cannot be.</summary>
    /// <param name="state">The account, read under its lock.</param>
    /// <param name="going">Ids of the bindings that shall go.</param>
    /// <param name="policy">The removal table.</param>
    /// <param name="methods">The proof methods the portal offers.</param>
    public static (UnbindPlan? Plan, IReadOnlyList<UnbindRefusal> Refusals) Make(
        AccountState state,
        IReadOnlyCollection<Guid> going,
        RemovalPolicy policy,
        IReadOnlySet<ProofMethod> methods
    )
    {
        if (state.RefusalsFor(going) is { Count: > 0 } refusals)
        {
            return (null, refusals);
        }

        // In the order in which the pages name them: a message in another order would look like a fraud.
        Binding[] leaving = [.. state.Bindings.Where(b => going.Contains(b.Id)).OrderBy(b => b.Kind).ThenBy(b => b.Id)];
        var routes = RoutesFor(state, leaving, policy, methods);
        if (routes.Count == 0)
        {
            return (null, [UnbindRefusal.NoStrongProof]);
        }

        var plan = new UnbindPlan
        {
            AccountId = state.AccountId,
            Going = leaving,
            WaysIn = state.WaysIn(going),
            Notices = state.Staying(Capabilities.Notice, going),
            Recoveries = state.Staying(Capabilities.Recovery, going),
            Apps = state.AppsLeaningOn(going),
            Routes = routes,
            Hash = [],
        };
        return (plan with { Hash = plan.ComputeHash(policy.Version) }, []);
    }

    /// <summary>The wait that <paramref name="proved"/> earns, or null while it does not suffice. The quickest route met wins.</summary>
    public TimeSpan? WaitAfter(IReadOnlyCollection<Factor> proved) =>
        Routes.Where(route => route.Factors.All(proved.Contains)).Select(route => (TimeSpan?)route.Wait).Min();

    /// <summary>Until when <paramref name="given"/> keeps earning <paramref name="wait"/>: proofs that were not needed shorten nothing.</summary>
    public DateTimeOffset GoodUntil(IReadOnlyCollection<Proof> given, TimeSpan wait) =>
        Routes
            .Where(route => route.Wait == wait && route.Factors.All(factor => given.Any(p => p.Factor == factor)))
            .Max(route => route.Factors.Min(factor => given.Where(p => p.Factor == factor).Max(p => p.ExpiresAt)));

    /// <summary>The factors the owner could give, in the order of the quickest route each belongs to.</summary>
    public IReadOnlyList<Factor> Factors => [.. Routes.SelectMany(route => route.Factors).Distinct()];

    private static List<ProofRoute> RoutesFor(
        AccountState state,
        Binding[] leaving,
        RemovalPolicy policy,
        IReadOnlySet<ProofMethod> methods
    )
    {
        Guid[] going = [.. leaving.Select(b => b.Id)];
        Factor[] factors = [.. FactorsOf(state).Where(f => methods.Contains(f.Method))];
        var singles = factors.Select(f => new[] { f }).Where(Sufficient).ToList();
        var alone = singles.Select(s => s[0]).ToHashSet();
        var pairs = factors
            .SelectMany((first, i) => factors.Skip(i + 1).Select(second => new[] { first, second }))
            .Where(pair => !pair.Any(alone.Contains) && Sufficient(pair));
        return
        [
            .. singles
                .Concat(pairs)
                .Select(set => new ProofRoute(set, leaving.Max(b => policy.WaitFor(b, going, set, state))))
                .OrderBy(route => route.Wait)
                .ThenBy(route => route.Factors.Count),
        ];

        // A set needs what its strictest member needs.
        bool Sufficient(Factor[] set) => leaving.All(b => policy.Suffices(b, set, state));
    }

    // Strongest first, so that equal routes are offered in that order. What waits to be removed counts as gone: it proves nothing any more.
    private static IEnumerable<Factor> FactorsOf(AccountState state)
    {
        var usable = state.Bindings.Where(b => state.IsUsable(b) && !state.Going.Contains(b.Id)).OrderBy(b => b.Id).ToArray();
        foreach (var (kind, method) in KindProofs)
        {
            foreach (var binding in usable.Where(b => b.Kind == kind))
            {
                yield return new Factor(method, binding.Id);
            }
        }

        if (state.HasPassword)
        {
            yield return new Factor(ProofMethod.Password);
        }

        foreach (var email in usable.Where(b => b.Kind is BindingKind.Email))
        {
            yield return new Factor(ProofMethod.EmailCode, email.Id);
        }
    }

    private static readonly (BindingKind Kind, ProofMethod Method)[] KindProofs =
    [
        (BindingKind.Passkey, ProofMethod.Passkey),
        (BindingKind.Phone, ProofMethod.SmsCode),
        (BindingKind.WeChat, ProofMethod.PlatformSignIn),
        (BindingKind.QQ, ProofMethod.PlatformSignIn),
        (BindingKind.Alipay, ProofMethod.PlatformSignIn),
        (BindingKind.Authenticator, ProofMethod.Totp),
    ];

    private byte[] ComputeHash(string policyVersion)
    {
        var lines = new[]
        {
            CanonicalForm,
            $"account={AccountId:N}",
            $"gone={Sorted(Going.Select(b => b.Id.ToString("N")))}",
            $"ways={Sorted(WaysIn.Select(way => way.Canonical))}",
            $"notices={Sorted(Notices.Select(b => b.Id.ToString("N")))}",
            $"apps={Sorted(Apps.Select(b => b.Id.ToString("N")))}",
            $"proofs={Sorted(Routes.Select(route => route.Canonical))}",
            $"policy={policyVersion}",
        };
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    private static string Sorted(IEnumerable<string> parts) => string.Join(',', parts.Order(StringComparer.Ordinal));
}
