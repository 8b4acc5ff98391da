using Microsoft.Playwright;

namespace UnbindPortal.Support.Browser;

/// <summary>One person's browser: its own cookies, screen and language, with one page open and room for further tabs.</summary>
public sealed class BrowserWalk : IAsyncDisposable
{
    private readonly WalkSetup setup;
    private readonly Troubles troubles;
    private bool failed;

    private BrowserWalk(WalkSetup setup, IBrowserContext context, IPage page, Troubles troubles)
    {
        this.setup = setup;
        Context = context;
        Page = page;
        this.troubles = troubles;
    }

    /// <summary>The size it is looked at in.</summary>
    public Screen Screen => setup.Screen;

    /// <summary>The browser's language.</summary>
    public string Culture => setup.Culture;

    public IBrowserContext Context { get; }

    /// <summary>The first tab.</summary>
    public IPage Page { get; }

    /// <summary>Troubles so far that are not allowed.</summary>
    public IReadOnlyList<string> Troubles => troubles.Unexpected;

    /// <summary>The path and query the first tab shows.</summary>
    public string CurrentPath => new Uri(Page.Url).PathAndQuery;

    /// <summary>Opens a path of the portal in the first tab.</summary>
    public Task<IResponse?> GoToAsync(string path) => Page.GotoAsync(path);

    /// <summary>The element of the first tab with this <c>data-testid</c>.</summary>
    public ILocator At(string testId) => Page.GetByTestId(testId);

    /// <summary>A second tab of the same person.</summary>
    public Task<IPage> NewTabAsync() => Context.NewPageAsync();

    /// <summary>Fails, naming rule, place and help, when the page violates WCAG 2.2 AA where a program can tell.</summary>
    public Task AxeAsync(IPage? page = null) => Axe.AssertNoViolationAsync(page ?? Page);

    /// <summary>Saves a picture of the page in the test output; kept ones also go to <c>UnbindPortal.Tests/Screenshots</c> when asked for.</summary>
    public Task<string> ScreenshotAsync(string name, bool keep = false, IPage? page = null) =>
        Screenshots.SaveAsync(page ?? Page, name, keep);

    /// <summary>Allows troubles from here on, and those already seen, that hold one of these texts.</summary>
    public void Allow(params string[] parts) => troubles.Allow(parts);

    /// <summary>Closes the browser context and fails if there was any trouble.</summary>
    public async ValueTask DisposeAsync()
    {
        // One round trip through each page brings in what it reported up to now.
        foreach (var page in Context.Pages.Where(page => setup.Scripts && !page.IsClosed && !failed))
        {
            await page.EvaluateAsync("() => new Promise(done => setTimeout(done))");
        }

        await Context.DisposeAsync();
        if (!failed && Troubles is { Count: > 0 } unexpected)
        {
            Assert.Fail($"The browser reported trouble:\n{string.Join('\n', unexpected)}");
        }
    }

    internal static async Task<BrowserWalk> OpenAsync(IBrowser browser, WalkSetup setup)
    {
        var context = await browser.NewContextAsync(setup.ToContextOptions());
        var watched = await Browser.Troubles.WatchAsync(context, setup.Allowed);
        return new BrowserWalk(setup, context, await context.NewPageAsync(), watched);
    }

    /// <summary>The test failed inside the walk: keeps what helps to see why, and lets that failure be the one reported.</summary>
    internal async Task<string> DescribeFailureAsync(string test)
    {
        failed = true;
        var picture = await Screenshots.SaveAsync(Page, $"failed-{test}", keep: false);
        return $"In the browser at {Page.Url}, picture {picture}, trouble so far:\n{(Troubles.Count == 0 ? "none" : string.Join('\n', Troubles))}";
    }
}
