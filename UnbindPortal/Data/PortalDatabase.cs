using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Data.Sqlite;

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
            _ = services.GetRequiredService<KeyRing>();
            await OpenAnchorAsync();
            await ClearAbandonedMigrationLockAsync();
            var pending = await MigrateAsync();
            clock.Committed(await LatestCommitAsync());
            LogOpened(logger, await ScalarAsync("SELECT sqlite_version()"), pending);
        }
        catch (Exception error) when (SqliteTrouble.In(error) is { } trouble)
        {
            throw new StartRefusedException(
                $"The database {options.Value.DatabaseFile} cannot be used ({trouble}): {error.Message} Nothing was changed."
            );
        }
        catch (InvalidOperationException error)
        {
            throw new StartRefusedException(error.Message);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _anchor?.Dispose();
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
        _anchor = new SqliteConnection(SqliteConnections.StringFor(options.Value.DatabaseFile, options.Value.BusyTimeout, mayCreate: true));
        await _anchor.OpenAsync();
        if (!OperatingSystem.IsWindows())
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
