using FsCheck;
using FsCheck.Fluent;

namespace UnbindPortal.Domain;

/// <summary>What a scenario can do next.</summary>
public enum Verb
{
    Plan,
    Send,
    Answer,
    Finish,
    ProveRoute,
    Back,
    Confirm,
    Cancel,
    Pass,
    RunDue,
    Change,
    SignIn,
}

/// <summary>What can change around a walk.</summary>
public enum AccountChange
{
    Bind,
    Prove,
    Suspend,
    Restore,
    TakenAway,
    Platform,
    Password,
    Lean,
    Policy,
    Use,
    Close,
}

/// <summary>One binding of a generated account; the identity is a number among those of its kind.</summary>
public sealed record BindingSeed(BindingKind Kind, bool Proved, bool Suspended, int Identity);

/// <summary>A generated account: platforms are one bit each, and an app leans on another binding, both by position.</summary>
public sealed record AccountSeed(
    IReadOnlyList<BindingSeed> Bindings,
    bool HasPassword,
    int Platforms,
    IReadOnlyList<(int App, int On)> Leans,
    AccountStatus Status
)
{
    public override string ToString() =>
        $"{Status}, password {HasPassword}, platforms {Platforms}, leans {string.Join(' ', Leans)}:\n  {string.Join("\n  ", Bindings)}";
}

/// <summary>One step. The numbers pick modulo what there is, so that a step still means something after shrinking.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Request">Which request, 0 the latest.</param>
/// <param name="Pick">Which binding, factor, route, pause or change.</param>
/// <param name="Variant">Right or wrong, shown or old or garbled, at once or later.</param>
/// <param name="Session">Which browser.</param>
public sealed record Command(Verb Verb, int Request = 0, int Pick = 0, int Variant = 0, int Session = 0);

/// <summary>An account and everything that then happens to it.</summary>
public sealed record Scenario(AccountSeed Account, IReadOnlyList<Command> Commands)
{
    public override string ToString() => $"{Account}\n  {string.Join("\n  ", Commands)}\n";
}

/// <summary>Random scenarios: single steps at random, mixed with whole walks so that the ends of the wizard are reached often.</summary>
internal static class Scenarios
{
    public static Arbitrary<Scenario> Any => Arb.From(All, Shrink);

    private static Gen<Scenario> All =>
        from account in Accounts
        from count in Gen.Choose(1, 10)
        from parts in Gen.Frequency((2, Steps.Select(step => new[] { step })), (4, Walks), (2, Guesses), (2, Halves)).ListOf(count)
        select new Scenario(account, [.. parts.SelectMany(part => part)]);

    private static Gen<AccountSeed> Accounts =>
        from count in Gen.Choose(0, 6)
        from random in Bindings.ListOf(count)
        from usual in Gen.Elements(true, false)
        let bindings = usual ? Usual.Concat(random).Take(6) : random
        from password in Often(65)
        from platforms in Gen.Frequency((2, Gen.Constant(7)), (1, Gen.Choose(0, 7)))
        from leans in Gen.Choose(0, 5).Two().Select(pair => (pair.Item1, pair.Item2)).ListOf(3)
        from status in Gen.Frequency(
            (25, Gen.Constant(AccountStatus.Active)),
            (1, Gen.Elements(AccountStatus.Inactive, AccountStatus.NeedsRecovery, AccountStatus.Closed))
        )
        select new AccountSeed([.. bindings], password, platforms, [.. leans], status);

    // What most people have: here a last phone and a last address can go, by proofs that wait and by proofs that do not.
    private static IEnumerable<BindingSeed> Usual =>
        new[] { BindingKind.Phone, BindingKind.Email, BindingKind.WeChat }.Select(kind => new BindingSeed(kind, true, false, 0));

    // Phones and addresses are what the rules are about, so they come more often.
    private static Gen<BindingSeed> Bindings =>
        from kind in Gen.Frequency(
            (4, Gen.Constant(BindingKind.Phone)),
            (4, Gen.Constant(BindingKind.Email)),
            (6, Gen.Elements(Enum.GetValues<BindingKind>()))
        )
        from proved in Often(88)
        from suspended in Often(8)
        from identity in Gen.Choose(0, 2)
        select new BindingSeed(kind, proved, suspended, identity);

    private static Gen<Command> Steps => Gen.Elements(Enum.GetValues<Verb>()).SelectMany(Step);

    private static Gen<Command> Step(Verb verb) =>
        from request in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 4)))
        from pick in verb is Verb.Plan ? Sets : Gen.Choose(0, 63)
        from variant in Gen.Choose(0, 11)
        from session in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 2)))
        select new Command(verb, request, pick, variant, session);

    // Each bit takes one of the bindings. Most people take off one or two.
    private static Gen<int> Sets =>
        Gen.Frequency(
            (4, Gen.Choose(0, 5).Select(bit => 1 << bit)),
            (3, Gen.Choose(0, 5).Two().Select(bits => (1 << bits.Item1) | (1 << bits.Item2))),
            (1, Gen.Choose(0, 63))
        );

    // Plan, prove by some route, confirm twice; something may happen in between, and the timer may come round when it is due.
    private static Gen<Command[]> Walks =>
        from plan in Step(Verb.Plan)
        from early in Perhaps(Steps)
        from prove in Step(Verb.ProveRoute)
        from late in Perhaps(Gen.OneOf(Step(Verb.Change), Step(Verb.Pass), Step(Verb.Plan), Steps))
        from confirm in Step(Verb.Confirm)
        from again in Step(Verb.Confirm)
        from meanwhile in Perhaps(Losses)
        from due in Perhaps(Gen.Constant(new Command(Verb.Pass, Pick: 5)))
        select Joined(
            [plan],
            early,
            [prove with { Request = 0 }],
            late,
            [confirm with { Request = 0 }, again],
            meanwhile,
            due,
            [new Command(Verb.RunDue)]
        );

    // The halves of a pair with something in between that must part them: too long a time, another plan, going back, another browser.
    private static Gen<Command[]> Halves =>
        from plan in Step(Verb.Plan)
        from whole in Perhaps(Gen.Constant(new Command(Verb.ProveRoute)))
        from back in Step(Verb.Back)
        from between in Perhaps(Gen.OneOf(Gen.Constant(new Command(Verb.Pass, Pick: 3)), Step(Verb.Change), Step(Verb.Pass)))
        from first in Gen.Elements(10, 11)
        from second in Step(Verb.ProveRoute)
        from confirm in Step(Verb.Confirm)
        select Joined(
            [plan],
            whole,
            [back with { Request = 0 }, new Command(Verb.ProveRoute, Pick: 1, Variant: first)],
            between,
            [second with { Request = 0, Pick = 1, Variant = 21 - first }, confirm with { Request = 0, Session = second.Session }]
        );

    // What makes a waiting request lapse: something else it counted on is lost.
    private static Gen<Command> Losses =>
        from change in Gen.Elements(AccountChange.Suspend, AccountChange.TakenAway, AccountChange.Platform)
        from pick in Gen.Choose(0, 63)
        select new Command(Verb.Change, Pick: pick, Variant: (int)change);

    // One code, several answers, overlapping and resent.
    private static Gen<Command[]> Guesses =>
        from plan in Step(Verb.Plan)
        from pick in Gen.Choose(20, 39)
        from hasty in Often(50) // right answers end the guessing; without them the limits do
        from answers in Gen.Frequency(
                (9, Gen.Choose(0, 11).Select(variant => new Command(Verb.Answer, Variant: hasty ? variant : variant | 1))),
                (1, Gen.Constant(new Command(Verb.Finish))),
                (2, Gen.Constant(new Command(Verb.Send))),
                (2, Gen.Constant(new Command(Verb.Pass, Pick: 1))),
                (1, Gen.OneOf(Step(Verb.Back), Step(Verb.Change), Step(Verb.Answer)))
            )
            .ListOf(12)
        from confirm in Step(Verb.Confirm)
        select new[] { plan, new Command(Verb.Send, Pick: pick) }
            .Concat(
                answers.Select(step => step.Verb is Verb.Answer or Verb.Send ? step with { Request = 0, Pick = pick, Session = 0 } : step)
            )
            .Append(new Command(Verb.Finish))
            .Append(confirm)
            .ToArray();

    private static Gen<Command[]> Perhaps(Gen<Command> step) =>
        Gen.Frequency((3, Gen.Constant(Array.Empty<Command>())), (2, step.Select(one => new[] { one })));

    private static Command[] Joined(params Command[][] parts) => [.. parts.SelectMany(part => part)];

    private static Gen<bool> Often(int percent) => Gen.Choose(1, 100).Select(drawn => drawn <= percent);

    // Fewer steps first (halves, quarters, … single ones), then fewer bindings.
    private static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        var steps = scenario.Commands;
        for (var length = steps.Count / 2; length >= 1; length /= 2)
        {
            for (var start = 0; start + length <= steps.Count; start += length)
            {
                yield return scenario with
                {
                    Commands = [.. steps.Take(start), .. steps.Skip(start + length)],
                };
            }
        }

        var seeds = scenario.Account.Bindings;
        for (var i = 0; i < seeds.Count; i++)
        {
            yield return scenario with
            {
                Account = scenario.Account with { Bindings = [.. seeds.Take(i), .. seeds.Skip(i + 1)] },
            };
        }
    }
}
