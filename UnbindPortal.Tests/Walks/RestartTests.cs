using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>The server goes away in the middle of a walk and the walk goes on.</summary>
public sealed class RestartTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    /// <summary>What a browser says of a server that is not there.</summary>
    private static readonly string[] ServerGone =
    [
        "ERR_CONNECTION_REFUSED",
        "ERR_CONNECTION_RESET",
        "ERR_EMPTY_RESPONSE",
        "ERR_INCOMPLETE_CHUNKED_ENCODING",
        "ERR_SOCKET_NOT_CONNECTED",
        "WebSocket",
        "Failed to start the connection",
        "Failed to complete negotiation",
        "Failed to fetch",
        "Connection disconnected with error",
        "Cannot send data if the connection is not in the",
        "503 (Service Unavailable)",
    ];

    [BrowserFact]
    public Task Restart_shows_a_calm_notice_and_the_page_comes_back_by_itself() =>
        WalkFreshAsync(
            Look.Phone,
            async (portal, walk) =>
            {
                await walk.SignInAsync(Person.Lin);
                var inbox = await Inbox.OpenAsync(walk, Person.Lin);
                await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                await walk.GoOnAsync();
                await walk.SendCodeAsync();
                var code = (await inbox.NextCodeAsync()).Code;

                await portal.StopAsync();
                var notice = walk.Page.Locator("#components-reconnect-modal");
                await Expect(notice).ToBeVisibleAsync();
                Assert.NotEmpty((await notice.InnerTextAsync()).Trim());
                await walk.ScreenshotAsync("reconnect-phone-zh-cn");

                await portal.StartAgainAsync();
                await Expect(notice).ToBeHiddenAsync(new() { Timeout = 60_000 });
                await Expect(walk.At("code")).ToBeEnabledAsync();
                await walk.EnterCodeAsync(code);
                await walk.IsAtStepAsync("confirm");
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Done");
            },
            ServerGone
        );

    [BrowserFact]
    public Task Killed_at_every_step_the_walk_still_ends_well() =>
        WalkFreshAsync(
            Look.Desk,
            async (portal, walk) =>
            {
                await walk.SignInAsync(Person.Lin);
                var inbox = await Inbox.OpenAsync(walk, Person.Lin);
                var ids = await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                await walk.Page.WaitForURLAsync(url => ids.All(id => url.Contains($"{id}", StringComparison.Ordinal)));
                await KillAndStartAsync(portal);
                await ComesBackAsync(walk);
                await Expect(walk.At($"binding-{ids[0]}")).ToBeCheckedAsync();
                await Expect(walk.At($"binding-{ids[1]}")).ToBeCheckedAsync();

                await walk.GoOnAsync();
                await walk.SendCodeAsync();
                var code = (await inbox.NextCodeAsync()).Code;
                await KillAndStartAsync(portal);
                await ComesBackAsync(walk);
                await Expect(walk.At("code")).ToBeEnabledAsync();
                await walk.EnterCodeAsync(code);

                // From here on the pages are plain: what stands open can still be sent.
                await walk.IsAtStepAsync("confirm");
                await KillAndStartAsync(portal);
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Done");
                await KillAndStartAsync(portal);
                await walk.Page.ReloadAsync();
                await walk.IsOutcomeAsync("Done");
                await walk.At("back").ClickAsync();
                await Expect(walk.At("binding-row")).ToHaveCountAsync(5);
            },
            ServerGone
        );

    private static async Task KillAndStartAsync(PortalProcess portal)
    {
        await portal.KillHardAsync();
        await portal.StartAgainAsync();
    }

    private static Task ComesBackAsync(BrowserWalk walk) =>
        Expect(walk.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 60_000 });
}
