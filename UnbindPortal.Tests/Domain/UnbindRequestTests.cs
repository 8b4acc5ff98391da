namespace UnbindPortal.Domain;

/// <summary>The wizard's row: every act in every stage, and what confirm looks at.</summary>
public sealed class UnbindRequestTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LastContact = TimeSpan.FromHours(72);
    private static readonly Guid Session = Given.Id(0x5E);

    private readonly Binding _phone = Given.Binding(BindingKind.Phone);
    private readonly Binding _mail = Given.Binding(BindingKind.Email);
    private readonly UnbindPlan _plan;
    private readonly UnbindRequest _request;
    private readonly List<Proof> _proofs = [];
    private DateTimeOffset _now = Given.Noon;

    public UnbindRequestTests()
    {
        _plan = Given.Plan(Given.State(_phone, _mail).WithPassword(), _phone);
        _request = new UnbindRequest(Given.Id(1), _plan, _now, Life);
    }

    /// <summary>One letter a stage before (PVWDCEL), in it the stage after; `!` is a caller's bug, said loudly.</summary>
    [Theory]
    [InlineData("Replan", "PP!!!!!")]
    [InlineData("Engage", "PV!!!!!")]
    [InlineData("Fail", "PV!!!!!")]
    [InlineData("FailLast", "CC!!!!!")]
    [InlineData("ProveHalf", "PP!!!!!")]
    [InlineData("ProveAll", "VV!!!!!")]
    [InlineData("Confirm", "PWWDCEL")]
    [InlineData("Complete", "!!D!!!!")]
    [InlineData("Lapse", "!!L!!!!")]
    [InlineData("Expire", "EE!!!!!")]
    [InlineData("GiveUp", "CC!!!!!")]
    [InlineData("Cancel", "CCCDCEL")]
    public void Each_act_moves_each_stage_as_drawn(string act, string after)
    {
        var stages = Enum.GetValues<UnbindStage>();
        Assert.Equal("PVWDCEL", string.Concat(stages.Select(stage => $"{stage}"[0])));
        Assert.Equal(after, string.Concat(stages.Select(stage => new UnbindRequestTests().After(stage, act))));
    }

    [Fact]
    public void A_confirm_without_wait_is_done_at_once()
    {
        Prove(ProofMethod.SmsCode, _phone);

        Assert.Equal(ConfirmDecision.Remove, Confirm(TimeSpan.Zero));
        Assert.Equal(UnbindStage.Done, _request.Stage);
        Assert.Single(_request.TakeEvents().OfType<BindingsRemoved>());
        Assert.Equal(ConfirmDecision.AlreadyConfirmed, Confirm(TimeSpan.Zero));
        Assert.Empty(_request.TakeEvents());
    }

    [Fact]
    public void A_confirm_with_a_wait_is_due_after_it_and_holds_its_bindings()
    {
        ProveAll();

        Assert.Equal(ConfirmDecision.Wait, Confirm(LastContact));
        Assert.Equal(_now + LastContact, _request.DueAt);
        Assert.All(_request.Items, item => Assert.True(item.Waiting));
        Assert.Equal(ConfirmDecision.AlreadyConfirmed, Confirm(LastContact));
    }

    [Fact]
    public void A_hash_that_was_not_shown_commits_nothing()
    {
        ProveAll();

        Assert.Equal(ConfirmDecision.PlanChanged, Confirm(LastContact, shown: new byte[32]));
        Assert.Equal(ConfirmDecision.PlanChanged, Confirm(LastContact, shown: []));
        Assert.Equal(ConfirmDecision.PlanChanged, Confirm(LastContact, shown: _plan.Hash[..31]));
        Assert.Equal(UnbindStage.Verified, _request.Stage);
    }

    [Fact]
    public void A_plan_that_changed_meanwhile_commits_nothing_whichever_hash_is_posted()
    {
        ProveAll();
        var changed = Given.Plan(Given.State(_phone, _mail, Given.Binding(BindingKind.WeChat)).WithPassword(), _phone);

        Assert.Equal(ConfirmDecision.PlanChanged, Confirm(LastContact, plan: changed));
        Assert.Equal(ConfirmDecision.PlanChanged, Confirm(LastContact, plan: changed, shown: changed.Hash));
    }

    [Fact]
    public void A_plan_that_can_no_longer_be_made_commits_nothing()
    {
        ProveAll();

        Assert.Equal(ConfirmDecision.PlanChanged, _request.Confirm(null, _proofs, _plan.Hash, LastContact, Session, _now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(71)]
    [InlineData(73)]
    public void Another_wait_than_the_one_shown_commits_nothing(int hours)
    {
        ProveAll();

        Assert.Equal(ConfirmDecision.ProofMissing, Confirm(TimeSpan.FromHours(hours)));
    }

    [Fact]
    public void A_proof_of_another_session_commits_nothing()
    {
        ProveAll();

        Assert.Equal(ConfirmDecision.ProofMissing, Confirm(LastContact, session: Given.Id(0x5F)));
    }

    [Fact]
    public void A_proof_that_expired_between_verify_and_confirm_commits_nothing()
    {
        ProveAll();
        _now += ProofLife;

        Assert.Equal(UnbindStage.Planned, _request.StageAt(_now));
        Assert.Equal(ConfirmDecision.ProofMissing, Confirm(LastContact));
    }

    [Fact]
    public void A_spent_proof_commits_nothing()
    {
        ProveAll();
        _proofs[0].Spend(_now);

        Assert.Equal(ConfirmDecision.ProofMissing, Confirm(LastContact));
    }

    [Fact]
    public void Confirm_goes_by_the_stage_that_counts_now_not_by_the_stored_one()
    {
        Prove(ProofMethod.Password);
        _now = _now.AddMinutes(4);
        Prove(ProofMethod.EmailCode, _mail);
        _now = _now.AddMinutes(1);

        Assert.Equal(UnbindStage.Verified, _request.Stage);
        Assert.Equal(UnbindStage.Planned, _request.StageAt(_now));
        Assert.Equal(ConfirmDecision.ProofMissing, Confirm(LastContact));
    }

    [Fact]
    public void A_proof_that_was_not_needed_shortens_nothing()
    {
        Prove(ProofMethod.Password);
        _now = _now.AddMinutes(4);
        Prove(ProofMethod.SmsCode, _phone); // enough alone
        _now = _now.AddMinutes(2);

        Assert.Equal(UnbindStage.Verified, _request.StageAt(_now));
        Assert.Equal(ConfirmDecision.Remove, Confirm(TimeSpan.Zero));
    }

    [Fact]
    public void Half_a_proof_after_the_whole_one_expired_is_half_a_proof()
    {
        ProveAll();
        _now += ProofLife;
        _proofs.Clear();
        Prove(ProofMethod.Password);

        Assert.Equal(UnbindStage.Planned, _request.Stage);
        Assert.Null(_request.Wait);
    }

    [Fact]
    public void Proofs_count_together_until_the_first_of_them_expires()
    {
        Prove(ProofMethod.Password);
        _now = _now.AddMinutes(2);
        Prove(ProofMethod.EmailCode, _mail);

        Assert.Equal(LastContact, _request.Wait);
        Assert.Equal(UnbindStage.Verified, _request.StageAt(Given.Noon + ProofLife - TimeSpan.FromTicks(1)));
        Assert.Equal(UnbindStage.Planned, _request.StageAt(Given.Noon + ProofLife));
    }

    [Fact]
    public void An_open_walk_expires_and_an_ended_or_waiting_one_does_not()
    {
        Assert.Equal(UnbindStage.Planned, _request.StageAt(_now + Life - TimeSpan.FromTicks(1)));
        Assert.Equal(UnbindStage.Expired, _request.StageAt(_now + Life));
        foreach (var stage in Enum.GetValues<UnbindStage>().Except([UnbindStage.Planned, UnbindStage.Verified]))
        {
            var test = new UnbindRequestTests();
            test.Bring(stage);

            Assert.Equal(stage, test._request.StageAt(_now + TimeSpan.FromDays(400)));
        }
    }

    [Fact]
    public void An_expired_walk_is_neither_confirmed_nor_cancelled()
    {
        ProveAll();
        _now += Life;

        Assert.Equal(ConfirmDecision.Ended, Confirm(LastContact));
        Assert.False(_request.Cancel(_now));
    }

    [Fact]
    public void The_fifth_wrong_answer_ends_the_walk()
    {
        for (var i = 0; i < 4; i++)
        {
            _request.Fail(5, _now);
        }

        Assert.True(_request.IsOpenAt(_now));
        _request.Fail(5, _now);
        Assert.Equal((UnbindStage.Cancelled, CancelReason.TooManyTries), (_request.Stage, _request.Cancelled));
    }

    [Theory]
    [InlineData(UnbindStage.Done)]
    [InlineData(UnbindStage.Cancelled)]
    [InlineData(UnbindStage.Lapsed)]
    public void What_ends_after_waiting_lets_its_bindings_go(UnbindStage end)
    {
        Bring(UnbindStage.Waiting);
        After(
            end switch
            {
                UnbindStage.Done => "Complete",
                UnbindStage.Lapsed => "Lapse",
                _ => "Cancel",
            }
        );

        Assert.Equal(end, _request.Stage);
        Assert.Equal(_now, _request.FinishedAt);
        Assert.All(_request.Items, item => Assert.False(item.Waiting));
    }

    private char After(UnbindStage stage, string act)
    {
        Bring(stage);
        return After(act);
    }

    private char After(string act)
    {
        try
        {
            Act(act);
            return $"{_request.Stage}"[0];
        }
        catch (InvalidOperationException)
        {
            return '!';
        }
    }

    private void Act(string act)
    {
        Action does = act switch
        {
            "Replan" => () => _request.Replan(_plan, ReplanReason.AnotherProof),
            "Engage" => _request.Engage,
            "Fail" => () => _request.Fail(5, _now),
            "FailLast" => () => _request.Fail(1, _now),
            "ProveHalf" => ProveHalf,
            "ProveAll" => ProveAll,
            "Confirm" => () => Confirm(LastContact),
            "Complete" => () => _request.Complete(_now),
            "Lapse" => () => _request.Lapse(_now),
            "Expire" => () => _request.Expire(_now),
            "GiveUp" => () => _request.GiveUp(_now),
            "Cancel" => () => _request.Cancel(_now),
            _ => throw new ArgumentOutOfRangeException(nameof(act), act, "no such act"),
        };
        does();
    }

    private void Bring(UnbindStage stage)
    {
        string[] road = stage switch
        {
            UnbindStage.Planned => [],
            UnbindStage.Verified => ["ProveAll"],
            UnbindStage.Waiting => ["ProveAll", "Confirm"],
            UnbindStage.Done => ["ProveAll", "Confirm", "Complete"],
            UnbindStage.Cancelled => ["Cancel"],
            UnbindStage.Expired => ["Expire"],
            UnbindStage.Lapsed => ["ProveAll", "Confirm", "Lapse"],
        };
        Array.ForEach(road, Act);
        Assert.Equal(stage, _request.Stage);
    }

    private void ProveHalf()
    {
        _proofs.Clear();
        Prove(ProofMethod.Password);
    }

    private void ProveAll()
    {
        ProveHalf();
        Prove(ProofMethod.EmailCode, _mail);
    }

    private void Prove(ProofMethod method, Binding? through = null)
    {
        var proof = new Proof(Given.Id(9), Given.AccountId, Session, _request.Id, _plan.Hash, Given.By(method, through), _now, ProofLife);
        _proofs.Add(proof);
        _request.Prove(_plan, _proofs, proof);
    }

    private ConfirmDecision Confirm(TimeSpan wait, byte[]? shown = null, UnbindPlan? plan = null, Guid? session = null) =>
        _request.Confirm(plan ?? _plan, _proofs, shown ?? _plan.Hash, wait, session ?? Session, _now);
}
