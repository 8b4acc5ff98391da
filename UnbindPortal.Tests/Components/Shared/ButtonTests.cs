using Bunit;

namespace UnbindPortal.Components.Shared;

public sealed class ButtonTests : ShellContext
{
    [Fact]
    public void Attributes_reach_the_native_button()
    {
        var button = Render<PortalButton>(b =>
                b.Add(p => p.Type, "submit")
                    .Add(p => p.Kind, ButtonKind.Stop)
                    .Add(p => p.Disabled, true)
                    .AddChildContent("Confirm")
                    .AddUnmatched("data-testid", "confirm")
                    .AddUnmatched("name", "wait")
                    .AddUnmatched("value", "0")
            )
            .Find("button");

        Assert.Equal("submit", button.GetAttribute("type"));
        Assert.Equal("confirm", button.GetAttribute("data-testid"));
        Assert.Equal("wait", button.GetAttribute("name"));
        Assert.Equal("0", button.GetAttribute("value"));
        Assert.True(button.HasAttribute("disabled"));
        Assert.Contains("btn-stop", button.ClassList);
        Assert.Equal("Confirm", button.TextContent);
    }

    [Fact]
    public async Task A_click_acts()
    {
        var clicks = 0;
        var page = Render<PortalButton>(b => b.Add(p => p.OnClick, () => clicks++));

        await page.Find("button").ClickAsync(new());

        Assert.Equal(1, clicks);
        Assert.Equal("button", page.Find("button").GetAttribute("type"));
    }

    [Fact]
    public async Task A_busy_button_keeps_the_focus_and_ignores_clicks()
    {
        var clicks = 0;
        var page = Render<PortalButton>(b => b.Add(p => p.Busy, true).Add(p => p.OnClick, () => clicks++));

        await page.Find("button").ClickAsync(new());

        Assert.Equal(0, clicks);
        Assert.False(page.Find("button").HasAttribute("disabled"));
        Assert.Equal("true", page.Find("button").GetAttribute("aria-disabled"));
    }

    [Fact]
    public void A_choice_row_is_one_button_or_one_link()
    {
        var button = Render<ChoiceRow>(r =>
            r.Add(p => p.Mark, "key").Add(p => p.Name, "Passkey").AddUnmatched("data-testid", "proof-passkey")
        );
        var link = Render<ChoiceRow>(r => r.Add(p => p.Mark, "key").Add(p => p.Name, "Passkey").Add(p => p.Href, "/help"));

        Assert.Equal("proof-passkey", button.Find("button").GetAttribute("data-testid"));
        Assert.Equal("/help", link.Find("a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_submission_ignores_what_comes_while_it_runs()
    {
        var submission = new Submission();
        var gate = new TaskCompletionSource();
        var runs = 0;
        Task Act()
        {
            runs++;
            return gate.Task;
        }

        var first = submission.RunAsync(Act);
        await submission.RunAsync(Act);
        Assert.True(submission.Busy);
        gate.SetResult();
        await first;

        Assert.Equal(1, runs);
        Assert.False(submission.Busy);
    }

    [Fact]
    public async Task A_submission_that_fails_can_be_tried_again()
    {
        var submission = new Submission();

        await Assert.ThrowsAsync<InvalidOperationException>(() => submission.RunAsync(() => throw new InvalidOperationException()));

        Assert.False(submission.Busy);
    }
}
