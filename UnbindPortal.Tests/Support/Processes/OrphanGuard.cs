using System.Diagnostics;

namespace UnbindPortal.Support.Processes;

/// <summary>
/// Sees to it that a child does not outlive the tests, however they end: a watcher holds the reading end of a pipe, and when the
/// test process is gone without having released it (crash, hang guard, kill) the watcher kills the child.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    /// <summary>Ends quietly when a word arrives, kills the process given as argument when the pipe just ends.</summary>
    internal const string WatchScript = "read -r released || kill -9 \"$0\"";

    private readonly Process? watcher;

    public OrphanGuard(int childId)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        watcher = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", WatchScript, childId.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        );
    }

    /// <summary>The child has ended: the watcher is told so, or a later process with the same id could be its victim.</summary>
    public void Dispose()
    {
        if (watcher is null)
        {
            return;
        }

        watcher.StandardInput.WriteLine("released");
        watcher.StandardInput.Close();
        watcher.WaitForExit();
        watcher.Dispose();
    }
}
