using UnbindPortal.Domain;

namespace UnbindPortal.Components.Shared;

/// <summary>
/// Lets one act of an interactive page run at a time. A double click reaches the server twice before a disabled button reaches the browser, so the
/// guard stands here. One instance per component; the circuit's own thread is its lock.
/// </summary>
public sealed class Submission
{
    /// <summary>Whether an act is running; show it with <c>PortalButton.Busy</c>.</summary>
    public bool Busy { get; private set; }

    /// <summary>Storage refused the last act, with nothing changed; null when it did not.</summary>
    public StorageTrouble? Trouble { get; private set; }

    /// <summary>Runs the act unless another is still running, in which case nothing happens.</summary>
    public async Task RunAsync(Func<Task> act)
    {
        if (Busy)
        {
            return;
        }

        Busy = true;
        Trouble = null;
        try
        {
            await act();
        }
        catch (StorageUnavailableException unavailable)
        {
            Trouble = unavailable.Trouble;
        }
        finally
        {
            Busy = false;
        }
    }
}
