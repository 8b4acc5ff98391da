using System.Diagnostics;
using UnbindPortal.Support.Requirements;

namespace UnbindPortal.Support.Processes;

/// <summary>Finds the application's build output and runs it as a process of its own.</summary>
public static class PortalProgram
{
    /// <summary>What a run of the command line left behind.</summary>
    public sealed record Result(int ExitCode, string Output, string Errors)
    {
        public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
    }

    /// <summary>Runs the application to its end, as in <c>import accounts.csv bindings.csv</c>, over the setup's data folder.</summary>
    /// <exception cref="TimeoutException">It did not end within five minutes; it is killed.</exception>
    public static async Task<Result> RunAsync(PortalSetup setup, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(setup);
        using var process = Process.Start(StartInfo(setup, setup.DataFolder, arguments))!;
        using var guard = new OrphanGuard(process.Id);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        return new Result(process.ExitCode, await output, await errors);
    }

    internal static ProcessStartInfo StartInfo(PortalSetup setup, string? dataFolder, IEnumerable<string> arguments)
    {
        var program = Path.Combine(Repository.AppOutput, "UnbindPortal.dll");
        if (!File.Exists(program))
        {
            throw new InvalidOperationException(
                $"The application is not built: {program} is missing. Build the solution in the tests' configuration."
            );
        }

        List<string> command = [DotnetPath(), program, .. arguments, .. setup.Arguments];
        if (setup.WithoutPrivileges && Environment.IsPrivilegedProcess)
        {
            command.InsertRange(0, Requirement.DropPrivileges);
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            // appsettings.json is read from the working folder; the build puts it beside the program.
            WorkingDirectory = Repository.AppOutput,
        };
        SetVariables(start.Environment, setup, dataFolder);
        return start;
    }

    /// <summary>A test host carries settings of its own (ports, hooks, environment names) that the application must not inherit.</summary>
    private static void SetVariables(IDictionary<string, string?> variables, PortalSetup setup, string? dataFolder)
    {
        string[] foreign = ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_URLS", "DOTNET_STARTUP_HOOKS", "Portal__", "VSTEST_", "URLS"];
        foreach (
            var name in variables.Keys.Where(name => foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList()
        )
        {
            variables.Remove(name);
        }

        variables["ASPNETCORE_ENVIRONMENT"] = setup.Environment;
        if (dataFolder is not null)
        {
            variables["Portal__DataFolder"] = dataFolder;
        }

        foreach (var (name, value) in setup.Variables)
        {
            variables[name] = value;
        }
    }

    private static string DotnetPath() =>
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) is "dotnet" ? host : "dotnet";
}
