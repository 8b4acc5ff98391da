using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Integration;

/// <summary>A later import adds what is new and leaves alone what the owner did.</summary>
public sealed class ImportAgainTests : IAsyncLifetime
{
    private const string Account = "a1,lin,Lin,13800005678,lin@example.cn,";

    private const string Bindings = """
        a1,WeChat,openid,Moon,,2021-02-12,,,,
        a1,App,app,Reader,,2021-02-12,,profile,WeChat:openid,
        """;

    private readonly ImportFiles files = new();
    private PortalServices portal = null!;
    private string hash = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync();
        hash = ImportFiles.Hash();
        await files.TakeAsync(portal, $"{Account}{hash},,,", Bindings);
        portal.Clock.Advance(TimeSpan.FromDays(30));
    }

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Same_files_change_nothing_at_all()
    {
        var before = await portal.SnapshotAsync();

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Empty(refused);
        Assert.Equal((0, 0, 1), (summary.AccountsNew, summary.AccountsUpdated, summary.AccountsUnchanged));
        Assert.Equal((0, 4, 0), (summary.BindingsNew, summary.BindingsKept, summary.BindingsKeptRemoved));
        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Newer_knowledge_is_taken_over_and_empty_values_change_nothing()
    {
        var summary = await files.TakeAsync(
            portal,
            $"a1,another,Lin the second,,,,,2026-04-01,Chengdu",
            """
            a1,WeChat,openid,Sun,,2025-01-01,2025-02-01,,,
            a1,App,app,,,2019-01-01,,profile|photos,Phone:13800005678,
            a1,QQ,q1,,,2024-01-01,,,,
            """
        );

        Assert.Equal((0, 1, 0), (summary.AccountsNew, summary.AccountsUpdated, summary.AccountsUnchanged));
        var account = await portal.ImportedAsync("a1");
        Assert.Equal(("lin", "Lin the second", hash), (account.UserName, account.Profile.DisplayName, account.PasswordHash));
        Assert.Equal(["Chengdu"], account.Profile.UsualPlaces);
        Assert.Equal(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), account.LastSignInAt);
        Assert.Equal("Sun", account[BindingKind.WeChat].Identity.DisplayName);
        Assert.Equal(2025, account[BindingKind.WeChat].Row.ProvedAt!.Value.Year);
        Assert.Equal(2025, account[BindingKind.WeChat].Row.LastUsedAt!.Value.Year);
        var app = account[BindingKind.App];
        Assert.Equal((2021, "Reader"), (app.Row.ProvedAt!.Value.Year, app.Identity.DisplayName));
        Assert.Equal(["profile", "photos"], app.Identity.Scopes);
        Assert.Equal(2, await portal.ReadAsync(db => db.AppDependencies.CountAsync(d => d.AppBindingId == app.Row.Id)));
        Assert.Equal(5, account.Bindings.Count);
        Assert.Equal(2, await portal.ReadAsync(db => db.Ledger.CountAsync(e => e.Action == nameof(AccountImported))));
    }

    [Fact]
    public async Task What_its_owner_removed_stays_removed()
    {
        await RemoveByOwnerAsync(BindingKind.WeChat);

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Empty(refused);
        Assert.Equal((0, 3, 1), (summary.BindingsNew, summary.BindingsKept, summary.BindingsKeptRemoved));
        Assert.False((await portal.ImportedAsync("a1"))[BindingKind.WeChat].Row.IsLive);
    }

    [Fact]
    public async Task Phone_of_the_accounts_file_that_its_owner_removed_stays_removed()
    {
        await RemoveByOwnerAsync(BindingKind.Phone);

        var (summary, _) = await files.RunAsync(portal);

        Assert.Equal(1, summary.BindingsKeptRemoved);
        Assert.False((await portal.ImportedAsync("a1"))[BindingKind.Phone].Row.IsLive);
    }

    [Fact]
    public async Task Removed_number_that_somebody_else_holds_now_is_no_conflict()
    {
        await RemoveByOwnerAsync(BindingKind.Phone);
        await files.TakeAsync(portal, "a2,,,13800005678,,,,,");

        var summary = await files.TakeAsync(portal, $"{Account}{hash},,,\na2,,,13800005678,,,,,", Bindings);

        Assert.Equal((2, 1), (summary.AccountsUnchanged, summary.BindingsKeptRemoved));
        Assert.True((await portal.ImportedAsync("a2"))[BindingKind.Phone].Row.IsLive);
    }

    [Fact]
    public async Task Password_that_is_set_is_never_replaced()
    {
        await files.TakeAsync(portal, $"{Account}{ImportFiles.Hash("another password")},,,", Bindings);

        Assert.Equal(hash, (await portal.ImportedAsync("a1")).PasswordHash);
    }

    [Fact]
    public async Task Identity_of_another_account_is_refused_and_stays_where_it_is()
    {
        files.Write("a2,,,,,,,,", "a2,WeChat,openid,,,2024-01-01,,,,\na2,QQ,q2,,,2024-01-01,,,,");

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Equal("bindings.csv:2: subject: op***id belongs to another account", Assert.Single(refused));
        Assert.Equal(1, summary.BindingsNew);
        Assert.True((await portal.ImportedAsync("a1"))[BindingKind.WeChat].Row.IsLive);
    }

    [Fact]
    public async Task Inactive_account_becomes_active_with_its_first_way_in()
    {
        await files.TakeAsync(portal, "a3,,,,three@example.cn,,,,");
        Assert.Equal(AccountStatus.Inactive, (await portal.ImportedAsync("a3")).Status);

        var summary = await files.TakeAsync(portal, "a3,,,13800000003,three@example.cn,,,,");

        Assert.Equal(1, summary.AccountsUpdated);
        Assert.Equal(AccountStatus.Active, (await portal.ImportedAsync("a3")).Status);
    }

    [Fact]
    public async Task Unverified_binding_becomes_verified_when_the_operator_knows_when()
    {
        await files.TakeAsync(portal, "a3,,,,,,,,", "a3,Phone,13800000003,,,,,,,");

        await files.TakeAsync(portal, "a3,,,,,,,,", "a3,Phone,13800000003,,,2024-01-01,,,,");

        var account = await portal.ImportedAsync("a3");
        Assert.True(account[BindingKind.Phone].Row.IsSound);
        Assert.Equal(AccountStatus.Active, account.Status);
    }

    [Fact]
    public async Task Closed_account_stays_closed_and_as_it_is()
    {
        await portal.ChangeAsync(async change => (await change.Db.Accounts.SingleAsync()).Close());
        var before = await portal.SnapshotAsync();

        var summary = await files.TakeAsync(portal, $"a1,lin,New name,13800005678,new@example.cn,{hash},,,", Bindings);

        Assert.Equal((1, 4), (summary.AccountsUnchanged, summary.BindingsKeptRemoved));
        Assert.Equal(before, await portal.SnapshotAsync());
    }

    // The walk its owner would take, so that the tombstone is the product's own.
    private async Task RemoveByOwnerAsync(BindingKind kind)
    {
        var account = (await portal.ImportedAsync("a1")).ForTests;
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[kind]);
        await walk.ProveByCodeAsync(account[BindingKind.Phone]);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
    }
}
