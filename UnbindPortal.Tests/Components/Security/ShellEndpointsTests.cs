using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace UnbindPortal.Components.Security;

public sealed partial class ShellEndpointsTests
{
    [Theory]
    [InlineData("/unbind?binding=1", "/unbind?binding=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/%2fevil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("", "/")]
    public async Task Switching_the_language_goes_back_to_a_local_path_only(string returnUrl, string expected)
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await SwitchAsync(host, "en", returnUrl);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal(expected, response.Headers.Location!.OriginalString);
        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"),
            c => c.StartsWith(".AspNetCore.Culture=", StringComparison.Ordinal)
        );
        Assert.Contains("c%3Den%7Cuic%3Den", cookie);
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.Contains("max-age=31536000", cookie);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("")]
    [InlineData("en|uic=fr")]
    public async Task A_language_there_is_not_changes_nothing(string language)
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await SwitchAsync(host, language, "/");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Without_an_antiforgery_token_the_language_stays_and_the_page_says_so_in_words()
    {
        await using var host = await ShellHost.StartAsync();

        using var response = await host.Client.PostAsync("/language", new FormUrlEncodedContent([new("culture", "en")]));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("status-words", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(
        "[{\"type\":\"csp-violation\",\"body\":{\"effectiveDirective\":\"style-src\",\"documentURL\":\"http://x/security\"}}]",
        HttpStatusCode.NoContent
    )]
    [InlineData("{\"csp-report\":{\"violated-directive\":\"script-src\",\"document-uri\":\"http://x/\"}}", HttpStatusCode.NoContent)]
    [InlineData("[]", HttpStatusCode.NoContent)]
    [InlineData("{\"body\":7}", HttpStatusCode.NoContent)]
    [InlineData("not json", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task A_report_is_taken_or_refused_by_its_shape(string report, HttpStatusCode expected)
    {
        await using var host = await ShellHost.StartAsync();

        Assert.Equal(expected, await ReportAsync(host, report));
    }

    [Fact]
    public async Task A_long_report_is_refused_and_many_are_dropped()
    {
        await using var host = await ShellHost.StartAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await ReportAsync(host, new string(' ', CspReports.MaxBytes + 1)));
        for (var report = 1; report < CspReports.PerMinute; report++)
        {
            Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(host, "[]"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await ReportAsync(host, "[]"));
    }

    private static async Task<HttpStatusCode> ReportAsync(ShellHost host, string report)
    {
        using var response = await host.Client.PostAsync(
            CspReports.Path,
            new StringContent(report, Encoding.UTF8, "application/reports+json")
        );
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SwitchAsync(ShellHost host, string language, string returnUrl)
    {
        using var page = await host.Client.GetAsync("/nowhere");
        var token = Token().Match(await page.Content.ReadAsStringAsync()).Groups["token"].Value;
        return await host.Client.PostAsync(
            "/language",
            new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("culture", language), new("returnUrl", returnUrl)])
        );
    }

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Token();
}
