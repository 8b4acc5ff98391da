using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Trust;

/// <summary>The sending limits, at their defaults unless a test names its own.</summary>
public sealed class SendLimitTests : IAsyncLifetime
{
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Sixth_code_in_an_hour_waits_for_the_first_to_be_an_hour_old()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.Phone);
        var outcomes = new List<SendOutcome>();
        for (var i = 0; i < 6; i++)
        {
            outcomes.Add(await AskAsync(account[BindingKind.Phone].Subject));
            await portal.DispatchAsync();
            portal.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.All(outcomes.Take(5), outcome => Assert.IsType<SendOutcome.Sent>(outcome));
        Assert.Equal(ManualClock.Noon.AddHours(1), Assert.IsType<SendOutcome.Limited>(outcomes[5]).Until);
        Assert.Equal(5, portal.Gateway.Sent.Count);
    }

    [Fact]
    public async Task Strangers_cannot_spend_what_the_owner_may_send_in_a_day()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        var phone = account[BindingKind.Phone];
        for (var hour = 0; hour < 24; hour++)
        {
            await AskAsync(phone.Subject, from: $"198.51.100.{hour}");
            portal.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), phone);
        var outcomes = new List<SendOutcome>();
        for (var i = 0; i < 6; i++)
        {
            outcomes.Add(await walk.SendCodeAsync(phone));
            portal.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(5, outcomes.Count(outcome => outcome is SendOutcome.Sent));
        Assert.IsType<SendOutcome.Limited>(outcomes[5]);
    }

    [Fact]
    public async Task Account_has_its_own_day_over_all_its_addresses()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
        var actor = await portal.SignInAsync(account);
        var phone = account[BindingKind.Phone];
        var email = account[BindingKind.Email];
        var first = await portal.StartWalkAsync(actor, phone);
        var second = await portal.StartWalkAsync(actor, phone, account[BindingKind.QQ]);
        var third = await portal.StartWalkAsync(actor, account[BindingKind.QQ]);

        Assert.IsType<SendOutcome.Sent>(await first.SendCodeAsync(phone));
        Assert.IsType<SendOutcome.Sent>(await first.SendCodeAsync(email));
        Assert.IsType<SendOutcome.Sent>(await second.SendCodeAsync(phone));
        Assert.IsType<SendOutcome.Sent>(await third.SendCodeAsync(phone));
        portal.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<SendOutcome.Sent>(await first.SendCodeAsync(email));
        Assert.IsType<SendOutcome.Limited>(await first.SendCodeAsync(phone));
    }

    [Fact]
    public async Task One_network_address_asks_for_twenty_an_hour()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await AskAsync($"+8613700000{i:D3}"));
        }

        Assert.IsType<SendOutcome.Limited>(await AskAsync("+8613700000999"));
        Assert.IsType<SendOutcome.Sent>(await AskAsync("+8613700000999", from: "203.0.113.9"));
        portal.Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<SendOutcome.Sent>(await AskAsync("+8613700000998"));
    }

    [Fact]
    public async Task Whole_portal_sends_no_more_than_its_budget_a_day()
    {
        await portal.RestartAsync(("Verification:GlobalDay", "3"));
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<SendOutcome.Sent>(await AskAsync($"+8613700000{i:D3}", from: $"198.51.100.{i}"));
        }

        Assert.IsType<SendOutcome.Limited>(await AskAsync("+8613700000009", from: "198.51.100.9"));
        portal.Clock.Advance(TimeSpan.FromDays(1));
        Assert.IsType<SendOutcome.Sent>(await AskAsync("+8613700000009", from: "198.51.100.9"));
    }

    [Fact]
    public async Task Number_nobody_bound_gets_the_same_answers_as_one_somebody_did()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.Phone);
        var bound = new List<SendOutcome>();
        var unbound = new List<SendOutcome>();
        for (var ask = 0; ask < 40; ask++)
        {
            bound.Add(await AskAsync(account[BindingKind.Phone].Subject, from: $"198.51.100.{ask}"));
            unbound.Add(await AskAsync("+8613700000001", from: $"203.0.113.{ask}"));
            portal.Clock.Advance(TimeSpan.FromMinutes(ask % 3 == 0 ? 90 : 1));
        }

        Assert.Equal(bound, unbound);
        Assert.Contains(bound, outcome => outcome is SendOutcome.Limited);
        await portal.DispatchAsync();
        Assert.All(portal.Gateway.Sent, message => Assert.Equal(account[BindingKind.Phone].Subject, message.To));
    }

    private Task<SendOutcome> AskAsync(string phone, string from = "192.0.2.7") =>
        portal.Accounts.SendSignInCodeAsync(phone, Browser, new RequestOrigin(from, "Test browser"));

    private Guid Browser { get; } = Guid.NewGuid();
}
