using System.Diagnostics;
using System.Net;
using UnbindPortal.Support;

namespace UnbindPortal.Benchmarks;

/// <summary>
/// From starting the process to the first page, against the bare `dotnet new blazor` app: both published Release and ready-to-run, in turn, with
/// the portal's database already migrated.
/// </summary>
internal static class ColdStartBenchmark
{
    private const int Starts = 11;

    public static async Task RunAsync()
    {
        using var folder = new TempFolder();
        await PublishBareAsync(folder);
        await PublishAsync(Path.Combine(Repository.Root, "UnbindPortal"), folder["portal"]);

        var (portal, bare) = (new Sample("portal, /login"), new Sample("bare template, /"));
        await StartAsync(folder["portal/UnbindPortal.dll"], "/login", folder); // makes and migrates the database
        for (var start = 0; start < Starts; start++)
        {
            portal.Add(await StartAsync(folder["portal/UnbindPortal.dll"], "/login", folder));
            bare.Add(await StartAsync(folder["bare-out/bare.dll"], "/", folder));
        }

        Console.WriteLine(portal);
        Console.WriteLine(bare);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"portal / bare template: {portal.Median / bare.Median:F2}"));
    }

    // The template asks for a script package that may not restore; its server side is all that is measured.
    private static async Task PublishBareAsync(TempFolder folder)
    {
        await DotnetAsync("new", "blazor", "--interactivity", "Server", "--no-restore", "-n", "bare", "-o", folder["bare"]);
        await PublishAsync(folder["bare"], folder["bare-out"], "-p:RequiresAspNetWebAssets=false");
    }

    private static Task PublishAsync(string project, string output, params string[] more) =>
        DotnetAsync([
            "publish",
            project,
            "-c",
            "Release",
            "--use-current-runtime",
            "--self-contained",
            "false",
            "-p:PublishReadyToRun=true",
            "-o",
            output,
            "-v",
            "q",
            "--nologo",
            .. more,
        ]);

    private static async Task DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:\n{output}");
        }
    }

    private static async Task<TimeSpan> StartAsync(string program, string path, TempFolder folder)
    {
        const string Address = "http://127.0.0.1:5389";
        var start = new ProcessStartInfo("dotnet", [program, "--urls", Address])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(program)!,
        };
        start.Environment["Portal__DataFolder"] = folder["data"];
        start.Environment["Delivery__Folder"] = folder["out"];
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (await StatusAsync(client, path) is not HttpStatusCode.OK)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException($"{program} did not answer.");
            }

            await Task.Delay(3);
        }

        var took = Stopwatch.GetElapsedTime(started);
        process.Kill();
        await process.WaitForExitAsync();
        return took;
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }
}
