using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using UnbindPortal.Support;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;

namespace UnbindPortal.Walks;

/// <summary>Walks through the real portal with a browser of one's own.</summary>
[Collection(RealProcesses.Collection)]
public abstract class PortalWalk(SharedBrowser browser, SharedPortal shared)
{
    /// <summary>Walks through the portal all walks share, as somebody no other walk has met.</summary>
    private protected async Task WalkAsync(
        Look look,
        Func<Person, BrowserWalk, Task> steps,
        string[]? allowed = null,
        [CallerMemberName] string test = ""
    )
    {
        var portal = await shared.StartedAsync();
        var setup = look.At(portal.BaseAddress) with { Allowed = allowed ?? [] };
        await browser.WalkAsync(setup, walk => steps(shared.NextPerson(), walk), test);
    }

    /// <summary>Walks through a portal of its own over a fresh folder, where only the demo accounts are.</summary>
    private protected async Task WalkFreshAsync(
        Look look,
        Func<PortalProcess, BrowserWalk, Task> steps,
        string[]? allowed = null,
        [CallerMemberName] string test = ""
    )
    {
        await using var portal = await PortalProcess.StartAsync();
        var setup = look.At(portal.BaseAddress) with { Allowed = allowed ?? [] };
        await browser.WalkAsync(setup, walk => steps(portal, walk), test);
    }

    /// <summary>Another browser at the shared portal.</summary>
    private protected async Task<BrowserWalk> AnotherBrowserAsync(Look look, bool scripts = true, params string[] allowed)
    {
        ArgumentNullException.ThrowIfNull(look);
        var portal = await shared.StartedAsync();
        return await browser.OpenAsync(look.At(portal.BaseAddress) with { Scripts = scripts, Allowed = allowed });
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
