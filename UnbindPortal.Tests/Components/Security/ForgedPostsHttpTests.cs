using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Components.Security;

/// <summary>Posts that no page of ours made: refused before they do anything, and where a person may see it, in words.</summary>
[Collection(SharedPortal.Name)]
public sealed class ForgedPostsHttpTests(PortalServer portal) : IAsyncLifetime
{
    private readonly HttpBrowser browser = portal.NewBrowser();
    private Person lin = null!;
    private Guid request;

    public static TheoryData<string> Posts =>
        new(
            "/login",
            "/logout",
            "/language",
            "/security/password",
            "/unbind/{0}/confirm",
            "/unbind/{0}/cancel",
            "/unbind/{0}/another-proof"
        );

    public async Task InitializeAsync()
    {
        lin = await Person.InAsync(portal);
        await browser.SignInAsync(lin);
        request = await lin.ProveAsync(portal, BindingKind.WeChat);
    }

    public Task DisposeAsync()
    {
        browser.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_form_without_its_token_is_refused_in_words_and_changes_nothing(string path) =>
        await AssertRefusedAsync(path, token: null);

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_form_with_a_garbled_token_is_refused_in_words_and_changes_nothing(string path)
    {
        var token = (await browser.GetAsync("/help")).Token;

        await AssertRefusedAsync(path, $"{token[..^8]}AAAAAAAA");
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_form_with_somebody_elses_token_is_refused_in_words_and_changes_nothing(string path)
    {
        var mallory = await Person.InAsync(portal);
        using var theirs = portal.NewBrowser();
        await theirs.SignInAsync(mallory);

        await AssertRefusedAsync(path, (await theirs.GetAsync("/help")).Token);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_form_another_site_sent_is_refused_even_with_the_right_token(string path)
    {
        var page = await browser.GetAsync($"/unbind/{request}/confirm");
        var before = await portal.StateOfAsync(lin);
        (string, string)[][] origins =
        [
            [("Sec-Fetch-Site", "cross-site")],
            [("Sec-Fetch-Site", "same-site")],
            [("Origin", "https://evil.example")],
            [("Origin", "null")],
            [("Origin", portal.Origin.AbsoluteUri.TrimEnd('/')), ("Sec-Fetch-Site", "cross-site")],
        ];

        foreach (var headers in origins)
        {
            var answer = await PostAsync(path, page, page.Token, headers);
            Assert.Equal(403, answer.Status);
        }

        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData("none")]
    public async Task A_form_of_our_own_passes_with_the_headers_browsers_send(string site)
    {
        var page = await browser.GetAsync($"/unbind/{request}/confirm");
        var own = portal.Origin.AbsoluteUri.TrimEnd('/');

        var answer = await PostAsync("/unbind/{0}/confirm", page, page.Token, ("Origin", own), ("Sec-Fetch-Site", site));

        Assert.Equal((303, $"/unbind/{request}/done"), (answer.Status, answer.Location));
    }

    [Theory]
    [InlineData("/language")]
    [InlineData("/unbind/{0}/cancel")]
    [InlineData("/unbind/{0}/another-proof")]
    public async Task What_changes_something_cannot_be_fetched(string path)
    {
        var before = await portal.StateOfAsync(lin);

        var answer = await browser.GetAsync(At(path));

        Assert.Contains(answer.Status, new[] { 404, 405 });
        Assert.Equal(Words.In<SharedTexts>("zh-CN", "NotFoundTitle"), answer.Heading);
        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Theory]
    [InlineData("/logout")]
    [InlineData("/unbind/{0}/confirm")]
    public async Task Fetching_a_page_that_can_be_posted_to_changes_nothing(string path)
    {
        var before = await portal.StateOfAsync(lin);

        Assert.Equal(200, (await browser.GetAsync(At(path))).Status);

        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Fact]
    public async Task A_form_of_another_kind_is_refused_and_changes_nothing()
    {
        var before = await portal.StateOfAsync(lin);
        foreach (var type in new[] { "text/plain", "application/json", "multipart/form-data; boundary=x" })
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, At("/unbind/{0}/confirm"));
            post.Content = new StringContent("{}");
            post.Content.Headers.Remove("Content-Type");
            post.Content.Headers.TryAddWithoutValidation("Content-Type", type);

            Assert.InRange((await browser.SendAsync(post)).Status, 400, 415);
        }

        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    private string At(string path) => string.Format(CultureInfo.InvariantCulture, path, request);

    private async Task AssertRefusedAsync(string path, string? token)
    {
        var page = await browser.GetAsync($"/unbind/{request}/confirm");
        var before = await portal.StateOfAsync(lin);

        var answer = await PostAsync(path, page, token);

        Assert.Equal((400, Words.In<SharedTexts>("zh-CN", "StalePageTitle")), (answer.Status, answer.Heading));
        Assert.Equal(before, await portal.StateOfAsync(lin));
        Assert.Equal(200, (await browser.GetAsync("/security")).Status);
    }

    // Every field any of the forms has, all of them right.
    private Task<HttpAnswer> PostAsync(string path, HttpAnswer page, string? token, params (string Name, string Value)[] headers)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["_handler"] = path is "/login" ? "login" : "set-password",
            ["Input.User"] = lin.UserName,
            ["Input.Password"] = Person.Password,
            ["Input.Act"] = "sign-in",
            ["culture"] = "en",
            ["returnUrl"] = "/",
            ["planHash"] = page.Field("planHash"),
            ["wait"] = page.Field("wait"),
        };
        if (token is not null)
        {
            fields[HttpBrowser.TokenField] = token;
        }

        var post = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = new FormUrlEncodedContent(fields) };
        foreach (var (name, value) in headers)
        {
            post.Headers.Add(name, value);
        }

        return browser.SendAsync(post);
    }
}
