namespace UnbindPortal.Domain;

/// <summary>Accounts, bindings, sessions and proofs: what each answers by itself.</summary>
public sealed class SmallRulesTests
{
    private readonly DateTimeOffset _now = Given.Noon;

    [Fact]
    public void Every_kind_is_described_once() =>
        Assert.Equal(Enum.GetValues<BindingKind>(), BindingCatalogue.All.Select(info => info.Kind).Order());

    [Fact]
    public void A_binding_counts_while_it_is_proved_live_and_not_suspended()
    {
        Assert.True(Given.Binding(BindingKind.Phone).IsSound);
        Assert.False(Given.Unproved(BindingKind.Phone).IsSound);
        Assert.False(Given.Suspended(BindingKind.Phone).IsSound);
        var removed = Given.Binding(BindingKind.Phone);
        removed.Remove(_now);
        Assert.False(removed.IsLive || removed.IsSound);
    }

    [Fact]
    public void Every_change_of_a_binding_changes_its_version()
    {
        var binding = Given.Unproved(BindingKind.Phone);
        binding.Proved(_now);
        binding.Used(_now);
        binding.Remove(_now);

        Assert.Equal(3, binding.Version);
    }

    [Fact]
    public void Bindings_leave_an_account_together_or_not_at_all()
    {
        var (phone, mail, app) = (Given.Binding(BindingKind.Phone), Given.Binding(BindingKind.Email), Given.Binding(BindingKind.App));
        var (account, state) = (Given.Account(), Given.State(phone, mail, app));

        Assert.Equal([UnbindRefusal.LastWayIn], account.Remove(state, [phone.Id, app.Id], _now));
        Assert.True(phone.IsLive && app.IsLive);
        Assert.Equal(0, account.Version);

        Assert.Empty(account.Remove(state, [mail.Id, app.Id], _now));
        Assert.True(phone.IsLive && !mail.IsLive && !app.IsLive);
    }

    [Fact]
    public void A_session_lives_until_it_is_idle_too_long_or_too_old_or_ended()
    {
        var idle = TimeSpan.FromMinutes(30);
        var session = Opened();

        Assert.True(session.IsLive(_now + idle - TimeSpan.FromTicks(1), idle));
        Assert.False(session.IsLive(_now + idle, idle));
        session.Touch(_now.AddHours(12).AddMinutes(-1));
        Assert.True(session.IsLive(_now.AddHours(12).AddTicks(-1), idle));
        Assert.False(session.IsLive(_now.AddHours(12), idle));
        session.End(SessionEnd.SignedOut, _now);
        Assert.False(session.IsLive(_now, idle));
    }

    [Fact]
    public void A_clock_set_back_does_not_take_a_visit_back()
    {
        var session = Opened();
        session.Touch(_now.AddHours(-1));

        Assert.Equal(_now, session.LastActiveAt);
    }

    [Fact]
    public void A_session_ends_once_for_one_reason()
    {
        var session = Opened();
        session.End(SessionEnd.BindingRemoved, _now);
        session.End(SessionEnd.SignedOut, _now.AddHours(1));

        Assert.Equal((SessionEnd.BindingRemoved, _now), (session.EndReason, session.EndedAt));
        Assert.Single(session.TakeEvents());
        Assert.Empty(session.TakeEvents());
    }

    [Fact]
    public void A_renewed_secret_keeps_the_old_one_good_for_a_while()
    {
        var session = Opened();
        session.RenewSecret([2], _now, TimeSpan.FromMinutes(1));

        Assert.Equal([1], session.PreviousSecretHash);
        Assert.Equal([2], session.SecretHash);
        Assert.Equal(_now.AddMinutes(1), session.PreviousUntil);
    }

    [Fact]
    public void A_proof_counts_for_its_session_and_plan_in_time_and_unspent()
    {
        var (session, plan, life) = (Given.Id(1), new byte[] { 1 }, TimeSpan.FromMinutes(5));
        var proof = new Proof(Given.Id(2), Given.AccountId, session, Given.Id(3), plan, Given.By(ProofMethod.Password), _now, life);

        Assert.True(proof.CountsFor(session, plan, _now + life - TimeSpan.FromTicks(1)));
        Assert.False(proof.CountsFor(session, plan, _now + life));
        Assert.False(proof.CountsFor(Given.Id(9), plan, _now));
        Assert.False(proof.CountsFor(session, [2], _now));
        Assert.False(proof.CountsFor(session, [], _now));
        proof.Spend(_now);
        proof.Spend(_now.AddMinutes(1));
        Assert.False(proof.CountsFor(session, plan, _now));
        Assert.Equal(_now, proof.SpentAt);
    }

    [Theory]
    [InlineData(AccountStatus.Inactive, true, AccountStatus.Active)]
    [InlineData(AccountStatus.Inactive, false, AccountStatus.Inactive)]
    [InlineData(AccountStatus.Closed, true, AccountStatus.Closed)]
    [InlineData(AccountStatus.NeedsRecovery, true, AccountStatus.NeedsRecovery)]
    public void Only_an_inactive_account_wakes_with_its_first_way_in(AccountStatus before, bool hasWayIn, AccountStatus after)
    {
        var account = Given.Account(before);
        account.ActivateIfReachable(hasWayIn);

        Assert.Equal(after, account.Status);
    }

    private Session Opened() => new(Given.Id(1), Given.AccountId, [1], SignInMethod.Password, null, _now, TimeSpan.FromHours(12));
}
