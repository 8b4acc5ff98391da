using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UnbindPortal.Data.Sqlite;

/// <summary>Puts the settings that SQLite keeps per connection on every connection EF Core opens.</summary>
internal sealed class SqliteConnections(int maxDatabaseMiB) : DbConnectionInterceptor
{
    private const int PagesPerMiB = 256; // of 4 KiB, SQLite's default

    // synchronous=FULL: an acknowledged commit survives power loss. secure_delete: removed values do not linger in free pages.
    private readonly string _pragmas =
        "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;"
        + (maxDatabaseMiB > 0 ? $" PRAGMA max_page_count={maxDatabaseMiB * PagesPerMiB};" : "");

    /// <summary>The connection string for the database at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="busyTimeout">How long one statement waits for a lock before it fails as busy.</param>
    /// <param name="mayCreate">Create the file when it is missing.</param>
    public static string StringFor(string path, TimeSpan busyTimeout, bool mayCreate) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mayCreate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Cache = SqliteCacheMode.Private,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
            Pooling = true,
        }.ToString();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
