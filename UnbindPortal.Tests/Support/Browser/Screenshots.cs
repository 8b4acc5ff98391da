using Microsoft.Playwright;

namespace UnbindPortal.Support.Browser;

/// <summary>
/// Pictures of pages. Each run writes its own below the test output; the ones kept for the README are committed and only written
/// again when <c>UNBIND_UPDATE_SCREENSHOTS=1</c>, because no two machines draw the same bytes.
/// </summary>
internal static class Screenshots
{
    private static readonly bool UpdateKept = TestSwitch.IsOn("UNBIND_UPDATE_SCREENSHOTS");

    /// <summary>Of this run; not committed.</summary>
    public static string OutputFolder { get; } = Path.Combine(AppContext.BaseDirectory, "artifacts", "screenshots");

    /// <summary>Committed pictures.</summary>
    public static string KeptFolder { get; } = Path.Combine(Repository.Root, "UnbindPortal.Tests", "Screenshots");

    /// <summary>Saves the whole page as <c>name.png</c>, a kept one as much as the screen shows, and answers the path.</summary>
    public static async Task<string> SaveAsync(IPage page, string name, bool keep)
    {
        var path = Path.Combine(OutputFolder, name + ".png");
        Directory.CreateDirectory(OutputFolder);
        // Nothing under the pointer looks pressed.
        await page.Mouse.MoveAsync(0, 0);
        // Caret hidden and animations finished, so that two pictures of one page differ only where the page does.
        await page.ScreenshotAsync(
            new PageScreenshotOptions
            {
                Path = path,
                FullPage = !keep,
                Animations = ScreenshotAnimations.Disabled,
            }
        );
        if (keep && UpdateKept)
        {
            Directory.CreateDirectory(KeptFolder);
            File.Copy(path, Path.Combine(KeptFolder, name + ".png"), overwrite: true);
        }

        return path;
    }
}
