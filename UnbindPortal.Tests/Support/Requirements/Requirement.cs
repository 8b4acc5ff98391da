using System.ComponentModel;
using System.Diagnostics;

namespace UnbindPortal.Support.Requirements;

/// <summary>What a test may need of the machine. Each answers null when it is there, else what is missing and how to get it.</summary>
internal static class Requirement
{
    /// <summary>Drops every capability: root without them is held by file modes like anyone else, and can still read the checkout.</summary>
    public static readonly IReadOnlyList<string> DropPrivileges = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"];

    private static readonly Lazy<string?> PrivilegesMissing = new(FindMissingPrivilegeTool);

    /// <summary>With <c>UNBIND_REQUIRE_ALL=1</c> nothing is skipped: a test that lacks something fails.</summary>
    public static bool RequireAll { get; } = TestSwitch.IsOn("UNBIND_REQUIRE_ALL");

    /// <summary>The browser the tests drive: <c>UNBIND_CHROMIUM</c>, or the first usual place that has one.</summary>
    public static string? ChromiumPath { get; } = FindChromium();

    public static string? Chromium =>
        ChromiumPath is null
            ? "needs Chromium; install it (Debian: apt-get install -y chromium fonts-noto-cjk) or set UNBIND_CHROMIUM to where it is"
            : null;

    public static string? Linux => OperatingSystem.IsLinux() ? null : "needs Linux: it sends signals and reads process tables";

    /// <summary>A way to run a child that file modes bind: not being root, or being root with a tool that drops its powers.</summary>
    public static string? Unprivileged => Linux ?? PrivilegesMissing.Value;

    /// <summary>
    /// Skips a test that lacks something, unless nothing may be skipped. The reason also goes into the name shown, because the plain
    /// console output of <c>dotnet test</c> lists skipped tests without their reasons.
    /// </summary>
    public static void SkipIf(FactAttribute fact, string test, string? missing)
    {
        if (missing is null || RequireAll)
        {
            return;
        }

        fact.Skip = missing;
        fact.DisplayName = $"{test}: {missing}";
    }

    private static string? FindChromium()
    {
        if (Environment.GetEnvironmentVariable("UNBIND_CHROMIUM") is { Length: > 0 } chosen)
        {
            return File.Exists(chosen) ? chosen : null;
        }

        string[] usual =
        [
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ];
        return usual.FirstOrDefault(File.Exists);
    }

    private static string? FindMissingPrivilegeTool()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        try
        {
            using var probe = Process.Start(
                new ProcessStartInfo(DropPrivileges[0], [.. DropPrivileges.Skip(1), "true"])
                {
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            )!;
            probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            return probe.ExitCode == 0 ? null : "runs as root and setpriv may not drop privileges here; run the tests as another user";
        }
        catch (Win32Exception)
        {
            return "runs as root and setpriv is missing (Debian: apt-get install -y util-linux); or run the tests as another user";
        }
    }
}
