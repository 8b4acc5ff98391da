using Microsoft.EntityFrameworkCore;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard's form posts, as pages send them and as nobody's page does.</summary>
[Collection(SharedPortal.Name)]
public sealed class ConfirmHttpTests(PortalServer portal) : IAsyncLifetime
{
    private const string ConfirmForm = "form[action$='/confirm']";
    private readonly HttpBrowser browser = portal.NewBrowser();
    private Person lin = null!;
    private Guid request;

    public async Task InitializeAsync()
    {
        lin = await Person.InAsync(portal);
        await browser.SignInAsync(lin);
        request = await lin.ProveAsync(portal, BindingKind.WeChat, BindingKind.QQ);
    }

    public Task DisposeAsync()
    {
        browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Confirm_takes_all_of_the_set_and_sends_to_done_however_often_it_is_posted()
    {
        var page = await ConfirmPageAsync();

        var first = await browser.SubmitAsync(page, ConfirmForm);
        var after = await portal.StateOfAsync(lin);
        var second = await browser.SubmitAsync(page, ConfirmForm);
        var third = await browser.SubmitAsync(page, ConfirmForm);

        Assert.All([first, second, third], answer => Assert.Equal((303, DonePath), (answer.Status, answer.Location)));
        Assert.False(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
        Assert.False(await portal.IsBoundAsync(lin.Bindings[BindingKind.QQ]));
        Assert.Equal(after, await portal.StateOfAsync(lin));
        Assert.Equal(1, await EntriesAsync("BindingsRemoved"));
        Assert.Equal(200, (await browser.GetAsync(DonePath)).Status);
    }

    [Fact]
    public async Task Confirm_renews_the_cookie()
    {
        var answer = await browser.SubmitAsync(await ConfirmPageAsync(), ConfirmForm);

        Assert.Contains(answer.Cookies, cookie => cookie.StartsWith("portal=", StringComparison.Ordinal));
    }

    public static TheoryData<string> WrongHashes =>
        new("", "00", new string('0', 64), new string('0', 63), new string('f', 65), new string('z', 64), new string('a', 100_000), "绑定");

    [Theory]
    [MemberData(nameof(WrongHashes))]
    public async Task A_plan_hash_that_was_not_shown_confirms_nothing_and_goes_back_to_the_proof(string planHash)
    {
        var answer = await browser.SubmitAsync(await ConfirmPageAsync(), ConfirmForm, ("planHash", planHash));

        await AssertBackToProofAsync(answer);
    }

    [Fact]
    public async Task The_plan_hash_of_another_request_confirms_nothing()
    {
        var other = await lin.ProveAsync(portal, BindingKind.Alipay);
        var hash = (await browser.GetAsync($"/unbind/{other}/confirm")).Field("planHash");

        var answer = await browser.SubmitAsync(await ConfirmPageAsync(), ConfirmForm, ("planHash", hash));

        await AssertBackToProofAsync(answer);
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.Alipay]));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("259200")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    public async Task A_wait_that_was_not_shown_confirms_nothing_and_goes_back_to_the_proof(string wait)
    {
        var answer = await browser.SubmitAsync(await ConfirmPageAsync(), ConfirmForm, ("wait", wait));

        await AssertBackToProofAsync(answer);
    }

    [Fact]
    public async Task A_missing_wait_or_hash_confirms_nothing()
    {
        var page = await ConfirmPageAsync();

        var answer = await browser.PostAsync($"/unbind/{request}/confirm", (HttpBrowser.TokenField, page.Token));

        await AssertBackToProofAsync(answer);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task A_wait_that_is_no_number_is_refused_in_words_and_changes_nothing(string wait)
    {
        var before = await portal.StateOfAsync(lin);

        var answer = await browser.SubmitAsync(await ConfirmPageAsync(), ConfirmForm, ("wait", wait));

        Assert.Equal((400, Words.In<SharedTexts>("zh-CN", "StalePageTitle")), (answer.Status, answer.Heading));
        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Fact]
    public async Task Fields_the_form_does_not_have_change_nothing_about_it()
    {
        var other = await Person.InAsync(portal);
        var answer = await browser.SubmitAsync(
            await ConfirmPageAsync(),
            ConfirmForm,
            ("OwnerId", other.Id.ToString()),
            ("AccountId", other.Id.ToString()),
            ("requestId", Guid.NewGuid().ToString()),
            ("BindingIds", lin.Bindings[BindingKind.Phone].ToString()),
            ("IsVerified", "true"),
            ("Stage", "Done")
        );

        Assert.Equal((303, DonePath), (answer.Status, answer.Location));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.Phone]));
        Assert.True(await portal.IsBoundAsync(other.Bindings[BindingKind.WeChat]));
    }

    [Fact]
    public async Task A_field_sent_twice_confirms_nothing()
    {
        var page = await ConfirmPageAsync();
        var fields = new[] { (HttpBrowser.TokenField, page.Token), ("wait", page.Field("wait")) };

        var answer = await browser.PostAsync(
            $"/unbind/{request}/confirm",
            [.. fields, ("planHash", page.Field("planHash")), ("planHash", new string('0', 64))]
        );

        await AssertBackToProofAsync(answer);
    }

    [Fact]
    public async Task Confirming_before_proving_goes_to_the_proof()
    {
        var planned = await lin.PlanAsync(portal, BindingKind.Alipay);
        var page = await ConfirmPageAsync();
        var actor = await lin.ActorAsync(portal);
        var view = await portal.Get<IUnbindService>().FindAsync(actor, planned);

        var answer = await browser.PostAsync(
            $"/unbind/{planned}/confirm",
            (HttpBrowser.TokenField, page.Token),
            ("planHash", view!.PlanHash),
            ("wait", "0")
        );

        Assert.Equal((303, $"/unbind/{planned}/verify"), (answer.Status, answer.Location));
        Assert.Equal(UnbindStage.Planned, await portal.StageOfAsync(planned));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.Alipay]));
    }

    [Fact]
    public async Task A_proof_given_in_one_session_does_not_confirm_in_another()
    {
        var fields = Fields(await ConfirmPageAsync());
        using var other = portal.NewBrowser();
        await other.SignInAsync(lin);
        var token = (await other.GetAsync("/help")).Token;

        var answer = await other.PostAsync($"/unbind/{request}/confirm", [(HttpBrowser.TokenField, token), .. fields]);

        await AssertBackToProofAsync(answer);
    }

    [Fact]
    public async Task Who_signed_out_is_sent_to_sign_in_and_confirms_nothing()
    {
        var page = await ConfirmPageAsync();
        var cookies = browser.Cookies.GetAllCookies().Select(cookie => $"{cookie.Name}={cookie.Value}").ToList();
        await browser.SubmitAsync(page, "form[action='/logout']");
        var before = await portal.StateOfAsync(lin);

        // The very cookies of before: what ends a session is its row.
        using var replay = portal.NewBrowser();
        using var post = new HttpRequestMessage(HttpMethod.Post, $"/unbind/{request}/confirm");
        post.Headers.Add("Cookie", string.Join("; ", cookies));
        post.Content = new FormUrlEncodedContent([KeyValuePair.Create(HttpBrowser.TokenField, page.Token), .. Pairs(page)]);
        var answer = await replay.SendAsync(post);

        Assert.Equal(302, answer.Status);
        Assert.StartsWith("/login?returnUrl=", answer.Location, StringComparison.Ordinal);
        Assert.Equal(before, await portal.StateOfAsync(lin));
    }

    [Fact]
    public async Task Another_proof_goes_back_and_voids_the_given_one()
    {
        var page = await ConfirmPageAsync();

        var back = await browser.SubmitAsync(page, "form[action$='/another-proof']");
        var late = await browser.SubmitAsync(page, ConfirmForm);

        Assert.All([back, late], answer => Assert.Equal((303, VerifyPath), (answer.Status, answer.Location)));
        Assert.Equal(UnbindStage.Planned, await portal.StageOfAsync(request));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
    }

    [Fact]
    public async Task A_cancel_wins_over_a_later_confirm()
    {
        var page = await ConfirmPageAsync();

        var cancelled = await browser.SubmitAsync(page, "#cancel-form");
        var late = await browser.SubmitAsync(page, ConfirmForm);
        var again = await browser.SubmitAsync(page, "#cancel-form");

        Assert.All([cancelled, late, again], answer => Assert.Equal((303, DonePath), (answer.Status, answer.Location)));
        Assert.Equal(UnbindStage.Cancelled, await portal.StageOfAsync(request));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
    }

    [Fact]
    public async Task An_account_closed_meanwhile_confirms_nothing_and_says_why()
    {
        var page = await ConfirmPageAsync();
        await portal.ChangeAsync(async change => (await change.AccountAsync(lin.Id))!.Close());

        var answer = await browser.SubmitAsync(page, ConfirmForm);
        var done = await browser.GetAsync(DonePath);

        Assert.Equal((303, DonePath), (answer.Status, answer.Location));
        Assert.Contains(Words.In<UnbindTexts>("zh-CN", "DoneCancelledNoLongerPossible"), done.Words("outcome"), StringComparison.Ordinal);
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
    }

    [Fact]
    public async Task A_plan_that_changed_meanwhile_confirms_nothing_and_goes_back_to_the_proof_with_the_reason()
    {
        var page = await ConfirmPageAsync();
        var email = lin.Bindings[BindingKind.Email];
        await portal.ChangeAsync(async change => (await change.Db.Bindings.SingleAsync(b => b.Id == email)).KnownHistory(null, null));

        var answer = await browser.SubmitAsync(page, ConfirmForm);
        var verify = await browser.GetAsync(VerifyPath);

        await AssertBackToProofAsync(answer);
        Assert.Equal(Words.In<UnbindTexts>("zh-CN", "ReplannedPlanChanged"), verify.Words("replanned"));
    }

    private string DonePath => $"/unbind/{request}/done";

    private string VerifyPath => $"/unbind/{request}/verify";

    private async Task<HttpAnswer> ConfirmPageAsync()
    {
        var page = await browser.GetAsync($"/unbind/{request}/confirm");
        Assert.Equal(200, page.Status);
        return page;
    }

    private async Task AssertBackToProofAsync(HttpAnswer answer)
    {
        Assert.Equal((303, VerifyPath), (answer.Status, answer.Location));
        Assert.Equal(UnbindStage.Planned, await portal.StageOfAsync(request));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
        Assert.True(await portal.IsBoundAsync(lin.Bindings[BindingKind.QQ]));
        Assert.Equal(0, await EntriesAsync("BindingsRemoved"));
    }

    private Task<int> EntriesAsync(string kind) =>
        portal.ReadAsync(db => db.Ledger.CountAsync(entry => entry.AccountId == lin.Id && entry.Action == kind));

    private static (string Name, string Value)[] Fields(HttpAnswer page) =>
        [("planHash", page.Field("planHash")), ("wait", page.Field("wait"))];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(HttpAnswer page) =>
        Fields(page).Select(field => KeyValuePair.Create(field.Name, field.Value));
}
