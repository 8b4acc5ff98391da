using System.Net.Sockets;
using System.Text;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Components.Security;

/// <summary>What holds for every answer of the whole portal, whatever was asked.</summary>
[Collection(SharedPortal.Name)]
public sealed class EveryAnswerHttpTests(PortalServer portal)
{
    private static readonly (string Name, string Value)[] Promised =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
    ];

    public static TheoryData<string, string, int> Asked =>
        new()
        {
            { "GET", "/", 302 },
            { "GET", "/security", 200 },
            { "GET", "/security/password", 200 },
            { "GET", "/unbind", 200 },
            { "GET", "/unbind/{0}/verify", 302 },
            { "GET", "/unbind/{0}/confirm", 200 },
            { "GET", "/unbind/{0}/done", 302 },
            { "GET", "/logout", 200 },
            { "GET", "/login", 302 },
            { "GET", "/help", 200 },
            { "GET", "/help?q=%EF%BF%BE%EF%BF%BF%F0%9F%94%91", 200 },
            { "GET", "/dev/inbox", 404 },
            { "GET", "/nowhere", 404 },
            { "GET", "/not-found", 404 },
            { "GET", "/unbind/x/confirm", 404 },
            { "GET", "/language", 404 },
            { "PUT", "/unbind/{0}/confirm", 405 },
            { "DELETE", "/unbind/{0}/cancel", 405 },
            { "POST", "/nowhere", 405 },
            { "POST", "/unbind/{0}/confirm", 400 },
            { "POST", "/login", 400 },
            { "OPTIONS", "/security", 405 },
            { "GET", "/app.css", 200 },
            { "GET", "/_framework/blazor.web.js", 200 },
            { "POST", "/_blazor/negotiate?negotiateVersion=1", 200 },
            { "GET", "/_blazor?id=nobody", 404 },
        };

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Every_answer_carries_the_security_headers(string method, string path, int status)
    {
        var (browser, _, request) = await GivenVerifiedAsync();
        using var asked = new HttpRequestMessage(new HttpMethod(method), string.Format(CultureInfo.InvariantCulture, path, request));

        var answer = await browser.SendAsync(asked);

        Assert.Equal(status, answer.Status);
        AssertPromised(answer);
    }

    [Fact]
    public async Task A_post_that_acts_carries_the_security_headers_and_is_never_stored()
    {
        var (browser, _, request) = await GivenVerifiedAsync();
        var page = await browser.GetAsync($"/unbind/{request}/confirm");

        var answer = await browser.SubmitAsync(page, "form[action$='/confirm']");

        Assert.Equal(303, answer.Status);
        AssertPromised(answer);
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_form_too_large_is_refused_in_words_on_every_post()
    {
        var (browser, lin, request) = await GivenVerifiedAsync();
        var before = await portal.StateOfAsync(lin);
        foreach (var path in new[] { "/login", "/language", "/logout", $"/unbind/{request}/confirm", "/security/password" })
        {
            var answer = await browser.PostAsync(path, ("planHash", new string('0', 2_000_000)));

            Assert.Equal((413, Words.In<SharedTexts>("zh-CN", "TooLargeTitle")), (answer.Status, answer.Heading));
            AssertPromised(answer);
        }

        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Fact]
    public async Task A_form_too_large_that_does_not_say_so_is_refused_too()
    {
        var (browser, lin, request) = await GivenVerifiedAsync();
        var before = await portal.StateOfAsync(lin);
        using var post = new HttpRequestMessage(HttpMethod.Post, $"/unbind/{request}/confirm");
        post.Headers.TransferEncodingChunked = true;
        post.Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes($"planHash={new string('0', 2_000_000)}")));
        post.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");

        var answer = await browser.SendAsync(post);

        Assert.Contains(answer.Status, new[] { 400, 413 });
        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Fact]
    public async Task Headers_too_large_are_refused_and_the_next_request_is_served()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(portal.Origin.Host, portal.Origin.Port);
        await using var stream = client.GetStream();
        var request = $"GET /login HTTP/1.1\r\nHost: {portal.Origin.Authority}\r\nX-Long: {new string('x', 40_000)}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));

        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 431 Request Header Fields Too Large", await reader.ReadLineAsync());

        using var browser = portal.NewBrowser();
        Assert.Equal(200, (await browser.GetAsync("/login")).Status);
    }

    [Theory]
    [InlineData("/security")]
    [InlineData("/security/password")]
    [InlineData("/unbind")]
    [InlineData("/unbind/{0}/verify")]
    [InlineData("/unbind/{1}/confirm")]
    [InlineData("/unbind/{2}/done")]
    public async Task No_page_holds_a_whole_number_address_or_subject(string path)
    {
        var (browser, lin, verified) = await GivenVerifiedAsync();
        var planned = await lin.PlanAsync(portal, BindingKind.Phone);
        var done = await lin.ProveAsync(portal, BindingKind.Alipay);
        await browser.SubmitAsync(await browser.GetAsync($"/unbind/{done}/confirm"), "form[action$='/confirm']");

        var page = await browser.GetAsync(string.Format(CultureInfo.InvariantCulture, path, planned, verified, done));

        Assert.Equal(200, page.Status);
        foreach (var secret in new[] { lin.Phone, lin.Phone[3..], lin.Email, $"{lin.UserName}-WeChat", $"{lin.UserName}-Alipay" })
        {
            Assert.DoesNotContain(secret, page.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static void AssertPromised(HttpAnswer answer)
    {
        foreach (var (name, value) in Promised)
        {
            Assert.Equal(value, Assert.Single(answer.Response.Headers.GetValues(name)));
        }

        var policy = Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("camera=()", Assert.Single(answer.Response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.False(answer.Response.Headers.Contains("Server"));
        Assert.False(answer.Response.Headers.Contains("Strict-Transport-Security"));
    }

    private async Task<(HttpBrowser Browser, Person Person, Guid Request)> GivenVerifiedAsync()
    {
        var lin = await Person.InAsync(portal);
        var browser = portal.NewBrowser();
        await browser.SignInAsync(lin);
        return (browser, lin, await lin.ProveAsync(portal, BindingKind.WeChat));
    }
}
