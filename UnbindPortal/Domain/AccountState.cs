namespace UnbindPortal.Domain;

/// <summary>A way into an account: the password, or a usable binding that signs in.</summary>
/// <param name="Kind">The binding's kind; null for the password.</param>
/// <param name="BindingId">The binding; null for the password.</param>
public readonly record struct WayIn(BindingKind? Kind, Guid? BindingId)
{
    /// <summary>The password.</summary>
    public static WayIn Password => new(null, null);

    /// <summary>Stable name inside a plan hash.</summary>
    internal string Canonical => BindingId is { } id ? id.ToString("N") : "password";
}

/// <summary>Why something cannot be unbound now.</summary>
public enum UnbindRefusal
{
    /// <summary>Nothing was chosen.</summary>
    NothingChosen,

    /// <summary>Something chosen is not bound to this account (any more).</summary>
    NotBound,

    /// <summary>It already waits to be removed by another request.</summary>
    AlreadyWaiting,

    /// <summary>No way in would be left (rule 1).</summary>
    LastWayIn,

    /// <summary>No verified notice address would be left (rule 1).</summary>
    LastNoticeAddress,

    /// <summary>None of the owner's proofs is strong enough for it.</summary>
    NoStrongProof,

    /// <summary>The account is closed or not active.</summary>
    AccountNotActive,

    /// <summary>More requests today than the limit allows.</summary>
    TooManyToday,

    /// <summary>The same identity went back and forth too often lately.</summary>
    TooManyTurns,
}

/// <summary>What the rules need to know of an account, read together under its lock.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="HasPassword">A password is set.</param>
/// <param name="Bindings">Its live bindings.</param>
/// <param name="Dependencies">Which app leans on which binding.</param>
/// <param name="Going">Bindings that wait to be removed: every plan counts them as gone.</param>
/// <param name="EnabledPlatforms">Platforms the operator has switched on.</param>
public sealed record AccountState(
    Guid AccountId,
    AccountStatus Status,
    bool HasPassword,
    IReadOnlyList<Binding> Bindings,
    IReadOnlyList<AppDependency> Dependencies,
    IReadOnlySet<Guid> Going,
    IReadOnlySet<BindingKind> EnabledPlatforms
)
{
    /// <summary>Verified, live, not suspended, and its platform (if any) switched on.</summary>
    public bool IsUsable(Binding binding) =>
        binding.IsSound && (!BindingCatalogue.For(binding.Kind).IsPlatform || EnabledPlatforms.Contains(binding.Kind));

    /// <summary>The ways in that would stay once <paramref name="without"/> and everything already waiting are gone.</summary>
    public IReadOnlyList<WayIn> WaysIn(IReadOnlyCollection<Guid> without)
    {
        var ways = Staying(Capabilities.SignIn, without).Select(b => new WayIn(b.Kind, b.Id));
        return HasPassword ? [WayIn.Password, .. ways] : [.. ways];
    }

    /// <summary>The usable bindings with <paramref name="capability"/> that would stay once <paramref name="without"/> is gone.</summary>
    public IReadOnlyList<Binding> Staying(Capabilities capability, IReadOnlyCollection<Guid> without) =>
        [
            .. Bindings.Where(b =>
                IsUsable(b)
                && BindingCatalogue.For(b.Kind).Capabilities.HasFlag(capability)
                && !without.Contains(b.Id)
                && !Going.Contains(b.Id)
            ),
        ];

    /// <summary>Live apps that lean on something in <paramref name="going"/> and stay themselves; what already waits to go does not stay.</summary>
    public IReadOnlyList<Binding> AppsLeaningOn(IReadOnlyCollection<Guid> going) =>
        [
            .. Bindings.Where(app =>
                app.IsLive
                && !going.Contains(app.Id)
                && !Going.Contains(app.Id)
                && Dependencies.Any(d => d.AppBindingId == app.Id && going.Contains(d.OnBindingId))
            ),
        ];

    /// <summary>Rule 1 for a set: why these may not go. Empty when they may.</summary>
    public IReadOnlyList<UnbindRefusal> RefusalsFor(IReadOnlyCollection<Guid> going)
    {
        if (Status is not AccountStatus.Active)
        {
            return [UnbindRefusal.AccountNotActive];
        }

        if (going.Count == 0)
        {
            return [UnbindRefusal.NothingChosen];
        }

        if (going.Any(id => !Bindings.Any(b => b.Id == id && b.IsLive)))
        {
            return [UnbindRefusal.NotBound];
        }

        if (going.Any(Going.Contains))
        {
            return [UnbindRefusal.AlreadyWaiting];
        }

        return RuleOne(going);
    }

    /// <summary>The same account as a request that falls due sees it: its own bindings are no longer waiting, they are going.</summary>
    public AccountState WithoutWaiting(IReadOnlyCollection<Guid> going) => this with { Going = Going.Except(going).ToHashSet() };

    private List<UnbindRefusal> RuleOne(IReadOnlyCollection<Guid> going)
    {
        var refusals = new List<UnbindRefusal>();
        if (WaysIn([]).Count > 0 && WaysIn(going).Count == 0)
        {
            refusals.Add(UnbindRefusal.LastWayIn);
        }

        if (Staying(Capabilities.Notice, []).Count > 0 && Staying(Capabilities.Notice, going).Count == 0)
        {
            refusals.Add(UnbindRefusal.LastNoticeAddress);
        }

        return refusals;
    }
}
