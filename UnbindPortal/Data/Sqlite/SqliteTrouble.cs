using Microsoft.Data.Sqlite;
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
