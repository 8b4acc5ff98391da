using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Unbind;

/// <summary>Rule 7: when a binding goes, what leaned on it goes with it.</summary>
public sealed class LeaningTests : IAsyncLifetime
{
    private PortalServices portal = null!;
    private TestAccount account = null!;

    private TestBinding Phone => account[BindingKind.Phone];

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy);
        account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Sessions_signed_in_by_it_end_except_the_one_that_acts()
    {
        var acting = await portal.SignInAsync(account, by: Phone);
        var leaning = await portal.SignInAsync(account, by: Phone);
        var byPassword = await portal.SignInAsync(account);
        List<Guid> told = [];
        portal.Get<PortalSignals>().SessionEnded += (_, session) => told.Add(session);

        await RemovePhoneAsync(acting);

        Assert.True(await portal.Sessions.IsLiveAsync(acting));
        Assert.False(await portal.Sessions.IsLiveAsync(leaning));
        Assert.True(await portal.Sessions.IsLiveAsync(byPassword));
        Assert.Equal([leaning.SessionId], told);
        var rows = await portal.ReadAsync(db => db.Sessions.AsNoTracking().ToDictionaryAsync(s => s.Id));
        Assert.Equal(SessionEnd.BindingRemoved, rows[leaning.SessionId].EndReason);
        Assert.Equal((SignInMethod.SmsCode, null), (rows[acting.SessionId].SignedInBy, rows[acting.SessionId].SignedInBindingId));
    }

    [Fact]
    public async Task Acting_session_leans_on_what_was_proved_instead()
    {
        var second = await portal.AddBindingAsync(account, BindingKind.Phone);
        var acting = await portal.SignInAsync(account, by: Phone);
        var walk = await portal.StartWalkAsync(acting, Phone);
        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(second);
        await walk.ConfirmAsync();

        var session = await portal.ReadAsync(db => db.Sessions.AsNoTracking().SingleAsync());

        Assert.Contains(
            (session.SignedInBy, session.SignedInBindingId),
            new (SignInMethod, Guid?)[] { (SignInMethod.Password, null), (SignInMethod.SmsCode, second.Id) }
        );
    }

    [Fact]
    public async Task Confirm_renews_the_secret_of_the_acting_session_and_the_old_one_lasts_a_minute_more()
    {
        var ticket = await portal.Accounts.SignInByPasswordAsync(
            account.UserName,
            new SecretText(TestAccount.Password),
            TestAccounts.Origin
        );
        var actor = new Actor(ticket!.AccountId, ticket.SessionId);
        var walk = (await portal.GivenVerifiedAsync([(actor, Phone)]))[0];
        var shown = await walk.ViewAsync();

        var (_, renewed) = await portal.Unbinding.ConfirmAsync(actor, walk.RequestId, shown.PlanHash, TimeSpan.Zero);

        Assert.Equal(actor.SessionId, renewed!.SessionId);
        Assert.NotEqual(ticket.Secret, renewed.Secret);
        Assert.True(await portal.Sessions.IsValidAsync(actor, renewed.Secret, CancellationToken.None));
        Assert.True(await portal.Sessions.IsValidAsync(actor, ticket.Secret, CancellationToken.None));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await portal.Sessions.IsValidAsync(actor, renewed.Secret, CancellationToken.None));
        Assert.False(await portal.Sessions.IsValidAsync(actor, ticket.Secret, CancellationToken.None));
    }

    [Fact]
    public async Task Sign_in_code_on_its_way_to_it_is_void()
    {
        var browser = Guid.NewGuid();
        await portal.Accounts.SendSignInCodeAsync(Phone.Subject, browser, TestAccounts.Origin);
        var code = new OneTimeCode(await portal.CodeSentToAsync(Phone));

        await RemovePhoneAsync(await portal.SignInAsync(account));

        Assert.Null(await portal.Accounts.SignInByCodeAsync(Phone.Subject, code, browser, TestAccounts.Origin));
        Assert.Equal(0, await portal.ReadAsync(db => db.Challenges.CountAsync(c => c.BindingId == Phone.Id && c.ClosedAt == null)));
    }

    [Fact]
    public async Task Proof_given_by_it_for_another_walk_is_void()
    {
        var actor = await portal.SignInAsync(account);
        var other = await portal.StartWalkAsync(actor, account[BindingKind.QQ]);
        Assert.Equal(ProveOutcome.Verified, await other.ProveByCodeAsync(Phone));
        var shown = await other.ViewAsync();

        await RemovePhoneAsync(actor);

        Assert.Equal(ConfirmOutcome.PlanChanged, await other.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(0, await portal.ReadAsync(db => db.Proofs.CountAsync(p => p.BindingId == Phone.Id && p.SpentAt == null)));
        Assert.Equal(
            0,
            await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.Id == account[BindingKind.QQ].Id && b.RemovedAt != null))
        );
    }

    [Fact]
    public async Task Number_that_left_may_belong_to_somebody_else()
    {
        await RemovePhoneAsync(await portal.SignInAsync(account));
        var next = await portal.AddAccountAsync(password: false, BindingKind.Email);

        await portal.AddBindingAsync(next, BindingKind.Phone, Phone.Subject);

        Assert.Equal(
            next.Id,
            await portal.ReadAsync(db =>
                db.Bindings.Where(b => b.RemovedAt == null && b.Kind == BindingKind.Phone).Select(b => b.AccountId).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task Number_somebody_has_belongs_to_nobody_else()
    {
        var next = await portal.AddAccountAsync(password: false, BindingKind.Email);

        await Assert.ThrowsAsync<DbUpdateException>(() => portal.AddBindingAsync(next, BindingKind.Phone, Phone.Subject));

        Assert.Equal(1, await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.Kind == BindingKind.Phone)));
    }

    private async Task RemovePhoneAsync(Actor actor)
    {
        var walk = await portal.StartWalkAsync(actor, Phone);
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(Phone));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
    }
}
