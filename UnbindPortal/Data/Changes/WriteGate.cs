using Microsoft.Extensions.Options;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Changes;

/// <summary>
/// Lets one change of this process write at a time, from BEGIN IMMEDIATE until COMMIT has returned. SQLite allows one writer anyway; the
/// gate makes the others wait in a fair queue instead of polling, and keeps every automatic checkpoint inside a writer's turn, which the
/// WAL-reset bug of SQLite 3.7.0 to 3.51.2 calls for.
/// </summary>
public sealed class WriteGate(IOptions<PortalDataOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; dispose the answer to pass it on.</summary>
    /// <exception cref="StorageUnavailableException">The turn did not come within the configured time.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        if (!await _turn.WaitAsync(options.Value.GateTimeout, cancel))
        {
            throw new StorageUnavailableException(StorageTrouble.Busy, new TimeoutException("The write gate stayed closed."));
        }

        return new Turn(_turn);
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
