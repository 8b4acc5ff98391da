using System.Diagnostics;
using System.Net;
using UnbindPortal.Support.Requirements;

namespace UnbindPortal.Support.Processes;

[Collection(RealProcesses.Collection)]
public sealed class PortalProcessTests
{
    [LinuxFact]
    public async Task Portal_starts_stops_and_starts_again_on_the_same_port()
    {
        await using var portal = await PortalProcess.StartAsync();
        var port = portal.Port;
        Assert.True(await AnswersAsync(portal));

        Assert.Equal(0, await portal.StopAsync());
        Assert.False(portal.IsRunning);

        await portal.StartAgainAsync();
        Assert.Equal(port, portal.Port);
        Assert.True(await AnswersAsync(portal));
        Assert.Equal(2, portal.Log.Count(line => line.Contains("Now listening on", StringComparison.Ordinal)));
    }

    [LinuxFact]
    public async Task Killed_portal_is_gone_at_once_and_can_start_again()
    {
        await using var portal = await PortalProcess.StartAsync();
        var id = portal.Id;

        await portal.KillHardAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
        await portal.StartAgainAsync();
        Assert.True(await AnswersAsync(portal));
    }

    [LinuxFact]
    public async Task Disposing_ends_the_process_and_deletes_the_folder()
    {
        var portal = await PortalProcess.StartAsync();
        var id = portal.Id;
        Assert.True(Directory.Exists(portal.DataFolder));

        await portal.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
        Assert.False(Directory.Exists(portal.DataFolder));
    }

    [LinuxFact]
    public async Task Start_that_fails_tells_what_the_portal_wrote()
    {
        await using var first = await PortalProcess.StartAsync();

        var failure = await Assert.ThrowsAsync<PortalDidNotStartException>(() =>
            PortalProcess.StartAsync(new PortalSetup { Port = first.Port })
        );

        Assert.NotEqual(0, failure.ExitCode);
        Assert.Contains("address already in use", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [LinuxFact]
    public async Task Folder_of_the_caller_is_left_alone()
    {
        using var folder = new TempFolder();
        await using (var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath }))
        {
            Assert.Equal(folder.FullPath, portal.DataFolder);
        }

        Assert.True(Directory.Exists(folder.FullPath));
    }

    [LinuxFact]
    public async Task Orphan_guard_kills_the_child_of_a_test_run_that_vanished()
    {
        // A shell stands for the test process: it holds the pipe's writing end and is killed before it can release the guard.
        using var child = Process.Start("/bin/sh", ["-c", "read -r never < /dev/zero"]);
        using var guard = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", OrphanGuard.WatchScript, child.Id.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;

        guard.StandardInput.Close();

        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(128 + 9, child.ExitCode);
    }

    [UnprivilegedFact]
    public async Task Portal_without_privileges_is_bound_by_file_modes()
    {
        using var folder = new TempFolder();
        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath, WithoutPrivileges = true });

        var capabilities = File.ReadLines($"/proc/{portal.Id}/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal));

        Assert.Equal("CapEff:\t0000000000000000", capabilities);
        Assert.True(await AnswersAsync(portal));
    }

    private static async Task<bool> AnswersAsync(PortalProcess portal)
    {
        using var client = portal.NewClient();
        using var response = await client.GetAsync("/");
        return response.StatusCode is not HttpStatusCode.InternalServerError;
    }
}
