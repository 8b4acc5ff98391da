using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.SecurityCenter;

public sealed class BindingServiceTests : IAsyncLifetime
{
    private const int SessionCheck = 1;
    private readonly Faults faults = new();
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync(new PortalServicesSetup { Interceptors = [faults] });

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Everything_bound_is_listed_with_what_it_is_good_for()
    {
        var account = await portal.AddAccountAsync(
            password: true,
            BindingKind.Phone,
            BindingKind.Email,
            BindingKind.WeChat,
            BindingKind.App
        );
        var actor = await portal.SignInAsync(account);

        var overview = (await portal.Bindings.ListAsync(actor))!;

        Assert.Equal((2, 2, 1, true), (overview.WaysIn, overview.Recoveries, overview.Sessions, overview.HasPassword));
        Assert.Equal(account.Bindings.Select(b => b.Id), overview.Bindings.Select(card => card.Id));
        Assert.Equal(Masking.Phone(account[BindingKind.Phone].Subject), overview.Bindings[0].Masked);
        Assert.Equal(Capabilities.SignIn | Capabilities.Recovery | Capabilities.Notice, overview.Bindings[0].Capabilities);
        Assert.True(overview.Bindings[2].PlatformOff);
        Assert.Equal(Capabilities.None, overview.Bindings[2].Capabilities);
        Assert.All(overview.Bindings, card => Assert.Empty(card.Refusals));
    }

    [Fact]
    public async Task Platform_that_is_switched_on_is_a_way_in()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.WeChat, BindingKind.Email);
        var actor = await portal.SignInAsync(account);
        Assert.Equal(0, (await portal.Bindings.ListAsync(actor))!.WaysIn);

        await portal.RestartAsync(("Platforms:Enabled:0", "WeChat"));

        var overview = (await portal.Bindings.ListAsync(actor))!;
        Assert.Equal(1, overview.WaysIn);
        Assert.Contains(UnbindRefusal.LastWayIn, overview.Bindings.Single(card => card.Kind is BindingKind.WeChat).Refusals);
    }

    [Fact]
    public async Task Nothing_of_anybody_else_is_listed()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        await portal.AddAccountsAsync(20, true, BindingKind.Phone, BindingKind.Email);

        var overview = (await portal.Bindings.ListAsync(await portal.SignInAsync(account)))!;

        Assert.Equal([account.Bindings[0].Id], overview.Bindings.Select(card => card.Id));
    }

    [Fact]
    public async Task List_takes_three_queries_with_one_binding_and_with_fifty()
    {
        var one = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        var many = await portal.AddAccountAsync(
            password: true,
            [BindingKind.Phone, BindingKind.Email, .. Enumerable.Repeat(BindingKind.App, 48)]
        );

        Assert.Equal(1, await ListedInThreeQueriesAsync(one));
        Assert.Equal(50, await ListedInThreeQueriesAsync(many));
    }

    private async Task<int> ListedInThreeQueriesAsync(TestAccount account)
    {
        var actor = await portal.SignInAsync(account);
        faults.Count();
        var overview = (await portal.Bindings.ListAsync(actor))!;
        faults.Disarm();

        Assert.Equal(SessionCheck + 3, faults.Commands);
        Assert.Equal(0, faults.Transactions);
        return overview.Bindings.Count;
    }
}
