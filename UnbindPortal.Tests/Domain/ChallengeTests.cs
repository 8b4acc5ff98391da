namespace UnbindPortal.Domain;

/// <summary>Rule 5: a code is compared at most N times in all, succeeds at most once, only for its plan and in time.</summary>
public sealed class ChallengeTests
{
    private const int Allowed = 5;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly byte[] Plan = [1];
    private static readonly byte[] OtherPlan = [2];
    private static readonly byte[] Code = [11];
    private static readonly byte[] Fresh = [12];
    private readonly DateTimeOffset _now = Given.Noon;

    [Fact]
    public void A_code_allows_five_comparisons_and_resending_brings_none_back()
    {
        var challenge = Sent();
        for (var i = 0; i < Allowed; i++)
        {
            Assert.Equal(GuessOutcome.Wrong, challenge.TakeAttempt(Plan, Allowed, _now));
            challenge.Issue(Fresh, Plan, _now, Life);
        }

        Assert.Equal(GuessOutcome.NoTriesLeft, challenge.TakeAttempt(Plan, Allowed, _now));
        Assert.Equal(Allowed, challenge.Attempts);
    }

    [Fact]
    public void A_code_of_another_plan_is_no_code_and_costs_no_try()
    {
        var challenge = Sent();

        Assert.Equal(GuessOutcome.NoCode, challenge.TakeAttempt(OtherPlan, Allowed, _now));
        Assert.Equal(GuessOutcome.NoCode, challenge.TakeAttempt([], Allowed, _now));
        Assert.Equal(0, challenge.Attempts);
    }

    [Fact]
    public void An_expired_code_is_no_code_even_when_right()
    {
        var challenge = Sent();

        Assert.Equal(GuessOutcome.Wrong, challenge.TakeAttempt(Plan, Allowed, (_now + Life).AddTicks(-1)));
        Assert.Equal(GuessOutcome.NoCode, challenge.TakeAttempt(Plan, Allowed, _now + Life));
        Assert.False(challenge.Use(Code, _now + Life));
    }

    [Fact]
    public void A_code_is_used_once()
    {
        var challenge = Sent();

        Assert.True(challenge.Use(Code, _now));
        Assert.False(challenge.Use(Code, _now));
        Assert.Equal(GuessOutcome.NoCode, challenge.TakeAttempt(Plan, Allowed, _now));
    }

    [Fact]
    public void A_code_replaced_by_a_newer_one_is_not_used()
    {
        var challenge = Sent();
        challenge.Issue(Fresh, Plan, _now, Life);

        Assert.False(challenge.Use(Code, _now));
        Assert.True(challenge.Use(Fresh, _now));
    }

    [Fact]
    public void A_void_code_stays_void()
    {
        var challenge = Sent();
        challenge.Close(_now);
        challenge.Close(_now.AddMinutes(1));

        Assert.Equal(_now, challenge.ClosedAt);
        Assert.False(challenge.Use(Code, _now));
        Assert.Equal(GuessOutcome.NoCode, challenge.TakeAttempt(Plan, Allowed, _now));
    }

    private Challenge Sent()
    {
        var asked = new ChallengeFor(ChallengePurpose.Unbind, Given.AccountId, [], [], Given.Id(2));
        var challenge = new Challenge(Given.Id(1), asked, ProofMethod.SmsCode, [], _now);
        challenge.Issue(Code, Plan, _now, Life);
        return challenge;
    }
}
