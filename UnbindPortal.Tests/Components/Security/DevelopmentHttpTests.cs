using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Components.Security;

/// <summary>Development shows more, but no bad input may look different there.</summary>
public sealed class DevelopmentHttpTests(DevelopmentHttpTests.DevelopmentPortal portal)
    : IClassFixture<DevelopmentHttpTests.DevelopmentPortal>
{
    [Fact]
    public async Task The_inbox_carries_the_security_headers_and_needs_no_account()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.GetAsync("/dev/inbox");

        Assert.Equal((200, "DENY"), (answer.Status, Assert.Single(answer.Response.Headers.GetValues("X-Frame-Options"))));
        Assert.Contains(
            "default-src 'none'",
            Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_demo_password_is_shown_where_one_signs_in()
    {
        using var browser = portal.NewBrowser();

        Assert.NotEmpty((await browser.GetAsync("/login")).Document.QuerySelectorAll("main code"));
    }

    [Fact]
    public async Task A_field_that_cannot_be_read_is_the_senders_mistake_here_too()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync(lin);
        var request = await lin.ProveAsync(portal, BindingKind.WeChat);

        var answer = await browser.SubmitAsync(
            await browser.GetAsync($"/unbind/{request}/confirm"),
            "form[action$='/confirm']",
            ("wait", "soon")
        );

        Assert.Equal((400, Words.In<SharedTexts>("zh-CN", "StalePageTitle")), (answer.Status, answer.Heading));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_in_words_here_too()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.PostAsync("/login", ("_handler", "login"), ("Input.User", "lin"));

        Assert.Equal((400, Words.In<SharedTexts>("zh-CN", "StalePageTitle")), (answer.Status, answer.Heading));
    }

    /// <summary>As a newcomer runs it.</summary>
    public sealed class DevelopmentPortal() : PortalServer("Development");
}
