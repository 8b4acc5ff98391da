using System.Diagnostics;
using Microsoft.Data.Sqlite;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Data;

/// <summary>Storage that cannot take a change while the portal runs: refused within bounds, nothing half done, and fine again afterwards.</summary>
public sealed class StorageTroubleTests : IAsyncLifetime
{
    private PortalServices portal = null!;

    public async Task InitializeAsync() =>
        portal = await PortalServices.StartAsync(
            PortalServicesSetup.Roomy.With(("Portal:BusyTimeout", "00:00:01"), ("Portal:ChangeTries", "2"))
        );

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Database_locked_by_another_program_is_busy_for_a_bounded_time_and_unchanged()
    {
        var (walk, shown) = await VerifiedAsync();
        var before = await portal.SnapshotAsync();
        await using var other = await portal.OpenFileAsync();
        await ExecuteAsync(other, "BEGIN IMMEDIATE");
        var watch = Stopwatch.StartNew();

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        Assert.Equal(StorageTrouble.Busy, refused.Trouble);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal(UnbindStage.Verified, (await walk.ViewAsync()).Stage); // reading goes on
        Assert.Equal(before, await portal.SnapshotAsync());
        await ExecuteAsync(other, "ROLLBACK");
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
    }

    [Fact]
    public async Task Lock_that_is_let_go_in_time_is_only_waited_for()
    {
        var (walk, shown) = await VerifiedAsync();
        await using var other = await portal.OpenFileAsync();
        await ExecuteAsync(other, "BEGIN IMMEDIATE");
        var confirm = Task.Run(() => walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        await ExecuteAsync(other, "ROLLBACK");

        Assert.Equal(ConfirmOutcome.Confirmed, await confirm);
    }

    [Fact]
    public async Task Write_gate_that_stays_closed_is_busy_after_its_time()
    {
        await portal.RestartAsync(("Portal:GateTimeout", "00:00:01"));
        var (walk, shown) = await VerifiedAsync();
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var slow = portal.ChangeAsync(async _ =>
        {
            entered.SetResult();
            await release.Task;
        });
        await entered.Task;

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        Assert.Equal(StorageTrouble.Busy, refused.Trouble);
        release.SetResult();
        await slow;
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
    }

    [Fact]
    public async Task Deleted_database_takes_no_change_nobody_could_find_again()
    {
        var (walk, shown) = await VerifiedAsync();
        var aside = $"{portal.DatabaseFile}.aside";
        File.Move(portal.DatabaseFile, aside);

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));

        Assert.Equal(StorageTrouble.Missing, refused.Trouble);
        Assert.False(File.Exists(portal.DatabaseFile));
        File.Move(aside, portal.DatabaseFile);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
    }

    [Fact]
    public async Task Full_database_refuses_changes_and_keeps_what_it_has()
    {
        await portal.RestartAsync(("Portal:MaxDatabaseMiB", "1"));
        var (walk, shown) = await VerifiedAsync();
        await FillAsync();
        var before = await portal.SnapshotAsync();

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            portal.AddAccountsAsync(200, false, BindingKind.Phone, BindingKind.Email)
        );

        Assert.Equal(StorageTrouble.Full, refused.Trouble);
        Assert.Equal(before, await portal.SnapshotAsync());
        Assert.Equal(UnbindStage.Verified, (await walk.ViewAsync()).Stage);
        Assert.Equal("ok", await portal.ScalarAsync("PRAGMA integrity_check"));
        Assert.InRange(
            (long)(await portal.ScalarAsync("PRAGMA page_count"))! * (long)(await portal.ScalarAsync("PRAGMA page_size"))!,
            1_000_000,
            1 << 20
        );

        await portal.RestartAsync(("Portal:MaxDatabaseMiB", "2"));
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync(shown.PlanHash, TimeSpan.Zero));
    }

    [Fact]
    public async Task Confirm_in_a_full_database_is_refused_whole()
    {
        await portal.RestartAsync(("Portal:MaxDatabaseMiB", "1"));
        var accounts = await portal.AddAccountsAsync(60, false, BindingKind.Phone, BindingKind.Email, BindingKind.Phone);
        var actors = await portal.SignInAsync(accounts);
        var walks = await portal.GivenVerifiedAsync(actors.Zip(accounts, (actor, account) => (actor, account.Bindings[0])));
        await FillAsync();
        IReadOnlyList<string> before = [];

        // The free space inside its pages may still hold some.
        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            foreach (var walk in walks)
            {
                before = await portal.SnapshotAsync();
                Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
            }
        });

        Assert.Equal(StorageTrouble.Full, refused.Trouble);
        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Change_that_throws_leaves_nothing_behind()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        var before = await portal.SnapshotAsync();

        await Assert.ThrowsAsync<TimeoutException>(() =>
            portal.ChangeAsync(async change =>
            {
                (await change.AccountAsync(account.Id))!.Close();
                await change.Db.SaveChangesAsync();
                throw new TimeoutException();
            })
        );

        Assert.Equal(before, await portal.SnapshotAsync());
    }

    private async Task<(TestWalk Walk, UnbindView Shown)> VerifiedAsync()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
        var actor = await portal.SignInAsync(account);
        var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
        return (walk, await walk.ViewAsync());
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task FillAsync()
    {
        await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
        {
            while (true)
            {
                await portal.AddAccountsAsync(50, false, BindingKind.Phone, BindingKind.Email);
            }
        });
    }
}
