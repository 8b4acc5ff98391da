using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>The whole walk without a mouse.</summary>
public sealed class KeyboardTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    private const int MostTabs = 60;

    /// <summary>Which element has the focus, and how wide the ring around it is, or around the row it stands for.</summary>
    private const string ReadFocus = """
        () => {
            const element = document.activeElement;
            const style = getComputedStyle(element.closest('.row-tick') ?? element);
            return {
                testId: element === document.body ? null : element.getAttribute('data-testid') ?? '',
                ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
                markup: element.outerHTML,
            };
        }
        """;

    [BrowserFact]
    public Task Whole_walk_works_by_keyboard_and_each_step_begins_at_its_heading() =>
        WalkAsync(
            Look.Desk,
            async (person, walk) =>
            {
                await walk.GoToAsync("/login");
                await walk.HeadingIsFocusedAsync();
                await TypeAsync(walk, "user", person.User);
                await TypeAsync(walk, "password", Steps.DemoPassword);
                await walk.Page.Keyboard.PressAsync("Enter");
                await walk.IsAtAsync("/security");
                await walk.HeadingIsFocusedAsync();
                string[] ids = [await walk.BindingIdAsync(Steps.LinPhone), await walk.BindingIdAsync(Steps.LinWeChat)];
                await PressAsync(walk, "start-unbind", "Enter");

                await walk.IsAtAsync("/unbind");
                await walk.HeadingIsFocusedAsync();
                foreach (var id in ids)
                {
                    await PressAsync(walk, $"binding-{id}", "Space");
                    await Expect(walk.At($"binding-{id}")).ToBeCheckedAsync();
                }

                await PressAsync(walk, "next", "Enter");
                await walk.IsAtStepAsync("verify");
                await walk.HeadingIsFocusedAsync();
                await PressAsync(walk, "send-code", "Space");
                // The field for the code has the focus as soon as it is there.
                await Expect(walk.At("code")).ToBeFocusedAsync();
                await walk.Page.Keyboard.TypeAsync((await (await Inbox.OpenAsync(walk, person)).NextCodeAsync()).Code);
                await walk.Page.Keyboard.PressAsync("Enter");

                await walk.IsAtStepAsync("confirm");
                await walk.HeadingIsFocusedAsync();
                await PressAsync(walk, "confirm", "Enter");
                await walk.IsOutcomeAsync("Done");
                await walk.HeadingIsFocusedAsync();
                await PressAsync(walk, "back", "Enter");
                await walk.IsAtAsync("/security");
                await walk.HeadingIsFocusedAsync();
                await Expect(walk.At("binding-row")).ToHaveCountAsync(5);
            }
        );

    [BrowserFact]
    public Task Focus_stays_where_it_is_when_the_page_comes_alive() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                var phone = await walk.BindingIdAsync(Steps.LinPhone);
                var reached = new TaskCompletionSource();
                await walk.Page.RouteAsync(
                    "**/_blazor/negotiate*",
                    async route =>
                    {
                        await reached.Task;
                        await route.ContinueAsync();
                    }
                );
                await walk.GoToAsync("/unbind");
                await Expect(walk.At($"binding-{phone}")).ToBeDisabledAsync();
                await TabToAsync(walk, "cancel");
                reached.SetResult();

                await Expect(walk.At($"binding-{phone}")).ToBeEnabledAsync();
                await Expect(walk.At("cancel")).ToBeFocusedAsync();
            }
        );

    [BrowserFact]
    public Task Link_into_a_page_leads_to_its_place_and_not_to_its_heading() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone);
                await walk.Page.Locator("main a[href='/help#choose']").ClickAsync();
                await walk.IsAtAsync("/help");
                await Expect(walk.Page.Locator("#choose")).ToBeInViewportAsync();
                await Expect(walk.Page.Locator("main h1")).Not.ToBeFocusedAsync();
            }
        );

    private static async Task TypeAsync(BrowserWalk walk, string testId, string text)
    {
        await TabToAsync(walk, testId);
        await walk.Page.Keyboard.TypeAsync(text);
    }

    private static async Task PressAsync(BrowserWalk walk, string testId, string key)
    {
        // A button that waits for its circuit is passed over by the tab key.
        await Expect(walk.At(testId)).ToBeEnabledAsync();
        await TabToAsync(walk, testId);
        await walk.Page.Keyboard.PressAsync(key);
    }

    private static async Task TabToAsync(BrowserWalk walk, string testId)
    {
        for (var tabs = 0; tabs < MostTabs; tabs++)
        {
            await walk.Page.Keyboard.PressAsync("Tab");
            var focus = await walk.Page.EvaluateAsync<Focus>(ReadFocus);
            if (focus.TestId is null)
            {
                continue; // on the browser's own controls, between the end and the beginning of the page
            }

            Assert.True(focus.Ring >= 2, $"{focus.Markup} shows no focus.");
            if (string.Equals(focus.TestId, testId, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"{MostTabs} tabs do not reach {testId}.");
    }

    private sealed record Focus
    {
        public string? TestId { get; init; }

        public double Ring { get; init; }

        public string Markup { get; init; } = "";
    }
}
