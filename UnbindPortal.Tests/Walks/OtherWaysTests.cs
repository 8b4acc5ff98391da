using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>Ways through the portal beside the usual one.</summary>
public sealed class OtherWaysTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    private const string ChenPhone = "139 **** 0002";
    private const string NewPassword = "seven quiet herons";

    [BrowserFact]
    public Task Someone_with_one_phone_is_refused_and_shown_how_to_set_a_password() =>
        WalkAsync(
            Look.Phone,
            async (_, walk) =>
            {
                var inbox = await Inbox.OpenAsync(walk, Person.Chen);
                await SignInByCodeAsync(walk, inbox, Person.Chen.Phone);
                await Expect(walk.At("ways-in")).ToHaveTextAsync("1");
                await Expect(walk.At("binding-row").Filter(new() { HasText = ChenPhone })).ToHaveCountAsync(1);
                await Expect(walk.Page.Locator("[data-testid^='unbind-']")).ToHaveCountAsync(0);
                await Expect(walk.At("refusals")).ToBeVisibleAsync();
                await walk.AxeAsync();
                await walk.ScreenshotAsync("refused-phone-zh-cn");

                await walk.At("start-unbind").ClickAsync();
                await walk.IsAtAsync("/unbind");
                await Expect(walk.Page.Locator("main input[type=checkbox]")).ToBeDisabledAsync();
                await Expect(walk.At("next")).ToBeDisabledAsync();
                await walk.AxeAsync();
                await walk.ScreenshotAsync("refused-choose-phone-zh-cn");

                await walk.At("set-password").ClickAsync();
                await walk.IsAtAsync("/security/password");
                await walk.AxeAsync();
                await SetPasswordAsync(walk, inbox);
                await walk.IsAtAsync("/security");
                await Expect(walk.At("ways-in")).ToHaveTextAsync("2");
                // One way to sign in would stay now, but nowhere to be told anything.
                await Expect(walk.At("refusals")).ToBeVisibleAsync();
                await Expect(walk.At("set-password")).ToHaveCountAsync(0);
            }
        );

    [BrowserFact]
    public Task Password_and_email_code_take_the_last_phone_off_after_a_wait_that_can_be_cancelled() =>
        WalkAsync(
            Look.Desk,
            async (person, walk) =>
            {
                await walk.GoToAsync("/login");
                await walk.ReadInAsync("en");
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone);
                await walk.GoOnAsync();
                await walk.At("proof-password").ClickAsync();
                await walk.ScreenshotAsync("verify-password-desktop-en");
                await walk.At("password").FillAsync(Steps.DemoPassword);
                await walk.At("submit-proof").ClickAsync();
                await Expect(walk.At("one-more")).ToBeVisibleAsync();
                await Expect(walk.At("proof-password")).ToBeDisabledAsync();
                await walk.AxeAsync();
                await walk.ScreenshotAsync("verify-one-more-desktop-en");

                // What was proved is in storage, not in the circuit.
                await walk.Page.ReloadAsync();
                await Expect(walk.At("one-more")).ToBeVisibleAsync();
                var inbox = await Inbox.OpenAsync(walk, person);
                await walk.SendCodeAsync("email");
                var message = await inbox.NextCodeAsync();
                Assert.Matches("^[0-9]{8}$", message.Code);
                await walk.EnterCodeAsync(message.Code);

                await walk.IsAtStepAsync("confirm");
                await Expect(walk.At("plan").GetByText("72 hours").First).ToBeVisibleAsync();
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Waiting");
                await walk.AxeAsync();
                await walk.ScreenshotAsync("done-waiting-desktop-en");
                await IsStillBoundAsync(walk, waiting: 1);
                await walk.Page.GoBackAsync();
                await walk.At("cancel").ClickAsync();
                await walk.IsOutcomeAsync("Cancelled");
                await walk.ScreenshotAsync("done-cancelled-desktop-en");
                await IsStillBoundAsync(walk, waiting: 0);
            }
        );

    [BrowserFact]
    public Task Cancelling_on_the_way_changes_nothing() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone);
                await walk.At("cancel").ClickAsync();
                await walk.ChooseAsync(Steps.LinPhone);
                var request = await walk.GoOnAsync();
                await walk.At("cancel").ClickAsync();
                await walk.IsAtAsync("/security");
                await walk.GoToAsync($"/unbind/{request}/verify");
                await walk.IsOutcomeAsync("Cancelled");
                await walk.At("start-again").ClickAsync();
                await walk.IsAtAsync("/unbind");
                await Expect(walk.Page.Locator("main input:checked")).ToHaveCountAsync(1);

                await walk.GoToAsync("/security");
                await walk.ProveBySmsAsync(await Inbox.OpenAsync(walk, person), Steps.LinWeChat);
                await walk.At("another-proof").ClickAsync();
                await walk.IsAtStepAsync("verify");
                await Expect(walk.At("replanned")).ToBeVisibleAsync();
                await walk.ProveByPasswordAsync();
                await walk.IsAtStepAsync("confirm");
                await walk.At("cancel").ClickAsync();
                await walk.IsOutcomeAsync("Cancelled");
                await walk.At("back").ClickAsync();
                await Expect(walk.At("binding-row")).ToHaveCountAsync(7);
            }
        );

    private static async Task SignInByCodeAsync(BrowserWalk walk, Inbox inbox, string phone)
    {
        await walk.GoToAsync("/login");
        await walk.At("use-code").ClickAsync();
        await walk.AxeAsync();
        await walk.At("user").FillAsync(phone);
        await walk.At("send-code").ClickAsync();
        await Expect(walk.At("sent")).ToBeVisibleAsync();
        await walk.ScreenshotAsync("login-code-phone-zh-cn");
        await walk.At("code").FillAsync((await inbox.NextCodeAsync()).Code);
        await walk.At("sign-in").ClickAsync();
        await walk.IsAtAsync("/security");
    }

    private static async Task SetPasswordAsync(BrowserWalk walk, Inbox inbox)
    {
        await walk.At("send-code").ClickAsync();
        await Expect(walk.At("sent")).ToBeVisibleAsync();
        await walk.ScreenshotAsync("set-password-phone-zh-cn");
        var code = (await inbox.NextCodeAsync()).Code;
        await walk.At("code").FillAsync(code);
        await walk.At("password").FillAsync("short");
        await walk.At("save-password").ClickAsync();
        await Expect(walk.At("password")).ToHaveAttributeAsync("aria-invalid", "true");
        await walk.At("code").FillAsync(code);
        await walk.At("password").FillAsync(NewPassword);
        await walk.At("save-password").ClickAsync();
    }

    private static async Task IsStillBoundAsync(BrowserWalk walk, int waiting)
    {
        await walk.At("back").ClickAsync();
        await walk.IsAtAsync("/security");
        await Expect(walk.At("binding-row")).ToHaveCountAsync(7);
        await Expect(walk.Page.Locator("[data-testid^='waiting-']")).ToHaveCountAsync(waiting);
    }
}
