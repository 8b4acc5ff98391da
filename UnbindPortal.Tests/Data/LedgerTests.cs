using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Data;

/// <summary>The record only ever grows, and data changes only through the one way.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private PortalServices portal = null!;
    private TestAccount account = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync();
        account = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        await portal.SignInAsync(account);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Theory]
    [InlineData("UPDATE Ledger SET Action = 'Nothing'")]
    [InlineData("UPDATE Ledger SET Detail = Detail")]
    [InlineData("DELETE FROM Ledger")]
    public async Task Row_of_the_record_can_be_neither_changed_nor_deleted(string sql)
    {
        var before = await portal.SnapshotAsync();

        var refused = await Assert.ThrowsAsync<SqliteException>(() => portal.ScalarAsync(sql));

        Assert.Contains("ledger rows are never changed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Row_of_the_record_cannot_be_changed_within_a_change_either()
    {
        var before = await portal.SnapshotAsync();

        await Assert.ThrowsAsync<SqliteException>(() =>
            portal.ChangeAsync(change => change.Db.Ledger.ExecuteUpdateAsync(set => set.SetProperty(e => e.Action, "Nothing")))
        );
        await Assert.ThrowsAsync<SqliteException>(() => portal.ChangeAsync(change => change.Db.Ledger.ExecuteDeleteAsync()));

        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Nothing_is_written_past_the_one_way()
    {
        var before = await portal.SnapshotAsync();

        await RefusedAsync(async db =>
        {
            (await db.Accounts.SingleAsync()).Close();
            await db.SaveChangesAsync();
        });
        await RefusedAsync(async db =>
        {
            (await db.Accounts.SingleAsync()).Close();
#pragma warning disable MA0042, CA1849 // The synchronous one is what is tried.
            db.SaveChanges();
#pragma warning restore MA0042, CA1849
        });
        await RefusedAsync(db => db.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Status, AccountStatus.Closed)));
        await RefusedAsync(db => db.Sessions.ExecuteDeleteAsync());
        await RefusedAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM Sessions"));
        await RefusedAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM Sessions WHERE 1 = {1}"));

        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Refused_sign_in_and_read_leave_no_entry()
    {
        var before = await portal.ReadAsync(db => db.Ledger.CountAsync());

        await portal.Accounts.SignInByPasswordAsync(account.UserName, new SecretText("guess"), TestAccounts.Origin);
        await portal.Bindings.ListAsync(new Actor(account.Id, Guid.NewGuid()));

        Assert.Equal(before, await portal.ReadAsync(db => db.Ledger.CountAsync()));
    }

    private Task RefusedAsync(Func<PortalDbContext, Task> write) =>
        Assert.ThrowsAsync<InvalidOperationException>(() =>
            portal.ReadAsync(async db =>
            {
                await write(db);
                return true;
            })
        );
}
