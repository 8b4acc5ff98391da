using System.Reflection;
using UnbindPortal.Support;

namespace UnbindPortal.Domain;

/// <summary>Accounts, bindings and factors by hand, for tests that need exactly one.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = ManualClock.Noon;

    public static readonly Guid AccountId = Id(0xACC);

    public static readonly IReadOnlySet<ProofMethod> EveryMethod = Enum.GetValues<ProofMethod>().ToHashSet();

    public static readonly IReadOnlySet<BindingKind> EveryPlatform = new HashSet<BindingKind>
    {
        BindingKind.WeChat,
        BindingKind.QQ,
        BindingKind.Alipay,
    };

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static Account Account(AccountStatus status = AccountStatus.Active) => new(AccountId, null, [], [], Noon, status);

    /// <summary>A verified binding; <paramref name="number"/> makes its id and its identity.</summary>
    public static Binding Binding(BindingKind kind, int number = 1)
    {
        var binding = Unproved(kind, number);
        binding.Proved(Noon);
        return binding;
    }

    public static Binding Unproved(BindingKind kind, int number = 1) =>
        new(Id(((int)kind * 100) + number), AccountId, kind, [(byte)kind, (byte)number], [], Noon);

    public static Binding Suspended(BindingKind kind, int number = 1) => Suspend(Binding(kind, number), Noon);

    /// <summary>Nothing in the product suspends yet; storage can already say so, and the rules already heed it.</summary>
    public static Binding Suspend(Binding binding, DateTimeOffset? since)
    {
        typeof(Binding)
            .GetProperty(nameof(Domain.Binding.SuspendedAt), BindingFlags.Public | BindingFlags.Instance)!
            .SetValue(binding, since);
        return binding;
    }

    /// <summary>An active account with these bindings, every platform on, nothing waiting, no password.</summary>
    public static AccountState State(params Binding[] bindings) =>
        new(AccountId, AccountStatus.Active, false, bindings, [], new HashSet<Guid>(), EveryPlatform);

    public static AccountState WithPassword(this AccountState state) => state with { HasPassword = true };

    public static AccountState WithGoing(this AccountState state, params Binding[] going) =>
        state with
        {
            Going = going.Select(b => b.Id).ToHashSet(),
        };

    public static UnbindPlan Plan(AccountState state, params Binding[] going) => Plan(state, RemovalPolicy.Default, going);

    public static UnbindPlan Plan(AccountState state, RemovalPolicy policy, params Binding[] going)
    {
        var (plan, refusals) = UnbindPlan.Make(state, [.. going.Select(b => b.Id)], policy, EveryMethod);
        Assert.Empty(refusals);
        return plan!;
    }

    public static IReadOnlyList<UnbindRefusal> Refusals(AccountState state, params Binding[] going) =>
        UnbindPlan.Make(state, [.. going.Select(b => b.Id)], RemovalPolicy.Default, EveryMethod).Refusals;

    public static Factor By(ProofMethod method, Binding? through = null) => new(method, through?.Id);

    public static RemovalPolicy Policy(BindingKind kind, string row) =>
        new(new Dictionary<BindingKind, string> { [kind] = row }, TimeSpan.FromHours(72));
}
