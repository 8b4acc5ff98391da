using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Account;

/// <summary>Choosing a first password over HTTP, each outcome in words.</summary>
[Collection(SharedPortal.Name)]
public sealed class SetPasswordHttpTests(PortalServer portal) : IAsyncLifetime
{
    private const string Path = "/security/password";
    private const string Good = "violet-harbour-88-snow";
    private readonly HttpBrowser browser = portal.NewBrowser();
    private Person chen = null!;

    public async Task InitializeAsync()
    {
        chen = await Person.InAsync(portal, hash: "");
        var asked = await browser.SubmitAsync(
            await browser.GetAsync("/login?by=code"),
            "main form",
            ("Input.User", chen.Phone),
            ("Input.Act", "send")
        );
        var code = await portal.CodeSentToAsync(chen.Phone);
        var entered = await browser.SubmitAsync(
            asked,
            "main form",
            ("Input.User", chen.Phone),
            ("Input.Code", code),
            ("Input.Act", "sign-in")
        );
        Assert.Equal(302, entered.Status);
    }

    public Task DisposeAsync()
    {
        browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_code_and_a_good_password_set_it_and_sign_in_with_it_works()
    {
        var code = await AskAsync();

        var answer = await SaveAsync(code, Good);

        Assert.Equal((302, "/security"), (answer.Status, answer.Location));
        Assert.Contains(answer.Cookies, cookie => cookie.StartsWith("portal=", StringComparison.Ordinal));
        using var other = portal.NewBrowser();
        Assert.Equal(302, (await other.TrySignInAsync(chen.UserName, Good)).Status);
        var page = await browser.GetAsync(Path);
        Assert.Equal(Text("HasPassword"), page.Document.QuerySelector("[data-testid=empty] .strong")!.TextContent);
    }

    [Theory]
    [InlineData("short", "PasswordTooShort")]
    [InlineData("aaaaaaaaaaaaaaaa", "PasswordTooEasy")]
    [InlineData("", "PasswordTooShort")]
    public async Task A_password_that_will_not_do_says_why_and_keeps_the_code(string password, string key)
    {
        var code = await AskAsync();

        var refused = await SaveAsync(code, password);

        Assert.Equal(200, refused.Status);
        Assert.Contains(Text(key, 15), Errors(refused), StringComparison.Ordinal);
        Assert.Equal("true", refused.Document.QuerySelector("[data-testid=password]")!.GetAttribute("aria-invalid"));
        Assert.Equal(302, (await SaveAsync(code, Good)).Status);
    }

    [Fact]
    public async Task A_password_too_long_says_so()
    {
        var code = await AskAsync();

        Assert.Contains(Text("PasswordTooLong"), Errors(await SaveAsync(code, new string('x', 300))), StringComparison.Ordinal);
        Assert.Contains(Text("PasswordTooLong"), Errors(await SaveAsync(code, Odd(200_000))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_says_so_and_the_sixth_is_not_compared()
    {
        var code = await AskAsync();
        var wrong = code[..^1] + (code[^1] == '0' ? '1' : '0');

        for (var i = 0; i < 5; i++)
        {
            Assert.Contains(Text("BadCodeWrong"), Errors(await SaveAsync(wrong, Good)), StringComparison.Ordinal);
        }

        var late = Errors(await SaveAsync(code, Good));
        Assert.True(
            late.Contains(Text("BadCodeNoTriesLeft"), StringComparison.Ordinal)
                || late.Contains(Text("BadCodeMustWait"), StringComparison.Ordinal),
            late
        );
        using var other = portal.NewBrowser();
        Assert.Equal(200, (await other.TrySignInAsync(chen.UserName, Good)).Status);
    }

    [Fact]
    public async Task Without_a_code_sent_there_is_nothing_to_compare()
    {
        Assert.Contains(Text("BadCodeNoCode"), Errors(await SaveAsync("123456", Good)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_again_too_soon_says_when()
    {
        await AskAsync();

        var again = await browser.SubmitAsync(await browser.GetAsync(Path), "main form", ("Input.Act", "send"));

        Assert.StartsWith(Text("CodeTooSoon", "#").Split('#')[0], again.Words("problem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_a_password_cannot_replace_it_here()
    {
        var page = await browser.GetAsync(Path);
        var code = await AskAsync();
        Assert.Equal(302, (await SaveAsync(code, Good)).Status);

        var answer = await browser.SubmitAsync(page, "main form", ("Input.Code", code), ("Input.Password", "another-one-99-long"));

        Assert.InRange(answer.Status, 200, 499);
        using var other = portal.NewBrowser();
        Assert.Equal(200, (await other.TrySignInAsync(chen.UserName, "another-one-99-long")).Status);
        Assert.Equal(302, (await other.TrySignInAsync(chen.UserName, Good)).Status);
    }

    [Fact]
    public async Task The_page_shows_the_masked_number_only()
    {
        var page = await browser.GetAsync(Path);

        Assert.Contains(Masking.Phone(chen.Phone), page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(chen.Phone[3..], page.Body, StringComparison.Ordinal);
    }

    private static string Text(string key, params object[] values) => Words.In<AccountTexts>("zh-CN", key, values);

    private static string Errors(HttpAnswer answer) =>
        string.Join(' ', answer.Document.QuerySelectorAll(".field-error, [data-testid=problem]").Select(error => error.TextContent));

    private static string Odd(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * 7 % 26))));

    private async Task<string> AskAsync()
    {
        var sent = await browser.SubmitAsync(await browser.GetAsync(Path), "main form", ("Input.Act", "send"));
        Assert.NotNull(sent.Words("sent"));
        return await portal.CodeSentToAsync(chen.Phone, nth: 2); // after the one that signed in
    }

    private async Task<HttpAnswer> SaveAsync(string code, string password) =>
        await browser.SubmitAsync(
            await browser.GetAsync(Path),
            "main form",
            ("Input.Code", code),
            ("Input.Password", password),
            ("Input.Act", "save")
        );
}
