using System.Net;
using System.Net.Http.Headers;

namespace UnbindPortal.Components.Security;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/error", HttpStatusCode.InternalServerError)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/not-found", HttpStatusCode.NotFound)]
    [InlineData(ShellHost.Throwing, HttpStatusCode.InternalServerError)]
    [InlineData("/app.css", HttpStatusCode.OK)]
    [InlineData("/_framework/blazor.web.js", HttpStatusCode.OK)]
    public async Task Every_response_carries_the_headers(string path, HttpStatusCode status)
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await host.Client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        var policy = One(response, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("upgrade-insecure-requests", policy);
        Assert.Equal("nosniff", One(response, "X-Content-Type-Options"));
        Assert.Equal("DENY", One(response, "X-Frame-Options"));
        Assert.Equal("same-origin", One(response, "Referrer-Policy"));
        Assert.Equal("same-origin", One(response, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", One(response, "Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", One(response, "Permissions-Policy"));
        Assert.EndsWith("report-uri /csp-report", policy);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_public_https_origin_switches_on_transport_security()
    {
        await using var host = await ShellHost.StartAsync("https://account.example.cn");

        using var response = await host.Client.GetAsync("/nowhere");

        Assert.Equal("max-age=31536000; includeSubDomains", One(response, "Strict-Transport-Security"));
        Assert.EndsWith("report-to csp; upgrade-insecure-requests", One(response, "Content-Security-Policy"));
        Assert.Equal("csp=\"/csp-report\"", One(response, "Reporting-Endpoints"));
    }

    [Fact]
    public async Task Behind_a_public_https_origin_cookies_are_secure_whatever_the_proxy_speaks()
    {
        await using var host = await ShellHost.StartAsync("https://account.example.cn");

        using var response = await host.Client.GetAsync("/nowhere");

        Assert.Contains("; secure", One(response, "Set-Cookie"));
    }

    [Fact]
    public async Task Pages_are_never_stored_and_assets_may_be()
    {
        await using var host = await ShellHost.StartAsync();

        using var page = await host.Client.GetAsync("/nowhere");
        using var asset = await host.Client.GetAsync("/app.css");

        Assert.Equal("no-store", One(page, "Cache-Control"));
        Assert.False(asset.Headers.CacheControl!.NoStore);
        Assert.NotNull(asset.Headers.ETag);
    }

    [Fact]
    public async Task A_page_names_fingerprinted_assets_and_holds_no_inline_script_or_style()
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await host.Client.GetAsync("/nowhere");
        var page = await response.Content.ReadAsStringAsync();

        Assert.Matches("href=\"app\\.[a-z0-9]+\\.css\"", page);
        Assert.Contains("src=\"_framework/blazor.web.js\"", page);
        Assert.DoesNotMatch("<script(?![^>]*\\ssrc=)", page);
        Assert.DoesNotContain("style=", page);
        Assert.DoesNotContain("<style", page);
    }

    [Theory]
    [InlineData("zh-CN", "\u6ca1\u6709\u627e\u5230")]
    [InlineData("en", "find this page")]
    public async Task Only_the_cookie_chooses_the_language(string language, string words)
    {
        await using var host = await ShellHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language == "en" ? "zh-CN" : "en"));
        if (language == "en")
        {
            request.Headers.Add("Cookie", ".AspNetCore.Culture=c%3Den%7Cuic%3Den");
        }

        using var response = await host.Client.SendAsync(request);
        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());

        Assert.Contains($"<html lang=\"{language}\"", page);
        Assert.Contains(words, page);
    }

    [Fact]
    public async Task An_error_page_tells_a_trace_id_and_nothing_else()
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await host.Client.GetAsync(ShellHost.Throwing);
        var page = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain(ShellHost.SecretDetail, page);
        Assert.DoesNotContain("Exception", page);
        Assert.DoesNotContain(ShellHost.Throwing + ".", page);
    }

    [Theory]
    [InlineData("account.example.cn")]
    [InlineData("https://account.example.cn/")]
    [InlineData("https://account.example.cn/portal")]
    [InlineData("https://user@account.example.cn")]
    [InlineData("ftp://account.example.cn")]
    public void A_public_origin_no_browser_would_send_is_refused_by_name(string origin)
    {
        var result = new PortalOptionsValidation().Validate(null, new PortalOptions { PublicOrigin = origin });

        Assert.True(result.Failed);
        Assert.Contains("Portal:PublicOrigin", result.FailureMessage);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://account.example.cn")]
    [InlineData("https://account.example.cn:8443")]
    [InlineData("http://localhost:5080")]
    public void A_real_origin_is_taken(string? origin) =>
        Assert.True(new PortalOptionsValidation().Validate(null, new PortalOptions { PublicOrigin = origin }).Succeeded);

    private static string One(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
