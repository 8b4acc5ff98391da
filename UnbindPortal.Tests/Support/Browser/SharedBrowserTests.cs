using Microsoft.Playwright;
using UnbindPortal.Support.Requirements;
using Xunit.Sdk;

namespace UnbindPortal.Support.Browser;

[Collection(RealProcesses.Collection)]
public sealed class SharedBrowserTests(SharedBrowser browser)
{
    private const string AnythingGoes = "default-src * 'unsafe-inline'";

    [BrowserTheory]
    [InlineData(Screen.Phone, "zh-CN", 390)]
    [InlineData(Screen.Desktop, "en", 1280)]
    public async Task Quiet_page_passes_in_both_sizes_and_languages(Screen screen, string culture, int width)
    {
        await using var site = await StandInSite.ServeAsync("<button data-testid=\"next\">Next</button>");

        await browser.WalkAsync(
            new WalkSetup(site.Address) { Screen = screen, Culture = culture },
            async walk =>
            {
                await walk.GoToAsync("/");
                await Assertions.Expect(walk.At("next")).ToBeVisibleAsync();
                Assert.Equal(width, await walk.Page.EvaluateAsync<int>("innerWidth"));
                Assert.Equal(culture, await walk.Page.EvaluateAsync<string>("navigator.language"));
                await walk.AxeAsync();
                Assert.True(File.Exists(await walk.ScreenshotAsync($"stand-in-{screen}")));
            }
        );
    }

    [BrowserTheory]
    [InlineData("<script>console.error('broken promise')</script>", "broken promise")]
    [InlineData("<script>setTimeout(() => { throw new Error('nobody caught me'); })</script>", "nobody caught me")]
    [InlineData("<script src=\"/missing.js\"></script>", "404")]
    [InlineData("<img alt=\"none\" src=\"http://127.0.0.1:1/nothing.png\">", "failed request")]
    public async Task Trouble_on_a_page_fails_the_walk(string body, string named)
    {
        await using var site = await StandInSite.ServeAsync(body, AnythingGoes);

        var failure = await Assert.ThrowsAsync<FailException>(() =>
            browser.WalkAsync(new WalkSetup(site.Address), walk => walk.GoToAsync("/"))
        );

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [BrowserTheory]
    [InlineData("<p style=\"color: #333\">styled in place</p>", "style-src-attr blocked inline")]
    [InlineData("<script>document.title = 'changed'</script>", "script-src-elem blocked inline")]
    public async Task Blocked_by_the_policy_fails_the_walk(string body, string named)
    {
        await using var site = await StandInSite.ServeAsync(body);

        var failure = await Assert.ThrowsAsync<FailException>(() =>
            browser.WalkAsync(new WalkSetup(site.Address), walk => walk.GoToAsync("/"))
        );

        Assert.Contains("CSP report: " + named, failure.Message, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Trouble_that_the_test_allows_passes()
    {
        await using var site = await StandInSite.ServeAsync("<script>console.error('broken promise')</script>", AnythingGoes);

        await browser.WalkAsync(new WalkSetup(site.Address) { Allowed = ["broken promise"] }, walk => walk.GoToAsync("/"));
    }

    [BrowserTheory]
    [InlineData("<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\">", "image-alt")]
    [InlineData("<button></button>", "button-name")]
    [InlineData("<a href=\"#a\">a</a><br><button class=\"tiny\">b</button><button class=\"tiny\">c</button>", "target-size")]
    [InlineData("<p class=\"pale\">hard to read</p>", "color-contrast")]
    public async Task Axe_names_the_rule_that_a_page_breaks(string body, string rule)
    {
        const string Styles =
            "<style>.tiny { width: 9px; height: 9px; padding: 0; border: 0; margin: 0; } .pale { color: #ccc; background: #fff; }</style>";
        await using var site = await StandInSite.ServeAsync(Styles + body, AnythingGoes + "; img-src data:");

        await browser.WalkAsync(
            new WalkSetup(site.Address),
            async walk =>
            {
                await walk.GoToAsync("/");

                var failure = await Assert.ThrowsAsync<FailException>(() => walk.AxeAsync());

                Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
            }
        );
    }

    [BrowserFact]
    public async Task Failure_inside_a_walk_is_reported_with_place_picture_and_trouble()
    {
        await using var site = await StandInSite.ServeAsync("<script>console.error('broken promise')</script>", AnythingGoes);

        var failure = await Assert.ThrowsAsync<WalkFailedException>(() =>
            browser.WalkAsync(
                new WalkSetup(site.Address),
                async walk =>
                {
                    await walk.GoToAsync("/");
                    Assert.Fail("the step went wrong");
                }
            )
        );

        Assert.StartsWith("the step went wrong", failure.Message, StringComparison.Ordinal);
        Assert.Contains("broken promise", failure.Message, StringComparison.Ordinal);
        Assert.True(
            File.Exists(
                Path.Combine(
                    Screenshots.OutputFolder,
                    $"failed-{nameof(Failure_inside_a_walk_is_reported_with_place_picture_and_trouble)}-Phone-zh-CN.png"
                )
            )
        );
    }
}
