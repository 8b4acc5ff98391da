using System.Runtime.Versioning;
using UnbindPortal.Support;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;

namespace UnbindPortal.Data;

/// <summary>The same with the real process: what an operator reads and which exit code a script sees.</summary>
[Collection(RealProcesses.Collection)]
[UnsupportedOSPlatform("windows")]
public sealed class StartProcessTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public async Task Second_server_ends_with_3_and_names_the_first()
    {
        await using var first = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });

        var refused = await RefusedAsync(new PortalSetup { DataFolder = folder.FullPath });

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains($"pid {first.Id}", refused.Output, StringComparison.Ordinal);
        Assert.Contains($":{first.Port}", refused.Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Killed_server_leaves_no_lock()
    {
        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });
        await portal.KillHardAsync();

        await portal.StartAgainAsync();

        Assert.True(portal.IsRunning);
    }

    [UnprivilegedFact]
    public async Task Read_only_database_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        File.SetUnixFileMode(folder["portal.db"], UnixFileMode.UserRead);

        await AssertRefusedAsync(folder["portal.db"], "read-only");

        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(folder["portal.db"]));
    }

    [UnprivilegedFact]
    public async Task Read_only_folder_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        File.SetUnixFileMode(folder.FullPath, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await AssertRefusedAsync(folder.FullPath, "cannot be written");
    }

    [UnprivilegedFact]
    public async Task Read_only_folder_above_a_missing_one_is_refused_in_words()
    {
        File.SetUnixFileMode(folder.FullPath, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var refused = await RefusedAsync(new PortalSetup { DataFolder = folder["data"], WithoutPrivileges = true });

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("cannot be written", refused.Output, StringComparison.Ordinal);
        Assert.Contains("Portal:DataFolder", refused.Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task File_that_is_no_database_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        await File.WriteAllTextAsync(folder["portal.db"], new string('x', 9000));

        await AssertRefusedAsync(folder["portal.db"], "no database");
    }

    [LinuxFact]
    public async Task Missing_key_ring_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        File.Delete(folder["keys/keyring.json"]);

        await AssertRefusedAsync(folder["keys/keyring.json"], "is missing");
    }

    private async Task GivenDatabaseAsync()
    {
        await using var portal = await PortalServices.StartAsync(new Support.Services.PortalServicesSetup { DataFolder = folder.FullPath });
    }

    private async Task AssertRefusedAsync(string names, string says)
    {
        var refused = await RefusedAsync(new PortalSetup { DataFolder = folder.FullPath, WithoutPrivileges = true });

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(names, refused.Output, StringComparison.Ordinal);
        Assert.Contains(says, refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal); // words, not a stack trace
    }

    private static Task<PortalDidNotStartException> RefusedAsync(PortalSetup setup) =>
        Assert.ThrowsAsync<PortalDidNotStartException>(() => PortalProcess.StartAsync(setup));
}
