using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Benchmarks;

/// <summary>The list of bindings with few and with many other accounts in the database: queries and time must not grow.</summary>
internal static class SecurityCenterBenchmark
{
    private const int Rounds = 300;

    public static async Task RunAsync()
    {
        var few = await MeasureAsync(1_000);
        var many = await MeasureAsync(100_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"100,000 accounts / 1,000 accounts: {many / few:F2}"));
    }

    private static async Task<double> MeasureAsync(int accounts)
    {
        var counter = new QueryCounter();
        await using var portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy with { Interceptors = [counter] });
        var account = await portal.AddAccountAsync(
            password: true,
            BindingKind.Phone,
            BindingKind.Email,
            BindingKind.WeChat,
            BindingKind.QQ,
            BindingKind.App
        );
        await portal.AddAccountsAsync(999, true, BindingKind.Phone, BindingKind.Email, BindingKind.WeChat, BindingKind.QQ, BindingKind.App);
        await MultiplyAsync(portal, accounts / 1_000);
        var actor = await portal.SignInAsync(account);

        var sample = new Sample($"list, {accounts:N0} accounts");
        for (var round = 0; round < Rounds + 50; round++)
        {
            counter.Count = 0;
            var started = Stopwatch.GetTimestamp();
            await portal.Bindings.ListAsync(actor);
            if (round >= 50)
            {
                sample.Add(Stopwatch.GetElapsedTime(started));
            }
        }

        Console.WriteLine($"{sample}, {counter.Count - 1} queries and the session check");
        return sample.Median;
    }

    // Copies the thousand under other ids; what is sealed in the copies opens nowhere, but nobody reads it.
    private static async Task MultiplyAsync(PortalServices portal, int times)
    {
        await using var connection = await portal.OpenFileAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText = """
            CREATE TEMP TABLE Copy AS WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < $times) SELECT k FROM n WHERE k < $times;
            CREATE TEMP TABLE Accounts0 AS SELECT * FROM Accounts;
            CREATE TEMP TABLE Bindings0 AS SELECT * FROM Bindings;
            INSERT INTO Accounts (Id, ExternalId, WrappedDataKey, SealedProfile, RegisteredAt, LastSignInAt, Status, Version)
                SELECT substr(Id, 10) || printf('-%08d', k), NULL, WrappedDataKey, SealedProfile, RegisteredAt, LastSignInAt, Status, Version FROM Accounts0, Copy;
            INSERT INTO Bindings (Id, AccountId, Kind, Lookup, SealedIdentity, BoundAt, ProvedAt, LastUsedAt, SuspendedAt, RemovedAt, Version)
                SELECT substr(Id, 10) || printf('-%08d', k), substr(AccountId, 10) || printf('-%08d', k), Kind, CAST(hex(Lookup) || k AS BLOB), SealedIdentity,
                       BoundAt, ProvedAt, LastUsedAt, SuspendedAt, RemovedAt, Version FROM Bindings0, Copy;
            """;
        command.Parameters.AddWithValue("$times", times);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class QueryCounter : DbCommandInterceptor
    {
        public int Count { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }
}
