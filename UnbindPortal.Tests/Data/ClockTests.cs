using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Data;

/// <summary>An operator's clock that is set back or runs ahead revives nothing and shortens no wait.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private PortalServices portal = null!;
    private TestAccount account = null!;
    private Actor actor;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy);
        account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        actor = await portal.SignInAsync(account);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Clock_set_back_a_day_revives_no_code()
    {
        var phone = account[BindingKind.Phone];
        var walk = await portal.StartWalkAsync(actor, phone);
        var code = await walk.SendAndReadAsync(phone);
        portal.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(phone, code));

        portal.WallClock.Error = TimeSpan.FromDays(-1);

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(phone, code));
        Assert.Equal(UnbindStage.Planned, (await walk.ViewAsync()).Stage);
    }

    [Fact]
    public async Task Clock_set_back_a_day_revives_no_walk_no_proof_and_no_session()
    {
        var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
        var shown = await walk.ViewAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False(await portal.Sessions.IsLiveAsync(actor));
        var fresh = await portal.SignInAsync(account);

        portal.WallClock.Error = TimeSpan.FromDays(-1);

        Assert.False(await portal.Sessions.IsLiveAsync(actor));
        Assert.True(await portal.Sessions.IsLiveAsync(fresh));
        Assert.Equal(ConfirmOutcome.SignedOut, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
        Assert.Equal(ConfirmOutcome.Over, await walk.From(fresh).ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
    }

    [Fact]
    public async Task Clock_set_back_a_day_makes_a_wait_no_shorter()
    {
        var walk = await WaitingAsync();
        portal.WallClock.Error = TimeSpan.FromDays(-1);

        portal.Clock.Advance(TimeSpan.FromHours(72));
        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Waiting, (await walk.RowAsync()).Stage);

        portal.Clock.Advance(TimeSpan.FromDays(1));
        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Done, (await walk.RowAsync()).Stage);
    }

    [Fact]
    public async Task Clock_that_ran_ahead_for_a_while_makes_a_wait_no_shorter()
    {
        var walk = await WaitingAsync();
        portal.WallClock.Error = TimeSpan.FromDays(30);
        await portal.SignInAsync(account); // something is committed at the wrong time
        portal.WallClock.Error = TimeSpan.Zero;

        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Waiting, (await walk.RowAsync()).Stage);

        portal.Clock.Advance(TimeSpan.FromHours(72));
        await portal.RunTimerAsync();
        Assert.Equal(UnbindStage.Done, (await walk.RowAsync()).Stage);
    }

    [Fact]
    public async Task Record_never_runs_backwards()
    {
        portal.WallClock.Error = TimeSpan.FromDays(-1);
        await portal.SignInAsync(account);
        portal.WallClock.Error = TimeSpan.FromDays(1);
        await portal.SignInAsync(account);
        portal.WallClock.Error = TimeSpan.Zero;
        await portal.SignInAsync(account);

        var times = await portal.ReadAsync(db => Task.FromResult(db.Ledger.OrderBy(e => e.Seq).Select(e => e.At).ToList()));

        Assert.Equal(times.Order(), times);
        Assert.Equal(4, times.Count);
    }

    private async Task<TestWalk> WaitingAsync()
    {
        var walk = await portal.StartWalkAsync(actor, account[BindingKind.Phone]);
        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(account[BindingKind.Email]);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        return walk;
    }
}
