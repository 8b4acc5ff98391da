using FsCheck;
using FsCheck.Fluent;
using UnbindPortal.Support;

namespace UnbindPortal.Domain;

public sealed class FailureBudgetTests
{
    private static readonly FailureLimits Limits = new(5, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));
    private readonly FailureBudget _budget = new([]);
    private DateTimeOffset _now = Given.Noon;

    [Theory]
    [InlineData(0, 30)]
    [InlineData(5, 30)]
    [InlineData(6, 60)]
    [InlineData(7, 120)]
    [InlineData(11, 1920)]
    [InlineData(12, 3600)]
    [InlineData(1_000_000, 3600)]
    public void Waits_double_up_to_the_longest(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Limits.WaitAfter(failures));

    [Fact]
    public void The_fifth_failure_brings_the_first_wait()
    {
        Fail(4);
        Assert.True(_budget.BlockedUntil <= _now);

        Fail(1);
        Assert.Equal(_now.AddSeconds(30), _budget.BlockedUntil);
    }

    [Fact]
    public void While_it_waits_nothing_is_looked_at_and_nothing_charged()
    {
        Fail(5);
        _now = _now.AddSeconds(30).AddTicks(-1);

        Assert.False(_budget.TryCharge(Limits, _now));
        Assert.Equal(5, _budget.Failures);
        Assert.True(_budget.TryCharge(Limits, _now.AddTicks(1)));
    }

    [Fact]
    public void A_right_answer_takes_back_its_own_charge_and_the_wait_it_brought()
    {
        Fail(5);
        _now = _budget.BlockedUntil;
        Assert.True(_budget.TryCharge(Limits, _now));
        Assert.Equal(_now.AddSeconds(60), _budget.BlockedUntil);

        _budget.Refund(_now);

        Assert.Equal(5, _budget.Failures);
        Assert.Equal(_now, _budget.BlockedUntil);
    }

    [Fact]
    public void A_right_answer_does_not_forgive_the_wrong_ones_before_it()
    {
        Fail(4);
        Assert.True(_budget.TryCharge(Limits, _now));
        _budget.Refund(_now);

        Fail(1);

        Assert.Equal(_now.AddSeconds(30), _budget.BlockedUntil);
    }

    [Fact]
    public void Refunding_an_untouched_budget_gives_no_credit()
    {
        _budget.Refund(_now);
        Fail(5);

        Assert.Equal(5, _budget.Failures);
        Assert.True(_budget.BlockedUntil > _now);
    }

    [Fact]
    public void Failures_are_forgotten_after_a_quiet_time()
    {
        Fail(4);
        _now += Limits.Quiet;
        Fail(1);

        Assert.Equal(1, _budget.Failures);
    }

    [Fact]
    public void Somebody_who_never_stops_reaches_the_longest_wait_and_stays_there()
    {
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(_budget.TryCharge(Limits, _now));
            waits.Add(_budget.BlockedUntil > _now ? _budget.BlockedUntil - _now : TimeSpan.Zero);
            _now += waits[^1];
        }

        Assert.Equal(waits.Order(), waits);
        Assert.All(waits.TakeLast(5), wait => Assert.Equal(Limits.LongestWait, wait));
    }

    /// <summary>An attacker's own right answers, interleaved with guesses as he likes, never leave him better off than the guesses alone.</summary>
    [Fact]
    public void Right_answers_in_between_never_shorten_a_wait() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(TestScale.Pick(200, 5000)),
            Prop.ForAll(
                Gen.Choose(0, 40).Zip(Gen.Elements(true, false)).ListOf(40).ToArbitrary(),
                steps =>
                {
                    var mixed = new FailureBudget([]);
                    var alone = new FailureBudget([]);
                    var now = Given.Noon;
                    foreach (var (seconds, right) in steps)
                    {
                        now = now.AddSeconds(seconds);
                        if (!mixed.TryCharge(Limits, now))
                        {
                            continue;
                        }

                        if (right)
                        {
                            mixed.Refund(now);
                        }
                        else
                        {
                            Assert.True(alone.TryCharge(Limits, now));
                        }

                        Assert.Equal(alone.Failures, mixed.Failures);
                        Assert.True(mixed.BlockedUntil >= alone.BlockedUntil);
                    }
                }
            )
        );

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(_budget.TryCharge(Limits, _now));
        }
    }
}
