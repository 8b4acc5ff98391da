using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using static Microsoft.Playwright.Assertions;

namespace UnbindPortal.Walks;

/// <summary>The same person in two tabs.</summary>
public sealed class SecondTabTests(SharedBrowser browser, SharedPortal portals) : PortalWalk(browser, portals)
{
    [BrowserFact]
    public Task Request_confirmed_in_one_tab_is_done_in_the_other() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                var inbox = await Inbox.OpenAsync(walk, person);
                await walk.ChooseAsync(Steps.LinPhone, Steps.LinWeChat);
                var request = await walk.GoOnAsync();
                await walk.SendCodeAsync();
                var code = (await inbox.NextCodeAsync()).Code;
                var verify = await walk.NewTabAsync();
                await verify.GotoAsync($"/unbind/{request}/verify");
                await Expect(verify.GetByTestId("code")).ToBeEnabledAsync();
                await walk.EnterCodeAsync(code);
                await walk.IsAtStepAsync("confirm");
                var confirm = await walk.NewTabAsync();
                await confirm.GotoAsync($"/unbind/{request}/confirm");
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Done");

                // Both stood open on steps that are over.
                await confirm.GetByTestId("confirm").ClickAsync();
                await confirm.IsAtAsync($"/unbind/{request}/done");
                await Expect(confirm.GetByTestId("outcome")).ToHaveAttributeAsync("data-stage", "Done");
                await verify.GetByTestId("code").FillAsync(code);
                await verify.GetByTestId("submit-proof").ClickAsync();
                await verify.IsAtAsync($"/unbind/{request}/done");
                await Expect(verify.GetByTestId("outcome")).ToHaveAttributeAsync("data-stage", "Done");

                await walk.At("back").ClickAsync();
                await Expect(walk.At("binding-row")).ToHaveCountAsync(5);
            }
        );

    [BrowserFact]
    public Task Plan_that_changed_meanwhile_is_shown_again_before_anything_happens() =>
        WalkAsync(
            Look.Phone,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                var inbox = await Inbox.OpenAsync(walk, person);
                var phone = await walk.ProveBySmsAsync(inbox, Steps.LinPhone);

                // A ride diary leans on the phone; without it the phone's plan is another.
                await using var elsewhere = await AnotherBrowserAsync(Look.Desk);
                await elsewhere.SignInAsync(person);
                await elsewhere.ChooseAsync("骑行日记");
                await elsewhere.GoOnAsync();
                await elsewhere.ProveByPasswordAsync();
                await elsewhere.IsAtStepAsync("confirm");
                await elsewhere.At("confirm").ClickAsync();
                await elsewhere.IsOutcomeAsync("Done");

                await walk.At("confirm").ClickAsync();
                Assert.Equal(phone, await walk.IsAtStepAsync("verify"));
                await Expect(walk.At("replanned")).ToBeVisibleAsync();
                await walk.AxeAsync();
                await walk.ScreenshotAsync("verify-replanned-phone-zh-cn");
                await walk.GoToAsync("/security");
                await Expect(walk.Page.GetByText(Steps.LinPhone)).ToHaveCountAsync(1);

                // What is proved anew goes through.
                await walk.GoToAsync($"/unbind/{phone}/verify");
                await walk.ProveByPasswordAsync();
                await Expect(walk.At("one-more")).ToBeVisibleAsync();
                await walk.SendCodeAsync("email");
                await walk.EnterCodeAsync((await inbox.NextCodeAsync()).Code);
                await walk.IsAtStepAsync("confirm");
                await walk.At("confirm").ClickAsync();
                await walk.IsOutcomeAsync("Waiting");
            }
        );

    [BrowserFact]
    public Task Signing_out_in_one_tab_sends_the_other_to_the_sign_in_page() =>
        WalkAsync(
            Look.Desk,
            async (person, walk) =>
            {
                await walk.SignInAsync(person);
                await walk.ChooseAsync(Steps.LinPhone);
                var other = await walk.NewTabAsync();
                await other.GotoAsync("/logout");
                await walk.AxeAsync(other);
                await walk.ScreenshotAsync("logout-desktop", page: other);
                await other.GetByTestId("confirm-sign-out").ClickAsync();

                await walk.IsAtAsync("/login");
                await Expect(walk.At("user")).ToBeVisibleAsync();
            }
        );
}
