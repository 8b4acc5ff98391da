using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using UnbindPortal.Support.Requirements;

namespace UnbindPortal.Support.Browser;

/// <summary>
/// The one Chromium of a test run, started by the first test that walks. Nothing is ever downloaded: the driver and its Node come
/// with the package, the browser is the machine's own.
/// </summary>
public sealed class SharedBrowser : IAsyncLifetime
{
    private static readonly string[] Quiet =
    [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>
    /// Walks through the portal with a browser of one's own. When the walk fails, a picture named after the test is saved and the
    /// browser's troubles are reported beside the failure; when it succeeds, any trouble that is not allowed fails it.
    /// </summary>
    public async Task WalkAsync(WalkSetup setup, Func<BrowserWalk, Task> steps, [CallerMemberName] string test = "")
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(steps);
        await using var walk = await OpenAsync(setup);
        try
        {
            await steps(walk);
        }
        catch (Exception failure)
        {
            throw new WalkFailedException(await walk.DescribeFailureAsync($"{test}-{setup.Screen}-{setup.Culture}"), failure);
        }
    }

    /// <summary>A browser of one's own for a test that needs several at once; disposing it fails on troubles, even over another failure.</summary>
    public async Task<BrowserWalk> OpenAsync(WalkSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        browser ??= await LaunchAsync();
        return await BrowserWalk.OpenAsync(browser, setup);
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        if (Requirement.Chromium is { } missing)
        {
            throw new InvalidOperationException($"This test {missing}.");
        }

        MakeDriverExecutable();
        // What is expected comes late on a busy machine; what never comes is told after this.
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright ??= await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Requirement.ChromiumPath,
                Headless = true,
                // Chromium refuses its sandbox to root.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                Args = Quiet,
            }
        );
    }

    /// <summary>A package unpacked or copied without its rights leaves the driver's Node as a plain file.</summary>
    private static void MakeDriverExecutable()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var driver = Path.Combine(AppContext.BaseDirectory, ".playwright", "node");
        foreach (var node in Directory.EnumerateFiles(driver, "node", SearchOption.AllDirectories))
        {
            if (!File.GetUnixFileMode(node).HasFlag(UnixFileMode.UserExecute))
            {
                File.SetUnixFileMode(node, File.GetUnixFileMode(node) | UnixFileMode.UserExecute);
            }
        }
    }
}

/// <summary>A test failed while it walked through the portal; the inner exception is the failure in full.</summary>
public sealed class WalkFailedException(string scene, Exception failure) : Exception($"{failure.Message.Split('\n')[0]}\n{scene}", failure);
