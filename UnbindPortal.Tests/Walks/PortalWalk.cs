using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using UnbindPortal.Support;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;

namespace UnbindPortal.Walks;

/// <summary>Walks through the real portal, started for the test over a fresh data folder, with a browser of one's own.</summary>
[Collection(RealProcesses.Collection)]
public abstract class PortalWalk(SharedBrowser browser)
{
    /// <summary>Walks on one screen, in one language and one colour scheme.</summary>
    private protected Task WalkAsync(
        Look look,
        Func<PortalProcess, BrowserWalk, Task> steps,
        IReadOnlyDictionary<string, string>? options = null,
        [CallerMemberName] string test = ""
    ) => WalkAsync(look, [], steps, options, test);

    /// <summary>Walks while some troubles are part of the test.</summary>
    private protected async Task WalkAsync(
        Look look,
        IReadOnlyList<string> allowed,
        Func<PortalProcess, BrowserWalk, Task> steps,
        IReadOnlyDictionary<string, string>? options = null,
        [CallerMemberName] string test = ""
    )
    {
        await using var portal = await PortalProcess.StartAsync(options is null ? null : new PortalSetup { Variables = options });
        await browser.WalkAsync(look.At(portal.BaseAddress) with { Allowed = allowed }, walk => steps(portal, walk), test);
    }

    /// <summary>A second person's browser beside the first.</summary>
    private protected Task<BrowserWalk> SomeoneElseAsync(PortalProcess portal, Look look, params string[] allowed)
    {
        ArgumentNullException.ThrowIfNull(portal);
        ArgumentNullException.ThrowIfNull(look);
        return browser.OpenAsync(look.At(portal.BaseAddress) with { Allowed = allowed });
    }

    /// <summary>A browser that runs no scripts.</summary>
    private protected Task<BrowserWalk> WithoutScriptsAsync(PortalProcess portal, Look look)
    {
        ArgumentNullException.ThrowIfNull(portal);
        ArgumentNullException.ThrowIfNull(look);
        return browser.OpenAsync(look.At(portal.BaseAddress) with { Scripts = false });
    }
}

/// <summary>What the portal is looked at with.</summary>
public sealed record Look(Screen Screen, string Culture, ColorScheme Scheme = ColorScheme.Light)
{
    /// <summary>The usual one.</summary>
    public static Look Phone { get; } = new(Screen.Phone, "zh-CN");

    /// <summary>The other size, language and scheme.</summary>
    public static Look Desk { get; } = new(Screen.Desktop, "en", ColorScheme.Dark);

    /// <summary>Both sizes in both languages; a short run takes the two that share nothing.</summary>
    public static TheoryData<Look> All { get; } = [.. TestScale.Full ? AllFour() : [Phone, Desk]];

    public override string ToString() => $"{Screen} {Culture} {Scheme}";

    internal WalkSetup At(Uri address) =>
        new(address)
        {
            Screen = Screen,
            Culture = Culture,
            ColorScheme = Scheme,
        };

    private static Look[] AllFour() =>
        [Phone, Desk, new(Screen.Phone, "en", ColorScheme.Dark), new(Screen.Desktop, "zh-CN", ColorScheme.Light)];
}
