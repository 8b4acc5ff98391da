using FsCheck;
using FsCheck.Fluent;
using UnbindPortal.Support;

namespace UnbindPortal.Domain;

/// <summary>Random accounts, random steps: whatever happens, the rules hold after every step.</summary>
public sealed class RulesPropertyTests
{
    private const int Runs = 500;

    // Fixed, so that a run repeats. A failure prints the seed of its own case and the smallest scenario that still fails.
    private static readonly Replay Seed = new(new Rnd(20260318, 1), null);

    [Fact]
    public void Rules_1_2_3_5_6_and_7_hold_after_every_step() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(TestScale.Pick(Runs, 5000)).WithReplay(Seed),
            Prop.ForAll(Scenarios.Any, scenario => new PortalModel(scenario.Account).Run(scenario.Commands))
        );

    /// <summary>The property says nothing about what it never meets: each of these must come up, so that no change of the generator empties it.</summary>
    [Fact]
    public void Scenarios_reach_every_end_and_every_refusal()
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Runs).WithReplay(Seed),
            Prop.ForAll(
                Scenarios.Any,
                scenario =>
                {
                    var model = new PortalModel(scenario.Account);
                    model.Run(scenario.Commands);
                    foreach (var (outcome, times) in model.Reached)
                    {
                        reached[outcome] = reached.GetValueOrDefault(outcome) + times;
                    }
                }
            )
        );

        Assert.DoesNotContain(MustBeReached, outcome => reached.GetValueOrDefault(outcome) < 3);
    }

    private static IEnumerable<string> MustBeReached =>
        [
            .. Names<ConfirmDecision>("Confirm").Append("Confirm: NotPossible"),
            .. Names<UnbindRefusal>("Refused").Except(["Refused: TooManyToday", "Refused: TooManyTurns"]), // these are the service's
            .. Names<AccountChange>("Change").Except(["Change: Bind"]),
            "Change: Bound",
            "Change: Taken",
            "Plan: Started",
            "Plan: Reused",
            "Send: Sent",
            "Send: Resent",
            "Send: TooSoon",
            "Send: NoTriesLeft",
            "Answer: Wrong",
            "Answer: NoCode",
            "Answer: NoTriesLeft",
            "Answer: MustWait",
            "Answer: NotSuitable",
            "Answer: PlanChanged",
            "Answer: OneMore",
            "Answer: Verified",
            "Finish: Verified",
            "Answer: OneWrongTooMany",
            "Finish: NoCode",
            "Back: Replanned",
            "Cancel: True",
            "Cancel: False",
            "Pass: Back",
            "RunDue: Done",
            "RunDue: Expired",
            "RunDue: Lapsed",
        ];

    private static IEnumerable<string> Names<T>(string verb)
        where T : struct, Enum => Enum.GetNames<T>().Select(name => $"{verb}: {name}");
}
