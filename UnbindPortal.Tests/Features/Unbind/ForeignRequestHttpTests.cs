using System.Text.RegularExpressions;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Unbind;

/// <summary>Not found and not yours look alike.</summary>
[Collection(SharedPortal.Name)]
public sealed partial class ForeignRequestHttpTests(PortalServer portal)
{
    [Theory]
    [InlineData("verify")]
    [InlineData("confirm")]
    [InlineData("done")]
    public async Task A_page_of_somebody_elses_request_is_no_page(string step)
    {
        var (browser, foreign) = await GivenForeignRequestAsync();
        var unknown = Guid.NewGuid();

        var theirs = await browser.GetAsync($"/unbind/{foreign}/{step}");
        var nobodys = await browser.GetAsync($"/unbind/{unknown}/{step}");

        Assert.Equal((404, Words.In<SharedTexts>("zh-CN", "NotFoundTitle")), (theirs.Status, theirs.Heading));
        AssertAlike(theirs, foreign, nobodys, unknown);
    }

    [Theory]
    [InlineData("confirm")]
    [InlineData("cancel")]
    [InlineData("another-proof")]
    public async Task A_post_to_somebody_elses_request_is_answered_like_one_to_none_and_changes_nothing(string act)
    {
        var (browser, foreign) = await GivenForeignRequestAsync();
        var unknown = Guid.NewGuid();
        var token = (await browser.GetAsync("/help")).Token;
        var stage = await portal.StageOfAsync(foreign);

        var theirs = await PostAsync(browser, foreign, act, token);
        var nobodys = await PostAsync(browser, unknown, act, token);

        Assert.Equal((404, Words.In<SharedTexts>("zh-CN", "NotFoundTitle")), (theirs.Status, theirs.Heading));
        AssertAlike(theirs, foreign, nobodys, unknown);
        Assert.Equal(stage, await portal.StageOfAsync(foreign));
    }

    [Theory]
    [InlineData("/unbind/not-a-guid/verify")]
    [InlineData("/unbind/not-a-guid/confirm")]
    [InlineData("/unbind/0/done")]
    [InlineData("/unbind/%00/done")]
    [InlineData("/unbind/{0}/else")]
    public async Task An_address_that_names_no_request_is_no_page(string path)
    {
        var (browser, _) = await GivenForeignRequestAsync();

        var answer = await browser.GetAsync(path);

        Assert.Contains(answer.Status, new[] { 400, 404 });
        Assert.Equal(answer.Status is 404, answer.Heading == Words.In<SharedTexts>("zh-CN", "NotFoundTitle"));
    }

    private static Task<HttpAnswer> PostAsync(HttpBrowser browser, Guid request, string act, string token) =>
        browser.PostAsync($"/unbind/{request}/{act}", (HttpBrowser.TokenField, token), ("planHash", new string('0', 64)), ("wait", "0"));

    private async Task<(HttpBrowser Browser, Guid Foreign)> GivenForeignRequestAsync()
    {
        var owner = await Person.InAsync(portal);
        using var theirs = portal.NewBrowser();
        await theirs.SignInAsync(owner);
        var foreign = await owner.ProveAsync(portal, BindingKind.WeChat);

        var mallory = await Person.InAsync(portal);
        var browser = portal.NewBrowser();
        await browser.SignInAsync(mallory);
        return (browser, foreign);
    }

    private static void AssertAlike(HttpAnswer one, Guid oneId, HttpAnswer other, Guid otherId)
    {
        Assert.Equal(one.Status, other.Status);
        Assert.Equal(Normal(one.Body, oneId), Normal(other.Body, otherId));
        Assert.Equal(Headers(one), Headers(other));
    }

    // Ids and what is drawn anew for every answer.
    private static string Normal(string body, Guid id) =>
        Drawn().Replace(body.Replace(id.ToString(), "ID", StringComparison.OrdinalIgnoreCase), "DRAWN");

    private static IEnumerable<string> Headers(HttpAnswer answer) =>
        answer
            .Response.Headers.Concat(answer.Response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Content-Length" or "Set-Cookie"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order(StringComparer.Ordinal);

    [GeneratedRegex("CfDJ8[A-Za-z0-9_/+=-]+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Drawn();
}
