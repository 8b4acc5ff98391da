using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Sqlite;

/// <summary>Reads SQLite's primary result codes as the words the portal has for storage trouble.</summary>
internal static class SqliteTrouble
{
    /// <summary>What is wrong with storage, or null when <paramref name="error"/> is not about storage (a constraint, a bug).</summary>
    public static StorageTrouble? In(Exception error) =>
        Find(error)?.SqliteErrorCode switch
        {
            5 or 6 => StorageTrouble.Busy, // SQLITE_BUSY, SQLITE_LOCKED
            13 => StorageTrouble.Full, // SQLITE_FULL
            8 or 3 => StorageTrouble.ReadOnly, // SQLITE_READONLY, SQLITE_PERM
            14 => StorageTrouble.Missing, // SQLITE_CANTOPEN
            10 or 11 or 26 => StorageTrouble.Damaged, // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB
            1 when Find(error)!.Message.Contains("no such table", StringComparison.Ordinal) => StorageTrouble.Damaged, // replaced under our feet
            _ => null,
        };

    private static SqliteException? Find(Exception? error)
    {
        while (error is not null and not SqliteException)
        {
            error = error.InnerException;
        }

        return (SqliteException?)error;
    }
}

/// <summary>
/// Says storage trouble in the portal's own words wherever EF Core meets it, reads included, so that no page and no service has to know SQLite.
/// </summary>
internal sealed class SqliteTroubleWords : DbCommandInterceptor, IDbConnectionInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Say(eventData.Exception);

    public override Task CommandFailedAsync(
        DbCommand command,
        CommandErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Say(eventData.Exception);
        return Task.CompletedTask;
    }

    public void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Say(eventData.Exception);

    public Task ConnectionFailedAsync(
        DbConnection connection,
        ConnectionErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Say(eventData.Exception);
        return Task.CompletedTask;
    }

    private static void Say(Exception error)
    {
        if (SqliteTrouble.In(error) is { } trouble)
        {
            throw new StorageUnavailableException(trouble, error);
        }
    }
}
