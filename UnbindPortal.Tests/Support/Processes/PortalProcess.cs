using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace UnbindPortal.Support.Processes;

/// <summary>
/// The real portal as a process of its own: started on a free port, stopped politely or killed, started again over the same port
/// and folder. Disposing kills it and deletes the folder if the harness made it; it never outlives the tests.
/// </summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private const string ListeningLine = "Now listening on: ";
    private const int SignalTerminate = 15;
    private const int PortAttempts = 5;

    private readonly PortalSetup setup;
    private readonly TempFolder? ownFolder;
    private readonly ProcessLog log = new();
    private Process? process;
    private OrphanGuard? guard;

    private PortalProcess(PortalSetup setup)
    {
        this.setup = setup;
        ownFolder = setup.DataFolder is null ? new TempFolder() : null;
        DataFolder = setup.DataFolder ?? ownFolder!.FullPath;
    }

    /// <summary>Holds portal.db, portal.lock and keys/.</summary>
    public string DataFolder { get; }

    /// <summary>The same over restarts.</summary>
    public int Port { get; private set; }

    public Uri BaseAddress => new($"http://127.0.0.1:{Port}/");

    /// <summary>All lines written to both streams since the first start, over all restarts.</summary>
    public IReadOnlyList<string> Log => log.Lines;

    /// <summary>Whether it runs now.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>The system's id of the running process.</summary>
    public int Id => process?.Id ?? throw new InvalidOperationException("The portal does not run.");

    /// <summary>Starts a server and returns when it listens.</summary>
    /// <exception cref="PortalDidNotStartException">It ended or took too long; carries the exit code and all it wrote.</exception>
    public static async Task<PortalProcess> StartAsync(PortalSetup? setup = null)
    {
        var portal = new PortalProcess(setup ?? new PortalSetup());
        try
        {
            await portal.StartOnFreePortAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, on the same port and folder, after it was stopped or killed.</summary>
    public async Task StartAgainAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("The portal still runs; stop or kill it first.");
        }

        await LaunchAsync();
    }

    /// <summary>Stops politely and starts again on the same port and folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Asks it to end (SIGTERM), waits until it has, and answers its exit code.</summary>
    /// <exception cref="TimeoutException">It did not end within 60 seconds.</exception>
    public async Task<int> StopAsync()
    {
        var running = process ?? throw new InvalidOperationException("The portal does not run.");
        if (OperatingSystem.IsWindows())
        {
            running.Kill();
        }
        else if (!running.HasExited && SendSignal(running.Id, SignalTerminate) != 0)
        {
            throw new InvalidOperationException($"No signal could be sent to process {running.Id}.");
        }

        await running.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return Release();
    }

    /// <summary>Kills it where it stands (SIGKILL) and waits until it is gone.</summary>
    public async Task KillHardAsync()
    {
        var running = process ?? throw new InvalidOperationException("The portal does not run.");
        running.Kill();
        await running.WaitForExitAsync();
        Release();
    }

    /// <summary>A client with its own cookies that shows redirects instead of following them.</summary>
    public HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                CookieContainer = new CookieContainer(),
            }
        )
        {
            BaseAddress = BaseAddress,
        };

    /// <summary>Waits for a log line that holds the text, one already written included.</summary>
    /// <exception cref="TimeoutException">It did not come within 60 seconds; the message holds the log.</exception>
    public async Task<string> WaitForLogAsync(string text)
    {
        try
        {
            return await log.FindAsync(line => line.Contains(text, StringComparison.Ordinal)).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"No log line holds '{text}'. The portal wrote:\n{log}", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillHardAsync();
        }

        ownFolder?.Dispose();
    }

    /// <summary>Between finding a free port and listening on it, another process may take it; then another port is drawn.</summary>
    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = setup.Port ?? FreePort.Find();
            try
            {
                await LaunchAsync();
                return;
            }
            catch (PortalDidNotStartException failure)
                when (setup.Port is null
                    && attempt < PortAttempts
                    && failure.Output.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
                )
            {
                // Drawn again above; the last attempt throws.
            }
        }
    }

    private async Task LaunchAsync()
    {
        var firstLine = log.Lines.Count;
        var started = new Process { StartInfo = PortalProgram.StartInfo(setup, DataFolder, ["--urls", $"http://127.0.0.1:{Port}"]) };
        started.OutputDataReceived += (_, line) => log.Add(line.Data);
        started.ErrorDataReceived += (_, line) => log.Add(line.Data);
        var listening = log.FindAsync(line => line.Contains(ListeningLine, StringComparison.Ordinal), firstLine);

        started.Start();
        process = started;
        guard = new OrphanGuard(started.Id);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();

        var ended = started.WaitForExitAsync();
        using var bounded = new CancellationTokenSource();
        var first = await Task.WhenAny(listening, ended, Task.Delay(setup.StartTimeout, bounded.Token));
        await bounded.CancelAsync();
        if (first == listening)
        {
            return;
        }

        int? exitCode = first == ended ? started.ExitCode : null;
        await KillHardAsync();
        throw new PortalDidNotStartException(exitCode, string.Join('\n', log.Lines.Skip(firstLine)));
    }

    private int Release()
    {
        guard?.Dispose();
        var exitCode = process!.ExitCode;
        process.Dispose();
        guard = null;
        process = null;
        return exitCode;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
