using UnbindPortal.Features.Account;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Components.Security;

/// <summary>Behind an https public origin: cookies and headers are those of https whatever stands in front.</summary>
public sealed class PublicOriginHttpTests(PublicOriginHttpTests.HttpsPortal portal) : IClassFixture<PublicOriginHttpTests.HttpsPortal>
{
    private const string PublicOrigin = "https://portal.example";

    [Fact]
    public async Task The_session_cookie_is_secure_and_bound_to_the_host()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        var page = await browser.GetAsync("/login");

        // A browser would not send a secure cookie back over plain http, so it is handed over by hand.
        using var post = new HttpRequestMessage(HttpMethod.Post, "/login");
        post.Headers.Add("Cookie", page.Cookies.Single().Split(';')[0]);
        post.Headers.Add("Origin", PublicOrigin);
        post.Content = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["_handler"] = "login",
                [HttpBrowser.TokenField] = page.Token,
                ["Input.User"] = lin.UserName,
                ["Input.Password"] = Person.Password,
            }
        );
        var answer = await browser.SendAsync(post);

        var cookie = Assert.Single(answer.Cookies, cookie => cookie.StartsWith("__Host-portal=", StringComparison.Ordinal));
        Assert.Matches("(?i)^[^;]+;(?=.*path=/;).*secure;.*httponly", cookie);
        Assert.DoesNotMatch("(?i)domain=", cookie);
        Assert.All(page.Cookies, set => Assert.Contains("secure", set, StringComparison.OrdinalIgnoreCase));
        Assert.Equal((302, $"{PublicOrigin}/security"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task Browsers_are_told_to_come_back_by_https_only()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.GetAsync("/login");

        Assert.Contains(
            "max-age=",
            Assert.Single(answer.Response.Headers.GetValues("Strict-Transport-Security")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "upgrade-insecure-requests",
            Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_demo_password_is_never_shown_outside_development()
    {
        using var browser = portal.NewBrowser();

        Assert.DoesNotContain(HttpsPortal.DemoPassword, (await browser.GetAsync("/login")).Body, StringComparison.Ordinal);
    }

    /// <summary>As an operator runs it, with a demo password left over in the settings.</summary>
    public sealed class HttpsPortal()
        : PortalServer(
            "Production",
            ("Portal:PublicOrigin", PublicOrigin),
            ($"{AccountOptions.Section}:{nameof(AccountOptions.DemoPassword)}", DemoPassword)
        )
    {
        public const string DemoPassword = "left-over-demo-password";
    }
}
