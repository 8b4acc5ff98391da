using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Protection;
using UnbindPortal.Data.Sqlite;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Changes;

/// <summary>
/// The one way to change data. Each run opens a fresh context, takes the write gate and the storage lock, lets the caller load and decide,
/// turns the domain's events into ledger entries and messages, and commits all of it together. Busy storage is tried again a bounded
/// number of times, so the function may run more than once: it must touch nothing outside its change.
/// </summary>
public sealed partial class PortalChanges(
    IDbContextFactory<PortalDbContext> databases,
    WriteGate gate,
    PortalClock clock,
    KeyRing keys,
    PortalSignals signals,
    IOptions<PortalDataOptions> options,
    IOptions<SessionLimits> sessions,
    ILogger<PortalChanges> logger
)
{
    /// <summary>Runs a change made by a signed-in person on their own account.</summary>
    /// <param name="actor">Who acts. The session is read again under the lock: an ended one writes nothing.</param>
    /// <param name="signedOut">The answer when the session no longer lives.</param>
    /// <param name="act">Loads, asks the domain, and returns the answer.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <exception cref="StorageUnavailableException">Storage could not take it; nothing changed.</exception>
    public Task<T> RunAsync<T>(Actor actor, T signedOut, Func<Change, Task<T>> act, CancellationToken cancel = default) =>
        RunAsync(
            ChangeScope.Account(actor.AccountId),
            async change =>
            {
                var session = await change.Db.Sessions.SingleOrDefaultAsync(
                    s => s.Id == actor.SessionId && s.AccountId == actor.AccountId,
                    cancel
                );
                if (session?.IsLive(change.Now, sessions.Value.Idle) is not true)
                {
                    return signedOut;
                }

                session.Touch(change.Now);
                change.Session = session;
                return await act(change);
            },
            cancel
        );

    /// <summary>Runs a change.</summary>
    /// <param name="scope">The accounts to lock.</param>
    /// <param name="act">Loads, asks the domain, and returns the answer.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <exception cref="StorageUnavailableException">Storage could not take it; nothing changed.</exception>
    public async Task<T> RunAsync<T>(ChangeScope scope, Func<Change, Task<T>> act, CancellationToken cancel = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(act, cancel);
            }
            catch (Exception error) when (SqliteTrouble.In(error) is { } trouble)
            {
                LogTrouble(logger, trouble, attempt, scope.Accounts.Count);
                if (trouble is not StorageTrouble.Busy || attempt >= options.Value.ChangeTries)
                {
                    throw new StorageUnavailableException(trouble, error);
                }
            }
        }
    }

    private async Task<T> RunOnceAsync<T>(Func<Change, Task<T>> act, CancellationToken cancel)
    {
        Change change;
        T answer;
        using (await gate.EnterAsync(cancel))
        {
            RefuseWhenFileIsGone();
            await using var db = await databases.CreateDbContextAsync(cancel);

            // Microsoft.Data.Sqlite begins IMMEDIATE: the storage lock is ours before anything is read.
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            db.InChange = true;
            change = new Change(db, clock.Now, CultureInfo.CurrentUICulture.Name, keys);
            answer = await act(change);
            await EventRecord.WriteAsync(change, cancel);
            await db.SaveChangesAsync(cancel);
            await CommitAsync(transaction);
            clock.Committed(change.Now);
        }

        signals.Committed(change);
        return answer;
    }

    // An open connection goes on writing into a file that was deleted: it would acknowledge what no restart finds again.
    private void RefuseWhenFileIsGone()
    {
        if (!File.Exists(options.Value.DatabaseFile))
        {
            LogTrouble(logger, StorageTrouble.Missing, 1, 0);
            throw new StorageUnavailableException(StorageTrouble.Missing, new FileNotFoundException("The database file is gone."));
        }
    }

    // From here on it must be finished: a caller who went away does not leave it in doubt.
    private static Task CommitAsync(IDbContextTransaction transaction) => transaction.CommitAsync(CancellationToken.None);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage is {Trouble} (try {Attempt}, {Accounts} accounts locked)")]
    private static partial void LogTrouble(ILogger logger, StorageTrouble trouble, int attempt, int accounts);
}
