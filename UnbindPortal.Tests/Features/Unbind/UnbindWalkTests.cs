using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>Whole walks as people take them, and what each leaves in storage and in their inboxes.</summary>
public sealed class UnbindWalkTests : IAsyncLifetime
{
    private static readonly BindingKind[] Everything =
    [
        BindingKind.Phone,
        BindingKind.Email,
        BindingKind.WeChat,
        BindingKind.QQ,
        BindingKind.Alipay,
        BindingKind.App,
        BindingKind.App,
    ];

    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Phone_that_proves_itself_goes_at_once()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var phone = account[BindingKind.Phone];
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone);

        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(phone));
        Assert.Equal(TimeSpan.Zero, (await walk.ViewAsync()).Wait);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());

        Assert.Equal(UnbindStage.Done, (await walk.ViewAsync()).Stage);
        Assert.Equal([phone.Id], await RemovedAsync(account));
        Assert.Empty(await portal.ReadAsync(db => db.LiveIdentities.Where(i => i.BindingId == phone.Id).ToListAsync()));
        Assert.Equal([MessageTemplate.Unbound, MessageTemplate.Unbound], await NoticesAsync());
        await portal.DispatchAsync();
        Assert.Contains(portal.Gateway.Sent, message => message.To == phone.Subject && message.Code is null);
        Assert.Contains(portal.Gateway.Sent, message => message.To == account[BindingKind.Email].Subject);
    }

    [Fact]
    public async Task Phone_and_WeChat_go_together()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var (phone, weChat) = (account[BindingKind.Phone], account[BindingKind.WeChat]);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone, weChat);

        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(phone));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());

        Assert.Equal(new[] { phone.Id, weChat.Id }.Order(), await RemovedAsync(account));
    }

    [Fact]
    public async Task Last_phone_proved_by_password_and_mail_waits_three_days_and_then_goes()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var (phone, email) = (account[BindingKind.Phone], account[BindingKind.Email]);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone);

        Assert.Equal(ProveOutcome.OneMore, await walk.AnswerPasswordAsync());
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(email));
        Assert.Equal(TimeSpan.FromHours(72), (await walk.ViewAsync()).Wait);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());

        Assert.Equal(UnbindStage.Waiting, (await walk.ViewAsync()).Stage);
        Assert.Equal([MessageTemplate.UnbindWaits, MessageTemplate.UnbindWaits], await NoticesAsync());
        portal.Clock.Advance(TimeSpan.FromHours(72) - TimeSpan.FromSeconds(1));
        await portal.RunTimerAsync();
        Assert.Empty(await RemovedAsync(account));

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Done, (await walk.RowAsync()).Stage);
        Assert.Equal([phone.Id], await RemovedAsync(account));
        Assert.Equal(2, (await NoticesAsync()).Count(template => template is MessageTemplate.Unbound));
    }

    [Fact]
    public async Task Phone_beside_another_phone_needs_no_wait()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Phone, BindingKind.Email);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account.Bindings[0]);

        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(account.Bindings[1]);

        Assert.Equal(TimeSpan.Zero, (await walk.ViewAsync()).Wait);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        Assert.Equal([account.Bindings[0].Id], await RemovedAsync(account));
    }

    [Theory]
    [InlineData(BindingKind.WeChat)]
    [InlineData(BindingKind.QQ)]
    [InlineData(BindingKind.Alipay)]
    public async Task Platform_goes_by_the_password(BindingKind kind)
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[kind]);

        Assert.Equal(ProveOutcome.Verified, await walk.AnswerPasswordAsync());
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());

        Assert.Equal([account[kind].Id], await RemovedAsync(account));
    }

    [Fact]
    public async Task App_goes_by_a_mail_code_alone()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var app = account[BindingKind.App];
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), app);

        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Email]));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());

        Assert.Equal([app.Id], await RemovedAsync(account));
    }

    [Theory]
    [InlineData(BindingKind.Phone)]
    [InlineData(BindingKind.Email)]
    [InlineData(BindingKind.WeChat)]
    public async Task Mail_code_alone_removes_no_way_in_and_no_way_back(BindingKind kind)
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var email = account[BindingKind.Email];
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[kind]);

        // Where it is no half of a pair it is not even asked for; typing one all the same changes nothing.
        var sent = await walk.SendCodeAsync(email);
        var proved =
            sent is SendOutcome.Sent
                ? await walk.AnswerCodeAsync(email, await portal.CodeSentToAsync(email))
                : await walk.AnswerCodeAsync(email, "12345678");

        Assert.Contains(proved, new[] { ProveOutcome.OneMore, ProveOutcome.NotSuitable });
        Assert.Equal(UnbindStage.Planned, (await walk.ViewAsync()).Stage);
        Assert.Equal(ConfirmOutcome.ProofMissing, await walk.ConfirmAsync());
        Assert.Empty(await RemovedAsync(account));
    }

    [Fact]
    public async Task Cancel_while_waiting_wins_and_everybody_told_of_the_wait_hears_of_it()
    {
        var (account, walk) = await WaitingAsync();

        Assert.True(await walk.CancelAsync());

        portal.Clock.Advance(TimeSpan.FromHours(73));
        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Cancelled, (await walk.RowAsync()).Stage);
        Assert.Empty(await RemovedAsync(account));
        Assert.Equal(2, (await NoticesAsync()).Count(template => template is MessageTemplate.UnbindCancelled));
    }

    [Fact]
    public async Task Cancel_before_confirm_tells_nobody()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);

        Assert.True(await walk.CancelAsync());

        Assert.Equal(UnbindStage.Cancelled, (await walk.ViewAsync()).Stage);
        Assert.Empty(await NoticesAsync());
    }

    [Fact]
    public async Task Cancel_after_done_changes_nothing()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.QQ]);
        await walk.AnswerPasswordAsync();
        await walk.ConfirmAsync();

        Assert.True(await walk.CancelAsync());

        Assert.Equal(UnbindStage.Done, (await walk.ViewAsync()).Stage);
        Assert.Equal([account[BindingKind.QQ].Id], await RemovedAsync(account));
    }

    [Fact]
    public async Task Waiting_request_lapses_when_the_rules_no_longer_hold()
    {
        var (account, walk) = await WaitingAsync();
        await portal.ChangeAsync(async change => (await change.Db.Users.SingleAsync(u => u.Id == account.Id)).PasswordHash = null);

        portal.Clock.Advance(TimeSpan.FromHours(72));
        await portal.RunTimerAsync();

        Assert.Equal(UnbindStage.Lapsed, (await walk.RowAsync()).Stage);
        Assert.Empty(await RemovedAsync(account));
        Assert.Equal(2, (await NoticesAsync()).Count(template => template is MessageTemplate.UnbindLapsed));
    }

    [Fact]
    public async Task Waiting_request_of_a_closed_account_lapses()
    {
        var (account, walk) = await WaitingAsync();
        await portal.ChangeAsync(async change => (await change.AccountAsync(account.Id))!.Close());

        portal.Clock.Advance(TimeSpan.FromHours(72));
        await portal.RunTimerAsync();

        Assert.Equal(UnbindStage.Lapsed, (await walk.RowAsync()).Stage);
        Assert.Empty(await RemovedAsync(account));
    }

    [Fact]
    public async Task Wait_and_walk_go_on_after_a_restart()
    {
        var (account, waiting) = await WaitingAsync();
        await portal.RestartAsync();
        portal.Clock.Advance(TimeSpan.FromHours(72));

        await portal.RunTimerAsync();

        Assert.Equal(UnbindStage.Done, (await waiting.RowAsync()).Stage);
        Assert.Single(await RemovedAsync(account));
    }

    [Fact]
    public async Task Walk_at_every_step_goes_on_after_a_restart()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var phone = account[BindingKind.Phone];
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone);
        await portal.RestartAsync();
        var code = await walk.SendAndReadAsync(phone);
        await portal.RestartAsync();
        Assert.Equal(ProveOutcome.Verified, await walk.AnswerCodeAsync(phone, code));
        await portal.RestartAsync();

        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        Assert.Equal([phone.Id], await RemovedAsync(account));
    }

    [Fact]
    public async Task Record_tells_the_whole_walk_in_order()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var phone = account[BindingKind.Phone];
        var actor = await portal.SignInAsync(account);
        var leaning = await portal.SignInAsync(account, by: phone);
        var walk = await portal.StartWalkAsync(actor, phone);
        await walk.ProveByCodeAsync(phone);
        await walk.ConfirmAsync();

        var record = await portal.ReadAsync(db => db.Ledger.OrderBy(e => e.Seq).ToListAsync());

        Assert.Equal(
            ["SignedIn", "SignedIn", "UnbindPlanned", "ProofGiven", "BindingsRemoved", "SessionEnded"],
            record.Select(entry => entry.Action).OrderBy(action => action is "SessionEnded" ? 1 : 0)
        );
        Assert.Equal(Enumerable.Range(1, record.Count).Select(seq => (long)seq), record.Select(entry => entry.Seq));
        Assert.All(record, entry => Assert.Equal(account.Id, entry.AccountId));
        Assert.All(record.Where(entry => entry.RequestId is not null), entry => Assert.Equal(actor.AccountId, entry.ActorId));
        Assert.Contains(
            leaning.SessionId.ToString(),
            record.Single(entry => entry.Action is "SessionEnded").Detail,
            StringComparison.Ordinal
        );
    }

    private async Task<(TestAccount Account, TestWalk Walk)> WaitingAsync()
    {
        var account = await portal.AddAccountAsync(password: true, Everything);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(account[BindingKind.Email]);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        Assert.Equal(UnbindStage.Waiting, (await walk.RowAsync()).Stage);
        return (account, walk);
    }

    private Task<List<Guid>> RemovedAsync(TestAccount account) =>
        portal.ReadAsync(db =>
            db.Bindings.Where(b => b.AccountId == account.Id && b.RemovedAt != null).Select(b => b.Id).OrderBy(id => id).ToListAsync()
        );

    private Task<List<MessageTemplate>> NoticesAsync() =>
        portal.ReadAsync(db => db.Outbox.Where(m => !m.AtMostOnce).OrderBy(m => m.CreatedAt).Select(m => m.Template).ToListAsync());
}
