using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Account;

/// <summary>Signing in over HTTP: what gets in, what does not, and where it leads.</summary>
[Collection(SharedPortal.Name)]
public sealed class SignInHttpTests(PortalServer portal)
{
    private static readonly string Refused = Words.In<AccountTexts>("zh-CN", "SignInRefused");

    public static TheoryData<string> Tricks =>
        new(
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "%2f%2fevil.example",
            "/%2fevil.example",
            "/%252fevil.example",
            "https:evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\t/evil.example",
            " //evil.example",
            "security",
            ""
        );

    [Fact]
    public async Task The_right_password_opens_the_security_centre()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();

        var answer = await browser.TrySignInAsync(lin.UserName, Person.Password);
        var page = await browser.GetAsync(answer.Location!);

        Assert.Equal((302, "/security"), (answer.Status, answer.Location));
        Assert.Equal(200, page.Status);
        Assert.Contains(lin.UserName, page.Heading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_name_phone_and_address_all_name_the_account()
    {
        var lin = await Person.InAsync(portal);

        foreach (var name in new[] { lin.UserName.ToUpperInvariant(), lin.Phone, lin.Phone[3..], lin.Email, $" {lin.Email} " })
        {
            using var browser = portal.NewBrowser();
            Assert.Equal(302, (await browser.TrySignInAsync(name, Person.Password)).Status);
        }
    }

    [Fact]
    public async Task A_local_path_is_returned_to()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();

        var asked = await browser.GetAsync("/unbind");
        var answer = await browser.TrySignInAsync(lin.UserName, Person.Password, asked.Location!["/login".Length..]);

        Assert.StartsWith("/login?", asked.Location, StringComparison.Ordinal);
        Assert.Equal("/unbind", answer.Location);
    }

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task A_return_address_that_is_not_ours_leads_to_the_security_centre(string returnUrl)
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        var query = $"?returnUrl={Uri.EscapeDataString(returnUrl)}";

        var answer = await browser.TrySignInAsync(lin.UserName, Person.Password, query);
        var already = await browser.GetAsync("/login" + query);

        Assert.Equal((302, "/security"), (answer.Status, answer.Location));
        Assert.Equal((302, "/security"), (already.Status, already.Location));
    }

    public static TheoryData<string, string> Oddities =>
        new()
        {
            { "", "" },
            { "   ", "   " },
            { new string('a', 10_000), Person.Password },
            { "someone", new string('p', 1_000_000) },
            { "\u0001\u0007\u001b[31m", "\u0008\u007f" },
            { "\ud83d\udd11\u200d\ud83e\uddd1", "\ud83d\udc68\u200d\ud83d\udc69" },
            { "'; DROP TABLE Accounts; --", "' OR 1=1 --" },
            { "<script>alert(1)</script>", "{{7*7}}" },
            { "\uffff\ufffe", "\u202e" },
            { "a\u0301\u0301\u0301@\u0301.\u0301", "x" },
        };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task Odd_names_and_passwords_are_refused_in_the_same_words(string user, string password)
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.TrySignInAsync(user, password);

        Assert.Equal((200, Refused), (answer.Status, answer.Words("problem")));
        Assert.Empty(answer.Document.QuerySelectorAll("main script"));
        Assert.DoesNotContain(browser.Cookies.GetAllCookies(), cookie => cookie.Name == "portal");
    }

    [Fact]
    public async Task A_null_character_is_refused_in_words()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.TrySignInAsync("someone", "\0");

        Assert.Equal((400, Words.In<SharedTexts>("zh-CN", "StalePageTitle")), (answer.Status, answer.Heading));
    }

    [Fact]
    public async Task The_password_is_never_written_back_into_the_page()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.TrySignInAsync("nobody", "a-password-typed-wrong");

        Assert.Equal("nobody", answer.Field("Input.User"));
        Assert.DoesNotContain("a-password-typed-wrong", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_too_large_is_refused_in_words()
    {
        using var browser = portal.NewBrowser();

        var answer = await browser.TrySignInAsync("someone", new string('p', 2_000_000));

        Assert.Equal((413, Words.In<SharedTexts>("zh-CN", "TooLargeTitle")), (answer.Status, answer.Heading));
    }

    [Fact]
    public async Task Fields_the_form_does_not_have_sign_nobody_in()
    {
        using var browser = portal.NewBrowser();
        var page = await browser.GetAsync("/login");

        var answer = await browser.SubmitAsync(
            page,
            "main form",
            ("Input.User", "nobody"),
            ("Input.Password", "wrong"),
            ("Input.IsAuthenticated", "true"),
            ("Http.User", "admin"),
            ("Accounts", "x")
        );

        Assert.Equal((200, Refused), (answer.Status, answer.Words("problem")));
    }

    [Fact]
    public async Task Known_unknown_locked_closed_and_inactive_accounts_get_the_same_page()
    {
        var known = await Person.InAsync(portal);
        var closed = await Person.InAsync(portal, AccountStatus.Closed);
        var inactive = await Person.InAsync(portal, AccountStatus.Inactive);
        var locked = await Person.InAsync(portal);
        await GuessOftenAsync(locked.UserName);

        var answers = new[]
        {
            await TryAsync(known.UserName, "wrong"),
            await TryAsync("nobody-at-all", "wrong"),
            await TryAsync(locked.UserName, "wrong"),
            await TryAsync(locked.UserName, Person.Password),
            await TryAsync(closed.UserName, Person.Password),
            await TryAsync(inactive.UserName, Person.Password),
        };

        Assert.Equal((200, Refused), (answers[0].Status, answers[0].Words("problem")));
        Assert.All(answers, answer => Assert.Equal((answers[0].Status, Plain(answers[0])), (answer.Status, Plain(answer))));
    }

    [Fact]
    public async Task A_code_signs_in_once_and_only_in_the_browser_that_asked_for_it()
    {
        var chen = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        var asked = await AskForCodeAsync(browser, chen.Phone);
        var code = await portal.CodeSentToAsync(chen.Phone);

        using var stranger = portal.NewBrowser();
        var elsewhere = await EnterCodeAsync(stranger, await stranger.GetAsync("/login?by=code"), chen.Phone, code);
        var entered = await EnterCodeAsync(browser, asked, chen.Phone, code);
        var again = await EnterCodeAsync(browser, asked, chen.Phone, code);

        Assert.Equal((200, Words.In<AccountTexts>("zh-CN", "CodeRefused")), (elsewhere.Status, elsewhere.Words("problem")));
        Assert.Equal((302, "/security"), (entered.Status, entered.Location));
        Assert.NotEqual(302, again.Status);
    }

    [Fact]
    public async Task Known_unknown_and_closed_numbers_get_the_same_page_for_a_code()
    {
        var known = await Person.InAsync(portal);
        var closed = await Person.InAsync(portal, AccountStatus.Closed);
        var answers = new List<(HttpAnswer Asked, HttpAnswer Entered)>();
        foreach (var phone in new[] { known.Phone, "+8613012345678", closed.Phone })
        {
            using var browser = portal.NewBrowser();
            var asked = await AskForCodeAsync(browser, phone);
            answers.Add((asked, await EnterCodeAsync(browser, asked, phone, "000000x")));
        }

        Assert.NotNull(answers[0].Asked.Words("sent"));
        Assert.All(answers, answer => Assert.Equal(Plain(answers[0].Asked), Plain(answer.Asked)));
        Assert.All(answers, answer => Assert.Equal(Plain(answers[0].Entered), Plain(answer.Entered)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("110")]
    [InlineData("+86 139 0000")]
    [InlineData("not a number")]
    public async Task A_code_to_what_is_no_number_is_refused_at_the_field(string phone)
    {
        using var browser = portal.NewBrowser();

        var answer = await AskForCodeAsync(browser, phone);

        var field = answer.Document.QuerySelector("[data-testid=user]")!;
        Assert.Equal((200, "true"), (answer.Status, field.GetAttribute("aria-invalid")));
        Assert.Contains(Words.In<AccountTexts>("zh-CN", "PhoneInvalid"), answer.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_a_code_again_too_soon_says_when()
    {
        var chen = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        await AskForCodeAsync(browser, chen.Phone);

        var again = await AskForCodeAsync(browser, chen.Phone);

        var words = Words.In<AccountTexts>("zh-CN", "CodeTooSoon", "#").Split('#');
        Assert.StartsWith(words[0], again.Words("problem"), StringComparison.Ordinal);
        Assert.EndsWith(words[1], again.Words("problem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_codes_to_one_number_are_refused_alike_for_known_and_unknown_ones()
    {
        var chen = await Person.InAsync(portal);
        foreach (var phone in new[] { chen.Phone, "+8613087654321" })
        {
            HttpAnswer answer = null!;
            for (var i = 0; i < 6; i++)
            {
                using var browser = portal.NewBrowser();
                answer = await AskForCodeAsync(browser, phone);
            }

            Assert.Equal((200, Words.In<AccountTexts>("zh-CN", "CodeLimited")), (answer.Status, answer.Words("problem")));
        }
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_told_so_instead_of_asked_to_sign_out()
    {
        using var browser = portal.NewBrowser();

        var page = await browser.GetAsync("/logout");

        Assert.Contains(Words.In<AccountTexts>("zh-CN", "LogoutDone"), page.Words("empty"), StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("main form"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere_at_once()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        await browser.SignInAsync(lin);
        var page = await browser.GetAsync("/logout");

        var answer = await browser.SubmitAsync(page, "main form");

        Assert.Equal((303, "/login"), (answer.Status, answer.Location));
        Assert.Contains("storage", string.Join(' ', answer.Response.Headers.GetValues("Clear-Site-Data")), StringComparison.Ordinal);
        Assert.StartsWith("/login?", (await browser.GetAsync("/security")).Location, StringComparison.Ordinal);
        Assert.Contains("0 sessions", await portal.StateOfAsync(lin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_are_small_hidden_from_scripts_and_tell_nothing()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();

        var page = await browser.GetAsync("/login");
        var entered = await browser.TrySignInAsync(lin.UserName, Person.Password);
        var asked = await AskForCodeAsync(portal.NewBrowser(), lin.Phone);

        var cookies = page.Cookies.Concat(entered.Cookies).Concat(asked.Cookies).ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("portal=", StringComparison.Ordinal));
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Matches("(?i)samesite=(lax|strict)", cookie);
                Assert.True(cookie.Length < 4096, $"{cookie.Length} bytes");
                Assert.DoesNotContain(lin.UserName, cookie, StringComparison.Ordinal);
                Assert.DoesNotContain(lin.Phone[3..], cookie, StringComparison.Ordinal);
                Assert.DoesNotContain(lin.Id.ToString("N"), cookie.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        );
    }

    private static Task<HttpAnswer> EnterCodeAsync(HttpBrowser browser, HttpAnswer page, string phone, string code) =>
        browser.SubmitAsync(
            page,
            "main form",
            ("Input.ByCode", "true"),
            ("Input.User", phone),
            ("Input.Code", code),
            ("Input.Act", "sign-in")
        );

    private static async Task<HttpAnswer> AskForCodeAsync(HttpBrowser browser, string phone)
    {
        var page = await browser.GetAsync("/login?by=code");
        return await browser.SubmitAsync(page, "main form", ("Input.User", phone), ("Input.Act", "send"));
    }

    private async Task<HttpAnswer> TryAsync(string user, string password)
    {
        using var browser = portal.NewBrowser();
        return await browser.TrySignInAsync(user, password);
    }

    private async Task GuessOftenAsync(string user)
    {
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(200, (await TryAsync(user, "wrong")).Status);
        }
    }

    // What a person sees, without what they typed themselves and the ids the kit draws.
    private static string Plain(HttpAnswer answer)
    {
        answer.Document.QuerySelector("[data-testid=user]")?.RemoveAttribute("value");
        answer.Document.QuerySelectorAll($"[name={HttpBrowser.TokenField}]").ToList().ForEach(token => token.RemoveAttribute("value"));
        answer.Document.QuerySelectorAll(".rz-card, .rz-button").ToList().ForEach(drawn => drawn.RemoveAttribute("id"));
        return answer.Document.Body!.QuerySelector("main")!.OuterHtml;
    }
}
