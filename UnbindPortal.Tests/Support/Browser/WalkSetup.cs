using Microsoft.Playwright;

namespace UnbindPortal.Support.Browser;

/// <summary>Who walks: where, on what screen, in which language, and which troubles are part of the test.</summary>
public sealed record WalkSetup(Uri BaseAddress)
{
    public Screen Screen { get; init; } = Screen.Phone;

    /// <summary>The browser's language, sent as Accept-Language.</summary>
    public string Culture { get; init; } = "zh-CN";

    public ColorScheme ColorScheme { get; init; } = ColorScheme.Light;

    /// <summary>Whether the pages' scripts run.</summary>
    public bool Scripts { get; init; } = true;

    /// <summary>
    /// Parts of the text of troubles this test causes on purpose (a server that is restarted, a page that does not exist).
    /// Empty by default: then any console error, page error, failed request or CSP report fails the test.
    /// </summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    internal BrowserNewContextOptions ToContextOptions()
    {
        var phone = Screen is Screen.Phone;
        return new BrowserNewContextOptions
        {
            BaseURL = BaseAddress.ToString(),
            ViewportSize = phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 800 },
            IsMobile = phone,
            HasTouch = phone,
            DeviceScaleFactor = phone ? 2 : 1,
            JavaScriptEnabled = Scripts,
            Locale = Culture,
            TimezoneId = "Asia/Shanghai",
            ColorScheme = ColorScheme,
            // Pictures and contrast checks must not catch a page halfway through a movement.
            ReducedMotion = ReducedMotion.Reduce,
        };
    }
}
