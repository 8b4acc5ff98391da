using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>Everything somebody may ask for that is not theirs, not in turn, not allowed or too late, at the default limits.</summary>
public sealed class UnbindRefusalTests : IAsyncLifetime
{
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Request_of_somebody_else_looks_like_none_and_is_recorded()
    {
        var owner = await AddAsync();
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(owner), owner[BindingKind.Phone]);
        var stranger = await AddAsync();
        var theirs = walk.From(await portal.SignInAsync(stranger));
        var nobodys = new TestWalk(portal, theirs.Actor, Guid.CreateVersion7());

        foreach (var attempt in new[] { theirs, nobodys })
        {
            Assert.Null(await portal.Unbinding.FindAsync(attempt.Actor, attempt.RequestId));
            Assert.IsType<SendOutcome.NotAvailable>(await attempt.SendCodeAsync(stranger[BindingKind.Phone]));
            Assert.Equal(ProveOutcome.NotFound, await attempt.AnswerPasswordAsync());
            Assert.Equal(ConfirmOutcome.NotFound, await attempt.ConfirmAsync(new string('0', 64), TimeSpan.Zero));
            Assert.False(await attempt.CancelAsync());
            Assert.False(await portal.Unbinding.ProveAnotherWayAsync(attempt.Actor, attempt.RequestId));
        }

        Assert.Equal(UnbindStage.Planned, (await walk.ViewAsync()).Stage);
        var denied = await portal.ReadAsync(db => db.Ledger.Where(e => e.Action == nameof(AccessDenied)).ToListAsync());
        Assert.Equal(6, denied.Count); // the look and the five acts, of the one that exists
        Assert.All(denied, entry => Assert.Equal(stranger.Id, entry.ActorId));
        Assert.All(denied, entry => Assert.Contains(walk.RequestId.ToString(), entry.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Binding_of_somebody_else_looks_like_none_and_is_recorded()
    {
        var owner = await AddAsync();
        var stranger = await AddAsync();
        var actor = await portal.SignInAsync(stranger);
        var none = new TestBinding(Guid.CreateVersion7(), BindingKind.Phone, "");

        Assert.Equal([UnbindRefusal.NotBound], await portal.RefusalsAsync(actor, owner[BindingKind.Phone]));
        Assert.Equal([UnbindRefusal.NotBound], await portal.RefusalsAsync(actor, none));
        Assert.Equal([UnbindRefusal.NotBound], await portal.RefusalsAsync(actor, stranger[BindingKind.QQ], owner[BindingKind.QQ]));

        Assert.Equal(2, await LedgerCountAsync(nameof(AccessDenied)));
        Assert.Equal(0, await portal.ReadAsync(db => db.UnbindRequests.CountAsync()));
    }

    [Fact]
    public async Task Code_cannot_be_sent_through_somebody_elses_phone()
    {
        var owner = await AddAsync();
        var stranger = await AddAsync();
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(stranger), stranger[BindingKind.Phone]);

        Assert.IsType<SendOutcome.NotAvailable>(await walk.SendCodeAsync(owner[BindingKind.Phone]));
        Assert.Equal(ProveOutcome.NotSuitable, await walk.AnswerCodeAsync(owner[BindingKind.Phone], "123456"));

        Assert.Equal(0, await portal.DispatchAsync());
    }

    [Fact]
    public async Task Confirm_without_a_proof_changes_nothing()
    {
        var account = await AddAsync();
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);

        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync());

        await AssertNothingRemovedAsync();
        Assert.Equal(UnbindStage.Planned, (await walk.ViewAsync()).Stage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Confirm_of_another_plan_goes_back_to_planned(string tampered)
    {
        var (walk, _) = await VerifiedAsync();

        Assert.Equal(ConfirmOutcome.PlanChanged, await walk.ConfirmAsync(tampered, TimeSpan.Zero));
        Assert.All((await walk.ViewAsync()).Proofs, proof => Assert.False(proof.Given));

        await AssertNothingRemovedAsync();
        Assert.Equal(UnbindStage.Planned, (await walk.RowAsync()).Stage);
    }

    [Fact]
    public async Task Confirm_of_another_wait_goes_back_to_planned()
    {
        var (walk, _) = await VerifiedAsync();
        var view = await walk.ViewAsync();

        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync(view.PlanHash, TimeSpan.FromHours(72)));

        await AssertNothingRemovedAsync();
    }

    [Fact]
    public async Task Replayed_confirm_is_answered_alike_and_commits_nothing_more()
    {
        var (walk, _) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        var before = await CountsAsync();

        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(new string('1', 64), TimeSpan.FromHours(1)));

        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task Plan_that_changed_after_the_proof_needs_a_new_look_and_a_new_proof()
    {
        var (walk, account) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        await portal.AddBindingAsync(account, BindingKind.Email);

        var now = await walk.ViewAsync();
        Assert.Equal((UnbindStage.Planned, ReplanReason.PlanChanged), (now.Stage, now.Replanned));
        Assert.NotEqual(shown.PlanHash, now.PlanHash);
        Assert.All(now.Proofs, proof => Assert.False(proof.Given));
        Assert.Equal(ConfirmOutcome.PlanChanged, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync(now.PlanHash, TimeSpan.Zero));
        await AssertNothingRemovedAsync();

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Phone]));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
    }

    [Fact]
    public async Task Code_of_the_plan_before_is_worth_nothing()
    {
        var account = await AddAsync();
        var phone = account[BindingKind.Phone];
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone);
        var code = await walk.SendAndReadAsync(phone);
        await portal.AddBindingAsync(account, BindingKind.Email);

        Assert.Equal(ProveOutcome.PlanChanged, await walk.AnswerCodeAsync(phone, code));
        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(phone, code));
    }

    [Fact]
    public async Task Walk_whose_plan_can_no_longer_be_made_is_given_up()
    {
        var (walk, account) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        await portal.ChangeAsync(async change => (await change.AccountAsync(account.Id))!.Close());

        Assert.Equal(
            (UnbindStage.Cancelled, CancelReason.NoLongerPossible),
            ((await walk.ViewAsync()).Stage, (await walk.ViewAsync()).Cancelled)
        );
        Assert.IsType<SendOutcome.NotAvailable>(await walk.SendCodeAsync(account[BindingKind.Phone]));
        Assert.Equal(ConfirmOutcome.NotPossible, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(ConfirmOutcome.Over, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        await AssertNothingRemovedAsync();
        Assert.Equal(UnbindStage.Cancelled, (await walk.RowAsync()).Stage);
    }

    [Fact]
    public async Task Last_way_in_stays()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.Phone, BindingKind.Email, BindingKind.WeChat);
        var actor = await portal.SignInAsync(account, by: account[BindingKind.Phone]);

        Assert.Equal([UnbindRefusal.LastWayIn], await portal.RefusalsAsync(actor, account[BindingKind.Phone]));
        Assert.Equal(
            [UnbindRefusal.LastWayIn, UnbindRefusal.LastNoticeAddress],
            await portal.RefusalsAsync(actor, account[BindingKind.Phone], account[BindingKind.Email])
        );
    }

    [Fact]
    public async Task Last_notice_address_stays()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.WeChat);

        Assert.Equal(
            [UnbindRefusal.LastNoticeAddress],
            await portal.RefusalsAsync(await portal.SignInAsync(account), account[BindingKind.Phone])
        );
    }

    [Fact]
    public async Task Address_nobody_ever_proved_is_no_notice_address()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        await portal.AddBindingAsync(account, BindingKind.Email, proved: false);

        Assert.Equal(
            [UnbindRefusal.LastNoticeAddress],
            await portal.RefusalsAsync(await portal.SignInAsync(account), account[BindingKind.Phone])
        );
    }

    [Fact]
    public async Task Way_in_that_waits_to_go_counts_as_gone()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.Email);
        var actor = await portal.SignInAsync(account);
        var walk = await portal.StartWalkAsync(actor, account[BindingKind.Phone]);
        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(account[BindingKind.Email]);
        await walk.ConfirmAsync();

        Assert.Equal([UnbindRefusal.AlreadyWaiting], await portal.RefusalsAsync(actor, account[BindingKind.Phone]));
        Assert.Equal([UnbindRefusal.LastNoticeAddress], await portal.RefusalsAsync(actor, account.Bindings[1], account.Bindings[2]));
    }

    [Fact]
    public async Task Nothing_chosen_is_no_request() =>
        Assert.Equal([UnbindRefusal.NothingChosen], await portal.RefusalsAsync(await portal.SignInAsync(await AddAsync())));

    [Fact]
    public async Task Account_without_a_strong_proof_is_told_so()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.WeChat, BindingKind.Email);

        Assert.Equal(
            [UnbindRefusal.NoStrongProof],
            await portal.RefusalsAsync(await portal.SignInAsync(account), account[BindingKind.WeChat])
        );
    }

    [Fact]
    public async Task Closed_account_begins_nothing()
    {
        var account = await AddAsync();
        var actor = await portal.SignInAsync(account);
        await portal.ChangeAsync(async change => (await change.AccountAsync(account.Id))!.Close());

        Assert.Equal([UnbindRefusal.AccountNotActive], await portal.RefusalsAsync(actor, account[BindingKind.QQ]));
    }

    [Fact]
    public async Task Walk_ends_ten_minutes_after_planning()
    {
        var (walk, account) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(UnbindStage.Expired, (await walk.ViewAsync()).Stage);
        Assert.Equal(ConfirmOutcome.Over, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(ProveOutcome.Over, await walk.AnswerPasswordAsync());
        Assert.IsType<SendOutcome.NotAvailable>(await walk.SendCodeAsync(account[BindingKind.Phone]));

        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Expired, (await walk.RowAsync()).Stage);
        await AssertNothingRemovedAsync();
    }

    [Fact]
    public async Task Proof_counts_for_five_minutes()
    {
        var (walk, account) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        var late = await walk.ViewAsync();
        Assert.Equal((UnbindStage.Planned, ReplanReason.ProofExpired), (late.Stage, late.Replanned));
        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        await AssertNothingRemovedAsync();

        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Phone]));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
    }

    [Fact]
    public async Task First_half_of_a_pair_after_the_proof_expired_asks_for_the_other_half()
    {
        var account = await AddAsync();
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        await walk.AnswerPasswordAsync();
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Email]));
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ProveOutcome.OneMore, await walk.AnswerPasswordAsync());
        Assert.Equal(UnbindStage.Planned, (await walk.ViewAsync()).Stage);
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Email]));
    }

    [Fact]
    public async Task Proof_of_another_session_counts_for_nothing()
    {
        var (walk, account) = await VerifiedAsync();
        var other = walk.From(await portal.SignInAsync(account));
        var shown = await walk.ViewAsync();

        Assert.Equal(UnbindStage.Planned, (await other.ViewAsync()).Stage);
        Assert.Equal(ConfirmOutcome.ProofMissing, await other.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        await AssertNothingRemovedAsync();
    }

    [Fact]
    public async Task Another_proof_voids_the_one_given()
    {
        var (walk, _) = await VerifiedAsync();
        var shown = await walk.ViewAsync();

        Assert.True(await portal.Unbinding.ProveAnotherWayAsync(walk.Actor, walk.RequestId));

        var back = await walk.ViewAsync();
        Assert.Equal((UnbindStage.Planned, ReplanReason.AnotherProof), (back.Stage, back.Replanned));
        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        await AssertNothingRemovedAsync();
    }

    [Fact]
    public async Task Ended_session_does_nothing_more()
    {
        var (walk, account) = await VerifiedAsync();
        var shown = await walk.ViewAsync();
        var actor = walk.Actor;
        Assert.True(await portal.Sessions.SignOutAsync(actor));
        var before = await portal.SnapshotAsync();

        Assert.Null(await portal.Unbinding.FindChoicesAsync(actor));
        Assert.Null(await portal.Unbinding.FindAsync(actor, walk.RequestId));
        Assert.Null(await portal.Bindings.ListAsync(actor));
        Assert.Null(await portal.Passwords.FindAsync(actor));
        Assert.IsType<StartOutcome.SignedOut>(await portal.Unbinding.StartAsync(actor, [account[BindingKind.QQ].Id]));
        Assert.IsType<SendOutcome.SignedOut>(await walk.SendCodeAsync(account[BindingKind.Phone]));
        Assert.Equal(ProveOutcome.SignedOut, await walk.AnswerPasswordAsync());
        Assert.Equal(ConfirmOutcome.SignedOut, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.False(await walk.CancelAsync());
        Assert.False(await portal.Unbinding.ProveAnotherWayAsync(actor, walk.RequestId));
        Assert.IsType<SendOutcome.SignedOut>(await portal.Passwords.SendCodeAsync(actor));
        Assert.False(await portal.Sessions.SignOutAsync(actor));

        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public async Task Idle_session_is_an_ended_one(int idleMinutes, bool ended)
    {
        var account = await AddAsync();
        var actor = await portal.SignInAsync(account);
        portal.Clock.Advance(TimeSpan.FromMinutes(idleMinutes));

        Assert.Equal(ended, await portal.Unbinding.StartAsync(actor, [account[BindingKind.QQ].Id]) is StartOutcome.SignedOut);
    }

    [Fact]
    public async Task Busy_session_ends_after_twelve_hours()
    {
        var account = await AddAsync();
        var actor = await portal.SignInAsync(account);
        for (var visit = 0; visit < 48; visit++)
        {
            Assert.True(await portal.Sessions.IsLiveAsync(actor));
            await portal.Unbinding.CancelAsync(actor, Guid.Empty); // any act counts as a visit
            portal.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.False(await portal.Sessions.IsLiveAsync(actor));
    }

    [Fact]
    public async Task Five_requests_a_day_are_enough()
    {
        var account = await AddAsync();
        var actor = await portal.SignInAsync(account);
        for (var untouched = 0; untouched < 10; untouched++)
        {
            await (await portal.StartWalkAsync(actor, account[BindingKind.QQ])).CancelAsync(); // nothing was tried: does not count
        }

        for (var request = 0; request < 5; request++)
        {
            Assert.Equal(5 - request, (await portal.Unbinding.FindChoicesAsync(actor))!.RequestsLeft);
            var walk = await portal.StartWalkAsync(actor, account[BindingKind.QQ]);
            await walk.AnswerPasswordAsync();
            await walk.CancelAsync();
        }

        Assert.Equal([UnbindRefusal.TooManyToday], await portal.RefusalsAsync(actor, account[BindingKind.QQ]));
        portal.Clock.Advance(TimeSpan.FromDays(1));
        await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.QQ]);
    }

    [Fact]
    public async Task Identity_that_left_three_times_in_a_month_stays_for_now()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        for (var turn = 0; turn < 3; turn++)
        {
            var bound = await portal.AddBindingAsync(account, BindingKind.WeChat, "the-same-openid");
            var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), bound);
            await walk.AnswerPasswordAsync();
            Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        }

        var again = await portal.AddBindingAsync(account, BindingKind.WeChat, "the-same-openid");
        Assert.Equal([UnbindRefusal.TooManyTurns], await portal.RefusalsAsync(await portal.SignInAsync(account), again));
        var another = await portal.AddBindingAsync(account, BindingKind.WeChat, "another-openid");
        await portal.StartWalkAsync(await portal.SignInAsync(account), another);
        portal.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        await portal.StartWalkAsync(await portal.SignInAsync(account), again);
    }

    private Task<TestAccount> AddAsync() => portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);

    private async Task<(TestWalk Walk, TestAccount Account)> VerifiedAsync()
    {
        var account = await AddAsync();
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Phone]));
        return (walk, account);
    }

    private async Task AssertNothingRemovedAsync()
    {
        Assert.Equal(0, await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.RemovedAt != null)));
        Assert.Equal(0, await LedgerCountAsync(nameof(BindingsRemoved)));
        Assert.Equal(0, await portal.ReadAsync(db => db.Outbox.CountAsync(m => !m.AtMostOnce)));
    }

    private Task<int> LedgerCountAsync(string action) => portal.ReadAsync(db => db.Ledger.CountAsync(e => e.Action == action));

    private async Task<(int, int, int)> CountsAsync() =>
        (
            await portal.ReadAsync(db => db.Ledger.CountAsync()),
            await portal.ReadAsync(db => db.Outbox.CountAsync()),
            await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.RemovedAt != null))
        );
}
