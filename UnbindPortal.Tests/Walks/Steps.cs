using System.Text.RegularExpressions;
using Microsoft.Playwright;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>What a person does on the portal's pages, in the words of the product. Each waits for what the person would see.</summary>
internal static partial class Steps
{
    /// <summary>The demo accounts' password, as the README and the sign-in page give it.</summary>
    public const string DemoPassword = "lantern-river-42-moon";

    /// <summary>How the pages show the phone of lin and of everybody who is a copy of lin.</summary>
    public const string LinPhone = "138 **** 5678";

    /// <summary>How the pages show their WeChat.</summary>
    public const string LinWeChat = "晓**";

    /// <summary>Switches the portal's language where it is another; it is Chinese until told.</summary>
    public static async Task ReadInAsync(this BrowserWalk walk, string culture)
    {
        if (await walk.At($"lang-{culture}").GetAttributeAsync("aria-pressed") is not "true")
        {
            await walk.At($"lang-{culture}").ClickAsync();
            await Expect(walk.At($"lang-{culture}")).ToHaveAttributeAsync("aria-pressed", "true");
        }
    }

    public static async Task SignInAsync(this BrowserWalk walk, Person person)
    {
        await walk.GoToAsync("/login");
        await walk.At("user").FillAsync(person.User);
        await walk.At("password").FillAsync(DemoPassword);
        await walk.At("sign-in").ClickAsync();
        await walk.IsAtAsync("/security");
    }

    /// <summary>Waits until the first tab shows a path; the query is not looked at.</summary>
    public static Task IsAtAsync(this BrowserWalk walk, string path) => walk.Page.IsAtAsync(path);

    /// <summary>Waits until the tab shows a path; the query is not looked at.</summary>
    public static Task IsAtAsync(this IPage page, string path) =>
        Expect(page)
            .ToHaveURLAsync(new Regex($"^[a-z]+://[^/]+{Regex.Escape(path)}([?#].*)?$", RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>Waits until the first tab shows a step of the wizard, and answers the request's id.</summary>
    public static async Task<string> IsAtStepAsync(this BrowserWalk walk, string step)
    {
        await Expect(walk.Page)
            .ToHaveURLAsync(new Regex($"/unbind/[0-9a-f-]{{36}}/{step}([?#].*)?$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        return RequestId().Match(walk.Page.Url).Value;
    }

    /// <summary>The id of the binding that /security shows with this text.</summary>
    public static async Task<string> BindingIdAsync(this BrowserWalk walk, string shown)
    {
        var unbind = walk.At("binding-row").Filter(new LocatorFilterOptions { HasText = shown }).Locator("[data-testid^='unbind-']");
        var testId = await unbind.GetAttributeAsync("data-testid");
        return testId!["unbind-".Length..];
    }

    /// <summary>From /security to the wizard, ticking what is shown with these texts; answers their ids.</summary>
    public static async Task<IReadOnlyList<string>> ChooseAsync(this BrowserWalk walk, params string[] shown)
    {
        await walk.IsAtAsync("/security");
        List<string> ids = [];
        foreach (var text in shown)
        {
            ids.Add(await walk.BindingIdAsync(text));
        }

        await walk.At("start-unbind").ClickAsync();
        await walk.IsAtAsync("/unbind");
        foreach (var id in ids)
        {
            await walk.At($"binding-{id}").CheckAsync();
            // The address holds the ticks; only then is it taken.
            await Expect(walk.Page).ToHaveURLAsync(new Regex($"[?&]b={id}", RegexOptions.None, TimeSpan.FromSeconds(1)));
        }

        return ids;
    }

    /// <summary>From Choose to Verify; answers the request's id.</summary>
    public static async Task<string> GoOnAsync(this BrowserWalk walk)
    {
        await walk.At("next").ClickAsync();
        return await walk.IsAtStepAsync("verify");
    }

    /// <summary>Has a code sent on Verify and waits for its field.</summary>
    public static async Task SendCodeAsync(this BrowserWalk walk, string method = "sms")
    {
        await walk.At($"proof-{method}").ClickAsync();
        await walk.At("send-code").ClickAsync();
        await Expect(walk.At("code")).ToBeEnabledAsync();
    }

    /// <summary>Gives the password on Verify.</summary>
    public static async Task ProveByPasswordAsync(this BrowserWalk walk)
    {
        await walk.At("proof-password").ClickAsync();
        await walk.At("password").FillAsync(DemoPassword);
        await walk.At("submit-proof").ClickAsync();
    }

    /// <summary>Types a code on Verify and submits it.</summary>
    public static async Task EnterCodeAsync(this BrowserWalk walk, string code)
    {
        await walk.At("code").FillAsync(code);
        await walk.At("submit-proof").ClickAsync();
    }

    /// <summary>From /security to Confirm by an SMS code; answers the request's id.</summary>
    public static async Task<string> ProveBySmsAsync(this BrowserWalk walk, Inbox inbox, params string[] shown)
    {
        await walk.ChooseAsync(shown);
        var request = await walk.GoOnAsync();
        await walk.SendCodeAsync();
        await walk.EnterCodeAsync((await inbox.NextCodeAsync()).Code);
        await walk.IsAtStepAsync("confirm");
        return request;
    }

    /// <summary>A code of this many digits that is not the right one.</summary>
    public static string WrongFor(string code) => string.Concat(code.Select(digit => digit is '9' ? '0' : (char)(digit + 1)));

    /// <summary>Waits until the outcome shown on Done is the stage.</summary>
    public static async Task IsOutcomeAsync(this BrowserWalk walk, string stage)
    {
        await walk.IsAtStepAsync("done");
        await Expect(walk.At("outcome")).ToHaveAttributeAsync("data-stage", stage);
    }

    /// <summary>Waits until the page's heading has the focus, as it must after every step.</summary>
    public static Task HeadingIsFocusedAsync(this BrowserWalk walk) => Expect(walk.Page.Locator("main h1")).ToBeFocusedAsync();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestId();
}
