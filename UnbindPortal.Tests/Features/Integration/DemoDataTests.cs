using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;
using UnbindPortal.Features.Integration.Demo;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Integration;

public sealed class DemoDataTests : IAsyncLifetime
{
    private readonly ImportFiles files = new();
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Lin_has_everything_there_is_to_unbind()
    {
        await RunAsync();

        var lin = await portal.ImportedAsync("demo-lin");
        Assert.Equal(
            [
                BindingKind.Phone,
                BindingKind.Email,
                BindingKind.WeChat,
                BindingKind.QQ,
                BindingKind.Alipay,
                BindingKind.App,
                BindingKind.App,
            ],
            lin.Bindings.Select(b => b.Row.Kind)
        );
        Assert.All(lin.Bindings, b => Assert.True(b.Row.IsSound));
        Assert.Equal("+8613800005678", lin[BindingKind.Phone].Identity.Subject);
        Assert.Equal("lin@example.cn", lin[BindingKind.Email].Identity.Subject);
        var leansOn = await portal.ReadAsync(db => db.AppDependencies.Where(d => d.AccountId == lin.Id).ToListAsync());
        Assert.Equal(
            new[] { lin[BindingKind.Phone].Row.Id, lin[BindingKind.WeChat].Row.Id }.Order(),
            leansOn.Select(d => d.OnBindingId).Order()
        );
        Assert.Single(leansOn.Select(d => d.AppBindingId).Distinct());
    }

    [Theory]
    [InlineData("lin")]
    [InlineData("wang")]
    [InlineData("support")]
    [InlineData("lead")]
    [InlineData("auditor")]
    public async Task Password_shown_on_the_sign_in_page_signs_in(string userName)
    {
        await RunAsync();
        var shown = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.AppSource, "appsettings.Development.json")).Build()[
            "Account:DemoPassword"
        ]!;

        Assert.NotNull(await portal.Accounts.SignInByPasswordAsync(userName, new SecretText(shown), TestAccounts.Origin));
    }

    [Fact]
    public async Task Demo_hashes_cost_what_the_product_s_own_cost()
    {
        await RunAsync();
        var hashes = await portal.ReadAsync(db => db.Users.Where(u => u.PasswordHash != null).Select(u => u.PasswordHash!).ToListAsync());

        var productsOwn = new PasswordHasher<PortalUser>(
            Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 210_000 })
        );

        Assert.Equal(5, hashes.Count);
        Assert.All(
            hashes,
            hash =>
                Assert.Equal(
                    PasswordVerificationResult.Success,
                    productsOwn.VerifyHashedPassword(new PortalUser(), hash, "lantern-river-42-moon")
                )
        );
    }

    [Fact]
    public async Task Chen_has_one_phone_and_no_password_and_cannot_lose_it()
    {
        await RunAsync();

        var chen = await portal.ImportedAsync("demo-chen");
        Assert.Equal((null, AccountStatus.Active), (chen.PasswordHash, chen.Status));
        Assert.Equal("+8613900000002", Assert.Single(chen.Bindings).Identity.Subject);
        var actor = await portal.SignInAsync(chen.ForTests, chen.ForTests[BindingKind.Phone]);
        Assert.Contains(UnbindRefusal.LastWayIn, await portal.RefusalsAsync(actor, chen.ForTests[BindingKind.Phone]));
    }

    [Fact]
    public async Task Staff_have_their_roles_and_nobody_else_has()
    {
        await RunAsync();

        var roles = await portal.ReadAsync(db =>
            (
                from given in db.UserRoles
                join user in db.Users on given.UserId equals user.Id
                join role in db.Roles on given.RoleId equals role.Id
                orderby user.UserName
                select $"{user.UserName}: {role.Name}"
            ).ToListAsync()
        );
        Assert.Equal(["auditor: Auditor", "lead: Lead", "support: Support"], roles);
    }

    [Fact]
    public async Task Second_start_changes_nothing_and_brings_nothing_back()
    {
        await RunAsync();
        var lin = (await portal.ImportedAsync("demo-lin")).ForTests;
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(lin), lin[BindingKind.WeChat]);
        await walk.ProveByCodeAsync(lin[BindingKind.Phone]);
        await walk.ConfirmAsync();
        var before = await portal.SnapshotAsync();

        await RunAsync();

        Assert.Equal(before, await portal.SnapshotAsync());
    }

    [Fact]
    public async Task Account_of_the_same_name_is_left_alone_and_gets_no_role()
    {
        await files.TakeAsync(portal, $"mine,support,Mine,13800005678,,{ImportFiles.Hash()},,,");
        var mine = await portal.ImportedAsync("mine");

        await RunAsync();

        var after = await portal.ImportedAsync("mine");
        Assert.Equal((mine.PasswordHash, mine.Status), (after.PasswordHash, after.Status));
        Assert.Single(after.Bindings);
        Assert.False(await portal.ReadAsync(db => db.UserRoles.AnyAsync(r => r.UserId == mine.Id)));
        Assert.Null(await portal.FindImportedAsync("demo-lin"));
        Assert.NotNull(await portal.FindImportedAsync("demo-wang"));
    }

    private Task RunAsync() => ActivatorUtilities.CreateInstance<DemoData>(portal.Get<IServiceProvider>()).RunAsync(CancellationToken.None);
}
