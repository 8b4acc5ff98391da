using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Data;

/// <summary>What a start finds in the data folder: it is used, or refused in words and left as it was.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Empty_folder_gets_a_database_and_a_key_ring_for_its_owner_only()
    {
        await using var portal = await StartAsync();

        Assert.Equal("wal", await portal.ScalarAsync("PRAGMA journal_mode"));
        Assert.Equal("ok", await portal.ScalarAsync("PRAGMA integrity_check"));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Owner, File.GetUnixFileMode(portal.DatabaseFile));
            Assert.Equal(Owner, File.GetUnixFileMode(KeyRing));
        }
    }

    [Fact]
    public async Task Data_folder_is_made_when_it_is_missing()
    {
        await using var portal = await PortalServices.StartAsync(new PortalServicesSetup { DataFolder = folder["deeper/still"] });

        Assert.True(File.Exists(folder["deeper/still/portal.db"]));
    }

    [Fact]
    public async Task Second_process_is_refused_and_told_who_is_there()
    {
        await using var first = await StartAsync();

        var refused = await RefusedAsync();

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains($"a test (pid {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_no_database_is_refused_in_words_and_left_alone()
    {
        await GivenDatabaseAsync();
        var garbage = Enumerable.Range(0, 20_000).Select(i => (byte)(i * 31 % 251)).ToArray();
        await File.WriteAllBytesAsync(Database, garbage);

        var refused = await RefusedAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(Database, refused.Message, StringComparison.Ordinal);
        Assert.Contains("no database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task Database_of_another_program_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        File.Delete(Database);
        await using (var other = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await other.OpenAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE Accounts (Name TEXT); INSERT INTO Accounts VALUES ('theirs');";
            await command.ExecuteNonQueryAsync();
        }

        var refused = await RefusedAsync();

        Assert.Contains(Database, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_database_is_refused_in_words()
    {
        await GivenDatabaseAsync();
        var bytes = await File.ReadAllBytesAsync(Database);
        Array.Fill(bytes, (byte)0x5A, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(Database, bytes);

        var refused = await RefusedAsync();

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task Database_without_its_key_ring_is_refused_and_gets_no_new_one()
    {
        await GivenDatabaseAsync();
        File.Delete(KeyRing);

        var refused = await RefusedAsync();

        Assert.Contains(KeyRing, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyRing));
    }

    [Fact]
    public async Task Key_ring_of_another_database_is_refused()
    {
        await GivenDatabaseAsync();
        using var elsewhere = new TempFolder();
        await using (await PortalServices.StartAsync(new PortalServicesSetup { DataFolder = elsewhere.FullPath }))
        {
            File.Copy(elsewhere["keys/keyring.json"], KeyRing, overwrite: true);
        }

        var before = await File.ReadAllBytesAsync(Database);

        var refused = await RefusedAsync();

        Assert.Contains(KeyRing, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"Wrap":"AAAA","Lookup":"AAAA","Code":"AAAA"}""")]
    public async Task Key_ring_that_cannot_be_read_is_refused(string content)
    {
        await GivenDatabaseAsync();
        await File.WriteAllTextAsync(KeyRing, content);

        var refused = await RefusedAsync();

        Assert.Contains(KeyRing, refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(KeyRing));
    }

    [Fact]
    public async Task Migration_lock_of_a_killed_process_is_cleared()
    {
        await GivenDatabaseAsync();
        File.Delete(Database);
        await using (var file = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await file.OpenAsync();
            await using var command = file.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var portal = await StartAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, await portal.ReadAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task Stopped_portal_leaves_everything_in_one_file()
    {
        await GivenDatabaseAsync();
        Assert.False(File.Exists($"{Database}-wal"));
        using var copy = new TempFolder();
        Directory.CreateDirectory(copy["keys"]);
        File.Copy(Database, copy["portal.db"]);
        File.Copy(KeyRing, copy["keys/keyring.json"]);

        await using var portal = await PortalServices.StartAsync(new PortalServicesSetup { DataFolder = copy.FullPath });

        Assert.Equal(1, await portal.ReadAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task Time_of_the_last_entry_is_kept_over_a_restart()
    {
        await using var portal = await StartAsync();
        await portal.SignInAsync(await portal.AddAccountAsync(password: true, BindingKind.Phone));
        portal.WallClock.Error = TimeSpan.FromDays(-1);
        await portal.RestartAsync();

        Assert.Equal(ManualClock.Noon, portal.Get<Changes.PortalClock>().Now);
    }

    [Fact]
    public async Task Data_written_before_is_there_after()
    {
        await GivenDatabaseAsync();

        await using var portal = await StartAsync();

        Assert.Equal(1, await portal.ReadAsync(db => db.Accounts.CountAsync()));
    }

    private string Database => folder["portal.db"];

    private string KeyRing => folder["keys/keyring.json"];

    private Task<PortalServices> StartAsync() => PortalServices.StartAsync(new PortalServicesSetup { DataFolder = folder.FullPath });

    private async Task GivenDatabaseAsync()
    {
        await using var portal = await StartAsync();
        await portal.AddAccountAsync(password: true, BindingKind.Phone);
    }

    private Task<StartRefusedException> RefusedAsync() => Assert.ThrowsAsync<StartRefusedException>(StartAsync);
}
