using Microsoft.Playwright;
using UnbindPortal.Support;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>What holds for every page: accessible in light and dark, no wider than the screen, in the language chosen.</summary>
public sealed class EveryPageTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    private const string NotFound = "404 (Not Found)";

    /// <summary>Pages for anybody.</summary>
    private static readonly string[] Open = ["/login", "/login?by=code", "/help", "/help#codes", "/dev/inbox", "/logout", "/no-such-page"];

    /// <summary>Pages for who is signed in.</summary>
    private static readonly string[] Own = ["/security", "/unbind", "/security/password", "/logout"];

    /// <summary>Language, width, height, size of the text: the narrowest phone of WCAG 1.4.10, a phone with text at 200 %, a desk at 200 %.</summary>
    public static TheoryData<string, int, int, string> NarrowScreens { get; } =
        TestScale.Full
            ? new()
            {
                { "zh-CN", 320, 640, "100%" },
                { "en", 320, 640, "100%" },
                { "en", 390, 844, "200%" },
                { "zh-CN", 390, 844, "200%" },
                { "en", 640, 400, "100%" },
            }
            : new() { { "en", 320, 640, "100%" } };

    [BrowserTheory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public Task Page_beside_the_walk_has_no_violation_that_a_program_can_find(Look look) =>
        WalkAsync(
            look,
            async (person, walk) =>
            {
                await walk.GoToAsync("/login");
                await walk.ReadInAsync(look.Culture);
                await EachAsync(walk, Open, page => walk.AxeAsync(page));
                await walk.SignInAsync(person);
                await EachAsync(walk, Own, page => walk.AxeAsync(page));
            },
            [NotFound]
        );

    [BrowserTheory]
    [MemberData(nameof(NarrowScreens))]
    public Task Page_is_never_wider_than_the_screen(string culture, int width, int height, string textSize) =>
        WalkAsync(
            Look.Phone with
            {
                Culture = culture,
            },
            async (person, walk) =>
            {
                await walk.Page.SetViewportSizeAsync(width, height);
                await walk.GoToAsync("/login");
                await walk.ReadInAsync(culture);
                await EachAsync(walk, Open, FitsAsync);
                await walk.SignInAsync(person);
                await EachAsync(walk, Own, FitsAsync);
                await walk.GoToAsync("/security");
                await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                await FitsAsync(walk.Page);
                await walk.GoOnAsync();
                await FitsAsync(walk.Page);
                await walk.SendCodeAsync();
                await FitsAsync(walk.Page);
                await walk.EnterCodeAsync((await (await Inbox.OpenAsync(walk, person)).NextCodeAsync()).Code);
                await walk.IsAtStepAsync("confirm");
                await FitsAsync(walk.Page);
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Done");
                await FitsAsync(walk.Page);

                async Task FitsAsync(IPage page)
                {
                    await page.EvaluateAsync("size => { document.documentElement.style.fontSize = size; }", textSize);
                    var shown = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                    await walk.ScreenshotAsync(
                        $"narrow-{culture}-{width}-{textSize.TrimEnd('%')}-{new Uri(page.Url).Segments[^1].Trim('/')}"
                    );
                    Assert.True(shown <= width, $"{page.Url} is {shown} px wide on a screen of {width}.");
                }
            },
            [NotFound]
        );

    [BrowserFact]
    public Task Language_sticks_and_switching_stays_on_the_step() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                var html = walk.Page.Locator("html");
                await Expect(html).ToHaveAttributeAsync("lang", "zh-CN");
                var ids = await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                await walk.ReadInAsync("en");
                await walk.IsAtAsync("/unbind");
                await Expect(walk.At($"binding-{ids[0]}")).ToBeCheckedAsync();
                await Expect(walk.At($"binding-{ids[1]}")).ToBeCheckedAsync();
                await Expect(html).ToHaveAttributeAsync("lang", "en");

                var request = await walk.GoOnAsync();
                await walk.SendCodeAsync();
                await walk.ReadInAsync("zh-CN");
                Assert.Equal(request, await walk.IsAtStepAsync("verify"));
                await Expect(html).ToHaveAttributeAsync("lang", "zh-CN");
                await Expect(walk.At("code")).ToBeEnabledAsync();
                await walk.EnterCodeAsync((await (await Inbox.OpenAsync(walk, person)).NextCodeAsync()).Code);
                await walk.IsAtStepAsync("confirm");
                await walk.ReadInAsync("en");
                Assert.Equal(request, await walk.IsAtStepAsync("confirm"));
                await walk.GoToAsync("/help");
                await Expect(html).ToHaveAttributeAsync("lang", "en");
            }
        );

    [BrowserFact]
    public Task Sign_in_returns_to_local_pages_only() =>
        WalkAsync(
            Look.Desk,
            async (person, walk) =>
            {
                await walk.GoToAsync("/help");
                await SignInHereAsync(walk, person, "/login?returnUrl=https%3A%2F%2Fevil.example%2F");
                await walk.IsAtAsync("/security");
                await using var other = await AnotherBrowserAsync(Look.Desk);
                await SignInHereAsync(other, person, "/login?returnUrl=%2F%2Fevil.example");
                await other.IsAtAsync("/security");
                await using var third = await AnotherBrowserAsync(Look.Desk);
                await SignInHereAsync(third, person, "/unbind");
                await third.IsAtAsync("/unbind");
            }
        );

    [BrowserFact]
    public Task Plain_pages_work_without_scripts() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                var request = await walk.ProveBySmsAsync(await Inbox.OpenAsync(walk, person), Steps.LinWeChat);

                await using var plain = await AnotherBrowserAsync(Look.Phone, scripts: false);
                await plain.Context.AddCookiesAsync((await walk.Context.CookiesAsync()).Select(Copy));
                await plain.GoToAsync($"/unbind/{request}/confirm");
                await plain.At("confirm").ClickAsync();
                await plain.IsOutcomeAsync("Done");
                await plain.GoToAsync("/help");
                await Expect(plain.Page.Locator("main h1")).ToBeVisibleAsync();

                await using var newcomer = await AnotherBrowserAsync(Look.Desk, scripts: false);
                await SignInHereAsync(newcomer, person, "/login");
                await newcomer.IsAtAsync("/security");
                await Expect(newcomer.At("ways-in")).ToHaveTextAsync("2");
                await newcomer.ReadInAsync("en");
            }
        );

    private static async Task EachAsync(BrowserWalk walk, IEnumerable<string> paths, Func<IPage, Task> look)
    {
        foreach (var path in paths)
        {
            await walk.GoToAsync(path);
            await Expect(walk.Page.Locator("main h1")).ToBeVisibleAsync();
            await look(walk.Page);
            await walk.ScreenshotAsync(
                $"page-{walk.Screen}-{walk.Culture}-{path.Trim('/').Replace('/', '-').Replace('?', '-').Replace('#', '-')}"
            );
        }
    }

    private static async Task SignInHereAsync(BrowserWalk walk, Person person, string path)
    {
        await walk.GoToAsync(path);
        await walk.At("user").FillAsync(person.User);
        await walk.At("password").FillAsync(Steps.DemoPassword);
        await walk.At("sign-in").ClickAsync();
    }

    private static Cookie Copy(BrowserContextCookiesResult cookie) =>
        new()
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
            HttpOnly = cookie.HttpOnly,
            SameSite = cookie.SameSite,
        };
}
