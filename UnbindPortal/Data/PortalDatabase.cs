using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Data.Sqlite;
using UnbindPortal.Domain;

namespace UnbindPortal.Data;

/// <summary>The portal cannot start; the message says why in words and what to do.</summary>
/// <param name="message">For the operator.</param>
/// <param name="exitCode">3 when another process holds the data folder, otherwise 1.</param>
public sealed class StartRefusedException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>Takes possession of the data folder for the life of the process: lock, checks, migrations, and one connection that stays open.</summary>
public sealed partial class PortalDatabase(
    IDbContextFactory<PortalDbContext> databases,
    IServiceProvider services,
    PortalClock clock,
    IOptions<PortalDataOptions> options,
    ILogger<PortalDatabase> logger
) : IDisposable
{
    private PortalLock? _lock;
    private SqliteConnection? _anchor;

    /// <summary>Opens, checks and migrates the database. Call once, before anything reads it.</summary>
    /// <param name="describe">What to tell another process that asks who holds the folder.</param>
    /// <exception cref="StartRefusedException">It cannot be used as it is.</exception>
    public async Task OpenAsync(string describe)
    {
        var folder = Path.GetFullPath(options.Value.DataFolder);
        TakeFolder(folder, describe);
        try
        {
            var keys = services.GetRequiredService<KeyRing>();
            await OpenAnchorAsync();
            await CheckKeyRingAsync(keys);
            await ClearAbandonedMigrationLockAsync();
            var pending = await MigrateAsync();
            clock.Committed(await LatestCommitAsync());
            LogOpened(logger, await ScalarAsync("SELECT sqlite_version()"), pending);
        }
        catch (Exception error) when (SqliteTrouble.In(error) is { } trouble)
        {
            throw new StartRefusedException(
                $"The database {options.Value.DatabaseFile} cannot be used: {WordsFor(trouble)} ({error.Message}) Nothing was changed."
            );
        }
        catch (SqliteException error)
        {
            throw new StartRefusedException($"The database {options.Value.DatabaseFile} cannot be used: {error.Message}");
        }
        catch (InvalidOperationException error)
        {
            throw new StartRefusedException(error.Message);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StartRefusedException($"The key ring {options.Value.KeyRingPath} cannot be used: {error.Message}");
        }
    }

    private static string WordsFor(StorageTrouble trouble) =>
        trouble switch
        {
            StorageTrouble.Busy => "another program has it locked.",
            StorageTrouble.Full => "the disk is full.",
            StorageTrouble.ReadOnly => "it is read-only. Give the portal's user the right to write it and its folder.",
            StorageTrouble.Missing => "it cannot be opened. Give the portal's user the right to read and write it and its folder.",
            StorageTrouble.Damaged =>
                "it is damaged or no database. Restore it from a backup, or name another place with Portal:DataFolder.",
        };

    /// <inheritdoc />
    public void Dispose()
    {
        if (_anchor is not null)
        {
            // Nobody writes any more. The pooled ones first, so that closing the anchor writes the log back into the file: whoever copies
            // the file of a stopped portal copies everything.
            SqliteConnection.ClearPool(new SqliteConnection(ConnectionString(mayCreate: false)));
            _anchor.Dispose();
        }

        _lock?.Dispose();
    }

    private void TakeFolder(string folder, string describe)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                var made = Directory.CreateDirectory(folder);
                if (!OperatingSystem.IsWindows())
                {
                    made.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                }
            }

            _lock = PortalLock.TryTake(folder, out var holder);
            if (_lock is null)
            {
                throw new StartRefusedException($"Another process works on {folder}: {holder}. Stop it first.", exitCode: 3);
            }

            _lock.Describe(describe);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StartRefusedException(
                $"The data folder {folder} cannot be written: {error.Message} Portal:DataFolder names another."
            );
        }
    }

    // Closing the last connection would checkpoint outside the write gate, so one stays open.
    private async Task OpenAnchorAsync()
    {
        var isNew = !File.Exists(options.Value.DatabaseFile);
        RefuseReadOnlyFile(isNew);
        _anchor = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString(mayCreate: true)) { Pooling = false }.ToString());
        await _anchor.OpenAsync();
        if (isNew && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(options.Value.DatabaseFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await ScalarAsync("PRAGMA journal_mode=WAL");
        if (await ScalarAsync("PRAGMA quick_check(1)") is not "ok" and var damage)
        {
            throw new StartRefusedException($"The database {options.Value.DatabaseFile} is damaged: {damage}. Restore it from a backup.");
        }
    }

    // Which migrations are applied is asked without EF Core: building its model costs more than everything else at a start, and a database
    // that is up to date needs none of it.
    private async Task<int> MigrateAsync()
    {
        var known = typeof(PortalDbContext)
            .Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .ToArray();
        var pending = known.Length;
        if (await ScalarAsync("SELECT name FROM sqlite_master WHERE name = '__EFMigrationsHistory'") is not null)
        {
            var applied = await ScalarAsync("SELECT group_concat(MigrationId) FROM \"__EFMigrationsHistory\"");
            pending = known.Except((applied ?? "").Split(',')).Count();
        }

        if (pending > 0)
        {
            await using var db = await databases.CreateDbContextAsync();
            await db.Database.MigrateAsync();
        }

        return pending;
    }

    private async Task<DateTimeOffset> LatestCommitAsync() =>
        await ScalarAsync("SELECT At FROM Ledger ORDER BY Seq DESC LIMIT 1") is { } ticks
            ? new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero)
            : DateTimeOffset.MinValue;

    // SQLite would open it quietly for reading only and fail at the first change. Asked before any connection is open: closing a file
    // drops the locks this process has on it.
    private void RefuseReadOnlyFile(bool isNew)
    {
        try
        {
            using var _ = isNew
                ? null
                : new FileStream(options.Value.DatabaseFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The database {options.Value.DatabaseFile} cannot be used: {WordsFor(StorageTrouble.ReadOnly)} Nothing was changed."
            );
        }
    }

    // A ring that is well-formed but another database's would write what nobody can read beside what it cannot read itself.
    private async Task CheckKeyRingAsync(KeyRing keys)
    {
        if (await ScalarAsync("SELECT name FROM sqlite_master WHERE name = 'Accounts'") is null)
        {
            return;
        }

        await using var command = _anchor!.CreateCommand();
        command.CommandText = "SELECT Id, WrappedDataKey FROM Accounts WHERE length(WrappedDataKey) > 0 LIMIT 1";
        await using var account = await command.ExecuteReaderAsync();
        try
        {
            if (await account.ReadAsync())
            {
                keys.Unwrap(account.GetGuid(0), account.GetFieldValue<byte[]>(1));
            }
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException(
                $"The key ring {options.Value.KeyRingPath} is not the one of the database {options.Value.DatabaseFile}. Restore the one that belongs to it (Portal:KeyRingFile names its place). Nothing was changed."
            );
        }
    }

    private string ConnectionString(bool mayCreate) =>
        SqliteConnections.StringFor(options.Value.DatabaseFile, options.Value.BusyTimeout, mayCreate);

    // We hold the folder's lock, so nobody else can be migrating: a lock row left by a killed process is stale.
    private async Task ClearAbandonedMigrationLockAsync()
    {
        if (await ScalarAsync("SELECT name FROM sqlite_master WHERE name = '__EFMigrationsLock'") is not null)
        {
            await ScalarAsync("DELETE FROM \"__EFMigrationsLock\"");
        }
    }

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var command = _anchor!.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Database open: SQLite {Version}, {Pending} migrations applied")]
    private static partial void LogOpened(ILogger logger, string? version, int pending);
}
