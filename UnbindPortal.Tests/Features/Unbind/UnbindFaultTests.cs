using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Unbind;

/// <summary>Rule 4: whichever statement fails, nothing at all has changed, and asking again does all of it.</summary>
public sealed class UnbindFaultTests : IAsyncLifetime
{
    private readonly Faults faults = new();
    private PortalServices portal = null!;

    public async Task InitializeAsync() =>
        portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy with { Interceptors = [faults] });

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Confirm_that_fails_at_any_statement_has_changed_nothing_and_works_when_repeated()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.App);
        var actor = await portal.SignInAsync(account, by: account[BindingKind.Phone]);
        await portal.SignInAsync(account, by: account[BindingKind.Phone]);
        var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
        var shown = await walk.ViewAsync();

        var failures = await FailAtEveryStepAsync(async () =>
            Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero))
        );

        Assert.True(failures > 10, $"Only {failures} statements were made to fail.");
        await AssertRemovedAsync(account[BindingKind.Phone], notices: 2, endedSessions: 1);
    }

    [Fact]
    public async Task Timer_that_fails_at_any_statement_has_changed_nothing_and_works_when_repeated()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        await walk.AnswerPasswordAsync();
        await walk.ProveByCodeAsync(account[BindingKind.Email]);
        await walk.ConfirmAsync();
        await portal.DispatchAsync();
        portal.Clock.Advance(TimeSpan.FromHours(72));
        await portal.SignInAsync(account, by: account[BindingKind.Phone]);

        var failures = await FailAtEveryStepAsync(portal.RunTimerAsync);

        Assert.True(failures > 8, $"Only {failures} statements were made to fail.");
        await AssertRemovedAsync(account[BindingKind.Phone], notices: 2, endedSessions: 1);
    }

    [Fact]
    public async Task Answer_that_is_lost_after_the_commit_is_given_again_and_nothing_done_twice()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        var actor = await portal.SignInAsync(account);
        var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
        var shown = await walk.ViewAsync();
        faults.ArmAfterCommit();
        await Assert.ThrowsAsync<IOException>(() => walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        await AssertRemovedAsync(account[BindingKind.Phone], notices: 2, endedSessions: 0);
    }

    [Fact]
    public async Task Confirm_is_one_transaction_and_one_commit()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        var actor = await portal.SignInAsync(account);
        var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
        var shown = await walk.ViewAsync();

        faults.Count();
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        Assert.Equal((1, 1), (faults.Transactions, faults.Commits));
    }

    private async Task<int> FailAtEveryStepAsync(Func<Task> act)
    {
        var before = await portal.SnapshotAsync();
        for (var step = 1; ; step++)
        {
            faults.Arm(step);
            try
            {
                await act();
                faults.Disarm();
                return step - 1;
            }
            catch (Exception error) when (error is StorageUnavailableException or Microsoft.Data.Sqlite.SqliteException)
            {
                Assert.Equal(before, await portal.SnapshotAsync());
            }
        }
    }

    private async Task AssertRemovedAsync(TestBinding phone, int notices, int endedSessions)
    {
        var ledger = await portal.ReadAsync(db => db.Ledger.Select(e => e.Action).ToListAsync());
        Assert.Single(ledger, nameof(BindingsRemoved));
        Assert.Equal(endedSessions, ledger.Count(action => action is nameof(SessionEnded)));
        Assert.Equal(1, await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.Id == phone.Id && b.RemovedAt != null)));
        Assert.Equal(0, await portal.ReadAsync(db => db.LiveIdentities.CountAsync(i => i.BindingId == phone.Id)));
        Assert.Equal(notices, await portal.ReadAsync(db => db.Outbox.CountAsync(m => m.Template == MessageTemplate.Unbound)));
    }
}
