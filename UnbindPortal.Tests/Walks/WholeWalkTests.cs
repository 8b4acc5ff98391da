using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>The main job, from the sign-in page to an account without that phone and that WeChat.</summary>
public sealed class WholeWalkTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    [BrowserTheory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public Task Phone_and_wechat_leave_at_once_and_nothing_is_lost_on_the_way(Look look) =>
        WalkFreshAsync(
            look,
            async (_, walk) =>
            {
                await walk.GoToAsync("/security");
                await walk.IsAtAsync("/login");
                await walk.ReadInAsync(look.Culture);
                await walk.AxeAsync();
                await walk.SignInAsync(Person.Lin);
                await SeesEverythingBoundAsync(walk);
                var ids = await ChoosesAsync(walk);
                await VerifiesAsync(walk, ids);
                await ConfirmsAsync(walk, ids);
                await SeesThatItIsDoneAsync(walk);
            }
        );

    private static async Task SeesEverythingBoundAsync(BrowserWalk walk)
    {
        await Expect(walk.At("binding-row")).ToHaveCountAsync(7);
        await Expect(walk.At("ways-in")).ToHaveTextAsync("2");
        await walk.Page.ReloadAsync();
        await Expect(walk.At("ways-in")).ToHaveTextAsync("2");
        await walk.AxeAsync();
        await walk.ScreenshotAsync($"security-{Name(walk)}", keep: IsForReadme(walk));
    }

    private static async Task<IReadOnlyList<string>> ChoosesAsync(BrowserWalk walk)
    {
        var ids = await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
        // Password, and SMS code lost with the phone; QQ and the others sign nobody in while their platforms are off.
        await Expect(walk.At("remains").Locator("del")).ToHaveCountAsync(1);
        await Expect(walk.At("remains").GetByText("l***@example.cn").First).ToBeVisibleAsync();
        await walk.AxeAsync();
        await walk.ScreenshotAsync($"choose-{Name(walk)}");

        await walk.Page.ReloadAsync();
        await AreTickedAsync(walk, ids);
        var request = await walk.GoOnAsync();
        await walk.Page.GoBackAsync();
        await AreTickedAsync(walk, ids);
        Assert.Equal(request, await walk.GoOnAsync());
        return ids;
    }

    private static async Task VerifiesAsync(BrowserWalk walk, IReadOnlyList<string> ids)
    {
        var inbox = await Inbox.OpenAsync(walk, Person.Lin);
        await Expect(walk.At("proof-sms")).ToBeEnabledAsync();
        await walk.ScreenshotAsync($"verify-first-{Name(walk)}");
        await walk.SendCodeAsync();
        var message = await inbox.NextCodeAsync();
        Assert.Matches("^[0-9]{6}$", message.Code);
        // The page tells what a genuine message says, word for word.
        var lead = await walk.Page.Locator("main header p").First.InnerTextAsync();
        var named = lead.Split(walk.Culture is "en" ? ": " : "：")[1];
        Assert.Contains(Steps.LinPhone, named, StringComparison.Ordinal);
        Assert.Contains(named, message.Text, StringComparison.Ordinal);
        Assert.Contains(walk.Culture is "en" ? "unbind" : "解绑", message.Text, StringComparison.Ordinal);
        await walk.AxeAsync();
        await walk.AxeAsync(inbox.Tab);
        await walk.ScreenshotAsync($"inbox-{Name(walk)}", page: inbox.Tab);
        await walk.ScreenshotAsync($"verify-{Name(walk)}");

        await walk.Page.ReloadAsync();
        await Expect(walk.At("code")).ToBeEnabledAsync();
        await walk.Page.GoBackAsync();
        await AreTickedAsync(walk, ids);
        await walk.Page.GoForwardAsync();
        await Expect(walk.At("code")).ToBeEnabledAsync();
        await walk.EnterCodeAsync(message.Code);
        await walk.IsAtStepAsync("confirm");
    }

    private static async Task ConfirmsAsync(BrowserWalk walk, IReadOnlyList<string> ids)
    {
        foreach (var fact in new[] { Steps.LinPhone, Steps.LinWeChat, "骑行日记", "l***@example.cn" })
        {
            await Expect(walk.At("plan").GetByText(fact).First).ToBeVisibleAsync();
        }

        await walk.AxeAsync();
        await walk.ScreenshotAsync($"confirm-{Name(walk)}", keep: IsForReadme(walk));
        await walk.Page.ReloadAsync();
        await Expect(walk.At("confirm")).ToBeVisibleAsync();
        // Verify gave its place in the history to Confirm, so back leads to the choice; the same choice leads on to the same request.
        await walk.Page.GoBackAsync();
        await AreTickedAsync(walk, ids);
        await walk.At("next").ClickAsync();
        var request = await walk.IsAtStepAsync("confirm");
        await walk.GoToAsync($"/unbind/{request}/verify");
        await walk.IsAtStepAsync("confirm");
        await walk.At("confirm").ClickAsync();
        await walk.IsOutcomeAsync("Done");
    }

    private static async Task SeesThatItIsDoneAsync(BrowserWalk walk)
    {
        await walk.AxeAsync();
        await walk.ScreenshotAsync($"done-{Name(walk)}");
        await walk.Page.ReloadAsync();
        await walk.IsOutcomeAsync("Done");
        await walk.Page.GoBackAsync();
        await walk.IsOutcomeAsync("Done");
        await walk.At("back").ClickAsync();
        await walk.IsAtAsync("/security");
        await Expect(walk.At("binding-row")).ToHaveCountAsync(5);
        await Expect(walk.At("ways-in")).ToHaveTextAsync("1");
        await Expect(walk.Page.GetByText(Steps.LinPhone)).ToHaveCountAsync(0);
        await Expect(walk.Page.GetByText(Steps.LinWeChat)).ToHaveCountAsync(0);
    }

    private static async Task AreTickedAsync(BrowserWalk walk, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            await Expect(walk.At($"binding-{id}")).ToBeCheckedAsync();
        }
    }

    private static string Name(BrowserWalk walk) => $"{walk.Screen}-{walk.Culture}".ToLowerInvariant();

    private static bool IsForReadme(BrowserWalk walk) => walk is { Screen: Screen.Phone, Culture: "zh-CN" };
}
