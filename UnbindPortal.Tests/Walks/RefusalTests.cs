using System.Net;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>What goes wrong on purpose has an answer in words and loses nothing.</summary>
public sealed class RefusalTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    private const int TriesPerRequest = 5;

    [BrowserFact]
    public Task Fifth_wrong_code_ends_the_request_and_changes_nothing() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                await walk.GoOnAsync();
                await walk.SendCodeAsync();
                // Nothing to press until another code may be asked for.
                await Expect(walk.At("send-code")).ToHaveCountAsync(0);
                var wrong = Steps.WrongFor((await (await Inbox.OpenAsync(walk, person)).NextCodeAsync()).Code);
                for (var left = TriesPerRequest - 1; left > 0; left--)
                {
                    await walk.EnterCodeAsync(wrong);
                    await Expect(walk.At("outcome")).ToContainTextAsync($" {left} ");
                }

                await walk.AxeAsync();
                await walk.ScreenshotAsync("verify-wrong-phone-zh-cn");
                await walk.EnterCodeAsync(wrong);
                await walk.IsOutcomeAsync("Cancelled");
                await walk.AxeAsync();
                await walk.ScreenshotAsync("done-cancelled-phone-zh-cn");
                await walk.At("back").ClickAsync();
                await Expect(walk.At("binding-row")).ToHaveCountAsync(7);
            }
        );

    [BrowserFact]
    public Task Wrong_passwords_and_impatience_at_the_door_are_answered_in_words() =>
        WalkAsync(
            Look.Desk,
            async (person, walk) =>
            {
                await walk.GoToAsync("/login");
                await walk.ReadInAsync("en");
                await walk.At("user").FillAsync(person.User);
                await walk.At("password").FillAsync("not the password");
                await walk.At("sign-in").ClickAsync();
                await Expect(walk.At("problem")).ToBeVisibleAsync();
                await Expect(walk.At("user")).ToHaveValueAsync(person.User);
                await Expect(walk.At("password")).ToHaveValueAsync("");
                await walk.AxeAsync();
                await walk.ScreenshotAsync("login-problem-desktop-en");

                await walk.At("use-code").ClickAsync();
                await walk.At("user").FillAsync("12");
                await walk.At("send-code").ClickAsync();
                await Expect(walk.At("user")).ToHaveAttributeAsync("aria-invalid", "true");
                await Expect(walk.At("user")).ToBeFocusedAsync();
                await walk.At("user").FillAsync(person.Phone);
                await walk.At("send-code").ClickAsync();
                await Expect(walk.At("sent")).ToBeVisibleAsync();
                await walk.At("send-code").ClickAsync();
                await Expect(walk.At("problem")).ToContainTextAsync(" s");
                var code = (await (await Inbox.OpenAsync(walk, person)).NextCodeAsync()).Code;
                await walk.At("code").FillAsync(Steps.WrongFor(code));
                await walk.At("sign-in").ClickAsync();
                await Expect(walk.At("problem")).ToBeVisibleAsync();
                await walk.At("code").FillAsync(code);
                await walk.At("sign-in").ClickAsync();
                await walk.IsAtAsync("/security");
            }
        );

    [BrowserFact]
    public Task Someone_elses_request_is_no_page_at_all() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone);
                var request = await walk.GoOnAsync();

                await using var stranger = await AnotherBrowserAsync(Look.Phone, allowed: "404 (Not Found)");
                await stranger.SignInAsync(Person.Lin);
                foreach (var step in new[] { "verify", "confirm", "done" })
                {
                    var answer = await stranger.GoToAsync($"/unbind/{request}/{step}");
                    Assert.Equal((int)HttpStatusCode.NotFound, answer!.Status);
                    await Expect(stranger.At("status-words")).ToBeVisibleAsync();
                }

                await stranger.AxeAsync();
                await stranger.ScreenshotAsync("not-found-phone-zh-cn");
                await walk.Page.ReloadAsync();
                await Expect(walk.At("proof-sms")).ToBeEnabledAsync();
            }
        );
}
