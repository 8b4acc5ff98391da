using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Trust;

/// <summary>A code leaves at most once, a notice at least once, and neither stays readable longer than it must.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private PortalServices portal = null!;
    private TestAccount account = null!;
    private TestWalk walk = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy);
        account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
        walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.QQ]);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Code_whose_sending_failed_is_not_sent_again()
    {
        portal.Gateway.Trouble = _ => new IOException("no carrier");
        await walk.SendCodeAsync(account[BindingKind.Phone]);

        Assert.Equal(0, await portal.DispatchAsync());
        portal.Gateway.Trouble = _ => null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await portal.DispatchAsync());

        Assert.Single(portal.Gateway.Tried);
        var row = await RowAsync();
        Assert.Equal((nameof(IOException), 0), (row.LastOutcome, row.SealedPayload.Length));
        Assert.NotNull(row.SentAt);
    }

    [Fact]
    public async Task Code_nobody_came_to_send_in_time_is_not_sent()
    {
        await walk.SendCodeAsync(account[BindingKind.Phone]);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, await portal.DispatchAsync());

        Assert.Empty(portal.Gateway.Tried);
        var row = await RowAsync();
        Assert.Equal(("Expired", 0), (row.LastOutcome, row.SealedPayload.Length));
        Assert.NotNull(row.DeadAt);
    }

    [Fact]
    public async Task Sent_message_leaves_no_payload_behind()
    {
        await walk.SendCodeAsync(account[BindingKind.Phone]);
        Assert.NotEmpty((await RowAsync()).SealedPayload);

        Assert.Equal(1, await portal.DispatchAsync());

        var row = await RowAsync();
        Assert.Equal(("Sent", 0), (row.LastOutcome, row.SealedPayload.Length));
    }

    [Fact]
    public async Task Notice_is_tried_again_under_the_same_id_with_growing_pauses()
    {
        await ConfirmAsync();
        portal.Gateway.Trouble = message => message.To == account[BindingKind.Phone].Subject ? new IOException("no carrier") : null;
        Assert.Equal(1, await portal.DispatchAsync());
        foreach (var pause in new[] { 20, 40, 80 })
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal(0, await portal.DispatchAsync());
            var tried = portal.Gateway.Tried.Count;
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, await portal.DispatchAsync());
            Assert.Equal(tried + 1, portal.Gateway.Tried.Count);
        }

        portal.Gateway.Trouble = _ => null;
        portal.Clock.Advance(TimeSpan.FromSeconds(160));

        Assert.Equal(1, await portal.DispatchAsync());
        Assert.Single(portal.Gateway.Tried.Where(IsToPhone).Select(message => message.Id).Distinct());
        Assert.Single(portal.Gateway.Sent, IsToPhone);
        bool IsToPhone(Notices.WordedMessage message) => message.To == account[BindingKind.Phone].Subject;
    }

    [Fact]
    public async Task Notice_that_never_arrives_is_given_up_and_emptied()
    {
        await ConfirmAsync();
        portal.Gateway.Trouble = _ => new IOException("no carrier");
        for (var hour = 0; hour < 24; hour++)
        {
            await portal.DispatchAsync();
            portal.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(2 * 12, portal.Gateway.Tried.Count);
        var rows = await portal.ReadAsync(db => db.Outbox.AsNoTracking().ToListAsync());
        Assert.All(rows, row => Assert.Equal((nameof(IOException), 0), (row.LastOutcome, row.SealedPayload.Length)));
        Assert.All(rows, row => Assert.NotNull(row.DeadAt));
    }

    [Fact]
    public async Task Whatever_the_gateway_throws_delays_only_that_message()
    {
        await ConfirmAsync();
        portal.Gateway.Trouble = message =>
            message.Channel is MessageChannel.Sms ? new SocketException() : new InvalidOperationException("a vendor's mood");
        await portal.DispatchAsync();

        portal.Gateway.Trouble = _ => null;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, await portal.DispatchAsync());
    }

    [Fact]
    public async Task Message_that_cannot_be_opened_is_given_up_and_stops_no_other()
    {
        await ConfirmAsync();
        var broken = await portal.ReadAsync(db => db.Outbox.OrderBy(m => m.AvailableAt).Select(m => m.Id).FirstAsync());
        await portal.ChangeAsync(async change => (await change.Db.Outbox.SingleAsync(m => m.Id == broken)).SealedPayload = [1, 2, 3]);

        Assert.Equal(1, await portal.DispatchAsync());

        var row = await portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(m => m.Id == broken));
        Assert.Equal("Unreadable", row.LastOutcome);
        Assert.NotNull(row.DeadAt);
    }

    [Fact]
    public async Task Two_dispatchers_at_once_send_each_message_once()
    {
        var accounts = await portal.AddAccountsAsync(
            TestScale.Pick(30, 150),
            false,
            BindingKind.Phone,
            BindingKind.Email,
            BindingKind.Phone
        );
        var actors = await portal.SignInAsync(accounts, a => a.Bindings[0]);
        foreach (var ready in await portal.GivenVerifiedAsync(actors.Zip(accounts, (actor, a) => (actor, a.Bindings[0]))))
        {
            await ready.ConfirmAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(portal.DispatchAsync)));

        Assert.Equal(3 * accounts.Count, portal.Gateway.Sent.Count);
        Assert.Equal(3 * accounts.Count, portal.Gateway.Sent.Select(message => message.Id).Distinct().Count());
    }

    private async Task ConfirmAsync()
    {
        await walk.AnswerPasswordAsync();
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
    }

    private Task<OutboxMessage> RowAsync() => portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync());
}
