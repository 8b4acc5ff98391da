using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Integration;

/// <summary>`import` as an operator runs it: the real process, its exit codes and what it writes.</summary>
[Collection(RealProcesses.Collection)]
public sealed class ImportProcessTests : IDisposable
{
    // Enough for the program itself, and far from enough for either file at once.
    private const string HeapLimitInBytes = "0x6000000";

    private readonly TempFolder folder = new();
    private readonly ImportFiles files = new();

    private PortalSetup Setup => new() { DataFolder = folder.FullPath, Environment = "Production" };

    public void Dispose()
    {
        files.Dispose();
        folder.Dispose();
    }

    [LinuxFact]
    public async Task All_in_ends_with_0_and_counts()
    {
        files.Generate(3);

        var result = await ImportAsync(Setup);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            "Accounts: 3 new, 0 updated, 0 unchanged. Bindings: 15 new, 0 kept, 0 kept removed. Lines refused: 0.",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(folder.FullPath, "import-*"));
    }

    [LinuxFact]
    public async Task Refused_line_ends_with_1_and_stands_on_the_console_and_in_a_file()
    {
        files.Write("a1,,,13800005678,,,,,\na2,,,nonsense,,,,,");

        var result = await ImportAsync(Setup);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("accounts.csv:3: phone: not a phone number", result.Errors, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(folder.FullPath, "import-errors-*Z.csv")));
        Assert.Equal("file,line,column,reason", lines[0]);
        Assert.StartsWith("accounts.csv,3,phone,", Assert.Single(lines[1..]), StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Missing_file_ends_with_1_and_one_line()
    {
        var result = await PortalProgram.RunAsync(Setup, "import", folder["nowhere.csv"], folder["nowhere.csv"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("nowhere.csv does not exist.", result.Errors.Trim());
    }

    [LinuxFact]
    public async Task Import_while_a_server_runs_ends_with_3_and_names_the_server()
    {
        await using var server = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });
        files.Generate(1);

        var result = await ImportAsync(Setup);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"a server (pid {server.Id}", result.Errors, StringComparison.Ordinal);
        Assert.True(server.IsRunning);
    }

    [LinuxFact]
    public async Task Great_export_comes_in_with_flat_memory_and_anybody_in_it_can_sign_in_and_unbind()
    {
        var accounts = TestScale.Pick(1_000, 10_000);
        files.Generate(accounts);
        var small = Setup with { Variables = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapLimitInBytes } };

        var result = await ImportAsync(small);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains($"{accounts} new, 0 updated, 0 unchanged. Bindings: {accounts * 5} new", result.Output, StringComparison.Ordinal);
        await using var portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy with { DataFolder = folder.FullPath });
        foreach (var number in new[] { 0, accounts / 2, accounts - 1 })
        {
            var account = (await portal.ImportedAsync($"ext-{number}")).ForTests;
            var ticket = await portal.Accounts.SignInByPasswordAsync(
                $"user{number}",
                new SecretText(TestAccount.Password),
                TestAccounts.Origin
            );
            var walk = await portal.StartWalkAsync(new Actor(account.Id, ticket!.SessionId), account[BindingKind.Phone]);
            await walk.ProveByCodeAsync(account[BindingKind.Phone]);
            await walk.ConfirmAsync();
            Assert.False((await portal.ImportedAsync($"ext-{number}"))[BindingKind.Phone].Row.IsLive);
        }
    }

    [LinuxFact]
    public async Task Import_killed_halfway_left_whole_accounts_and_the_next_run_completes_it()
    {
        const int Accounts = 3_000;
        files.Generate(Accounts);

        await KillHalfwayAsync();

        var (half, whole) = await CountAsync();
        Assert.InRange(half, 1_000, Accounts - 1);
        Assert.Equal(half, whole);
        var result = await ImportAsync(Setup);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            $"Accounts: {Accounts - half} new, 0 updated, {half} unchanged. Bindings: {(Accounts - half) * 5} new, {half * 5} kept,",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((Accounts, Accounts), await CountAsync());
        Assert.Empty(Directory.GetFiles(folder.FullPath, "import-staging*"));
    }

    // The first sign of life says that a thousand accounts are committed.
    private async Task KillHalfwayAsync()
    {
        using var process = Process.Start(PortalProgram.StartInfo(Setup, folder.FullPath, ["import", files.Accounts, files.Bindings]))!;
        using var guard = new OrphanGuard(process.Id);
        var line = "";
        while (line is not null && !line.StartsWith("1000 accounts", StringComparison.Ordinal))
        {
            line = await process.StandardOutput.ReadLineAsync();
        }

        process.Kill();
        await process.WaitForExitAsync();
        Assert.NotNull(line);
        Assert.Equal(128 + 9, process.ExitCode);
        AssertUnreadable(folder["import-staging.db"]);
    }

    // What a killed import leaves must not give away what is encrypted everywhere else.
    private static void AssertUnreadable(string staging)
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(staging));
        var bytes = File.ReadAllBytes(staging);
        Assert.NotEmpty(bytes);
        Assert.Equal(-1, bytes.AsSpan().IndexOf("WeChat-0000"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("@example.cn"u8));
    }

    /// <summary>All accounts, and those that have everything they should have.</summary>
    private async Task<(int Accounts, int Whole)> CountAsync()
    {
        await using var portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy with { DataFolder = folder.FullPath });
        return await portal.ReadAsync(async db =>
            (
                await db.Accounts.CountAsync(),
                await db.Accounts.CountAsync(a =>
                    a.Status == AccountStatus.Active
                    && db.Users.Any(u => u.Id == a.Id && u.PasswordHash != null)
                    && db.Bindings.Count(b => b.AccountId == a.Id && b.ProvedAt != null) == 5
                    && db.LiveIdentities.Count(i => i.AccountId == a.Id) == 5
                    && db.AppDependencies.Count(d => d.AccountId == a.Id) == 1
                    && db.Ledger.Count(e => e.AccountId == a.Id) == 1
                )
            )
        );
    }

    private Task<PortalProgram.Result> ImportAsync(PortalSetup setup) =>
        PortalProgram.RunAsync(setup, "import", files.Accounts, files.Bindings);
}
