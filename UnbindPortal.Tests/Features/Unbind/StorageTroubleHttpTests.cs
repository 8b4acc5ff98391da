using Microsoft.Data.Sqlite;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Unbind;

/// <summary>Storage that cannot be written or read: an answer in words, nothing changed, and all well again once storage is.</summary>
public sealed class StorageTroubleHttpTests(StorageTroubleHttpTests.ImpatientPortal portal)
    : IClassFixture<StorageTroubleHttpTests.ImpatientPortal>
{
    private const string ConfirmForm = "form[action$='/confirm']";

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task A_confirm_while_another_program_holds_the_database_says_so_and_works_afterwards(string language)
    {
        var (browser, lin, request) = await GivenVerifiedAsync();
        await browser.PostAsync(
            "/language",
            (HttpBrowser.TokenField, (await browser.GetAsync("/help")).Token),
            ("culture", language),
            ("returnUrl", "/")
        );
        var page = await browser.GetAsync($"/unbind/{request}/confirm");
        var before = await portal.StateOfAsync(lin);

        HttpAnswer refused;
        await using (var other = await portal.OpenFileAsync())
        {
            await RunAsync(other, "BEGIN IMMEDIATE");
            refused = await browser.SubmitAsync(page, ConfirmForm);
        }

        Assert.Equal(before, await portal.StateOfAsync(lin));
        AssertInWords(refused, language, StorageTrouble.Busy);
        var done = await browser.SubmitAsync(page, ConfirmForm);
        Assert.Equal((303, $"/unbind/{request}/done"), (done.Status, done.Location));
        Assert.False(await portal.IsBoundAsync(lin.Bindings[BindingKind.WeChat]));
    }

    [Fact]
    public async Task Signing_in_while_another_program_holds_the_database_says_so_and_opens_no_session()
    {
        var lin = await Person.InAsync(portal);
        using var browser = portal.NewBrowser();
        var before = await portal.StateOfAsync(lin);

        HttpAnswer refused;
        await using (var other = await portal.OpenFileAsync())
        {
            await RunAsync(other, "BEGIN IMMEDIATE");
            refused = await browser.TrySignInAsync(lin.UserName, Person.Password);
        }

        AssertInWords(refused, "zh-CN", StorageTrouble.Busy);
        Assert.Equal(before, await portal.StateOfAsync(lin));
        await browser.SignInAsync(lin);
    }

    [Fact]
    public async Task Pages_can_be_looked_at_while_another_program_holds_the_database()
    {
        var (browser, _, request) = await GivenVerifiedAsync();
        await using var other = await portal.OpenFileAsync();
        await RunAsync(other, "BEGIN IMMEDIATE");

        Assert.Equal(200, (await browser.GetAsync("/security")).Status);
        Assert.Equal(200, (await browser.GetAsync($"/unbind/{request}/confirm")).Status);
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_says_so_and_comes_back()
    {
        var (browser, _, request) = await GivenVerifiedAsync();

        HttpAnswer broken;
        await using (await WithoutTableAsync("UnbindRequests"))
        {
            broken = await browser.GetAsync($"/unbind/{request}/confirm");
        }

        AssertInWords(broken, "zh-CN", StorageTrouble.Damaged);
        Assert.Equal(200, (await browser.GetAsync($"/unbind/{request}/confirm")).Status);
    }

    [Fact]
    public async Task Sessions_that_cannot_be_read_are_said_in_words_and_not_lost()
    {
        var (browser, _, _) = await GivenVerifiedAsync();

        HttpAnswer broken;
        await using (await WithoutTableAsync("Sessions"))
        {
            broken = await browser.GetAsync("/security");
        }

        AssertInWords(broken, "zh-CN", StorageTrouble.Damaged);
        Assert.Equal(200, (await browser.GetAsync("/security")).Status);
    }

    [Theory]
    [InlineData("/security", "Bindings")]
    [InlineData("/unbind", "Bindings")]
    [InlineData("/unbind/{0}/verify", "UnbindRequests")]
    public async Task An_interactive_page_that_cannot_be_read_shows_what_to_do(string path, string table)
    {
        var (browser, _, request) = await GivenVerifiedAsync();
        var address = string.Format(CultureInfo.InvariantCulture, path, request);

        HttpAnswer broken;
        await using (await WithoutTableAsync(table))
        {
            broken = await browser.GetAsync(address);
        }

        Assert.Equal(200, broken.Status);
        Assert.Equal(address, broken.Document.QuerySelector("[data-testid=retry]")!.GetAttribute("href"));
        Assert.NotNull(broken.Document.QuerySelector("[role=alert][data-testid=error]"));
    }

    private static void AssertInWords(HttpAnswer answer, string language, StorageTrouble trouble)
    {
        Assert.Equal((503, Words.In<SharedTexts>(language, "StorageTitle")), (answer.Status, answer.Heading));
        Assert.Contains(
            Words.In<SharedTexts>(language, $"StorageTrouble{trouble}"),
            answer.Document.Body!.TextContent,
            StringComparison.Ordinal
        );
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        Assert.DoesNotContain("SQLite", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(HttpBrowser Browser, Person Person, Guid Request)> GivenVerifiedAsync()
    {
        var lin = await Person.InAsync(portal);
        var browser = portal.NewBrowser();
        await browser.SignInAsync(lin);
        return (browser, lin, await lin.ProveAsync(portal, BindingKind.WeChat));
    }

    // As if the file had been replaced by another one; put back when disposed.
    private async Task<IAsyncDisposable> WithoutTableAsync(string table)
    {
        var file = await portal.OpenFileAsync();
        await RunAsync(file, "PRAGMA legacy_alter_table=ON");
        await RunAsync(file, "PRAGMA foreign_keys=OFF");
        await RunAsync(file, $"ALTER TABLE \"{table}\" RENAME TO \"{table}Away\"");
        return new PutBack(file, $"ALTER TABLE \"{table}Away\" RENAME TO \"{table}\"");
    }

    private static async Task RunAsync(SqliteConnection file, string sql)
    {
        await using var command = file.CreateCommand();
#pragma warning disable CA2100 // The texts are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private sealed class PutBack(SqliteConnection file, string sql) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await RunAsync(file, sql);
            await file.DisposeAsync();
        }
    }

    /// <summary>Gives up on a locked database after a second instead of fifteen.</summary>
    public sealed class ImpatientPortal() : PortalServer("Production", ("Portal:BusyTimeout", "00:00:01"), ("Portal:ChangeTries", "1"));
}
