using UnbindPortal.Support;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;

namespace UnbindPortal.Features.Integration;

/// <summary>The command line as an operator uses it: real processes on a real folder.</summary>
[Collection(RealProcesses.Collection)]
public sealed class ImportCommandTests
{
    private const string Accounts = "external_id,user_name,phone\na1,anna,13811110001\na2,berta,12\n";
    private const string Bindings = "account,kind,subject,proved_at\na1,QQ,10001,2024-05-14\n";

    [LinuxFact]
    public async Task Refused_lines_stand_on_the_console_and_in_a_file_and_the_exit_code_says_so()
    {
        using var folder = new TempFolder();
        var run = await ImportAsync(folder, Accounts);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("accounts.csv:3: phone: not a phone number", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Accounts: 1 new", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "accounts.csv,3,phone",
            File.ReadAllText(Directory.GetFiles(Data(folder), "import-errors-*.csv").Single()),
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await ImportAsync(folder, Accounts[..Accounts.IndexOf("a2", StringComparison.Ordinal)])).ExitCode);
    }

    [LinuxFact]
    public async Task While_a_server_runs_an_import_is_refused_with_exit_code_3()
    {
        using var folder = new TempFolder();
        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = Data(folder) });

        var run = await ImportAsync(folder, Accounts);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Another process works on", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"{portal.Id}", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task The_demo_accounts_come_in_once_and_the_inbox_exists_in_Development_only()
    {
        using var folder = new TempFolder();
        await using (var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = Data(folder) }))
        {
            await portal.RestartAsync();
            using var client = portal.NewClient();
            Assert.Equal(System.Net.HttpStatusCode.OK, (await client.GetAsync(new Uri("/dev/inbox", UriKind.Relative))).StatusCode);
        }

        var production = new PortalSetup
        {
            DataFolder = Data(folder),
            Environment = "Production",
            Variables = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Delivery__Folder"] = Path.Combine(folder.FullPath, "out"),
            },
        };
        await using var live = await PortalProcess.StartAsync(production);
        using var visitor = live.NewClient();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await visitor.GetAsync(new Uri("/dev/inbox", UriKind.Relative))).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await visitor.GetAsync(new Uri("/login", UriKind.Relative))).StatusCode);
    }

    private static string Data(TempFolder folder) => Path.Combine(folder.FullPath, "data");

    private static Task<PortalProgram.Result> ImportAsync(TempFolder folder, string accounts)
    {
        var accountsPath = Path.Combine(folder.FullPath, "accounts.csv");
        var bindingsPath = Path.Combine(folder.FullPath, "bindings.csv");
        File.WriteAllText(accountsPath, accounts);
        File.WriteAllText(bindingsPath, Bindings);
        return PortalProgram.RunAsync(new PortalSetup { DataFolder = Data(folder) }, "import", accountsPath, bindingsPath);
    }
}
