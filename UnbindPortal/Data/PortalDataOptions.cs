using System.ComponentModel.DataAnnotations;

namespace UnbindPortal.Data;

/// <summary>Where and how data is kept: the configuration section `Portal`.</summary>
public sealed class PortalDataOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Portal";

    /// <summary>The folder of the database, its lock and (unless <see cref="KeyRingFile"/> says otherwise) its keys. Relative to where the process was started.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>The key ring's file; empty means `keys/keyring.json` in the data folder. Back it up apart from the database.</summary>
    public string KeyRingFile { get; set; } = "";

    /// <summary>How long a statement waits for a locked database, 1 to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a change is tried when storage says busy, 1 to 10.</summary>
    [Range(1, 10)]
    public int ChangeTries { get; set; } = 3;

    /// <summary>How long a change may wait for its turn at the write gate, 1 to 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan GateTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest size of the database in MiB, 0 for no limit of ours. A full database refuses changes and keeps what it has.</summary>
    [Range(0, 1_000_000)]
    public int MaxDatabaseMiB { get; set; }

    /// <summary>The database file.</summary>
    public string DatabaseFile => Path.Combine(Path.GetFullPath(DataFolder), "portal.db");

    /// <summary>The key ring file in force.</summary>
    public string KeyRingPath =>
        KeyRingFile.Length > 0 ? Path.GetFullPath(KeyRingFile) : Path.Combine(Path.GetFullPath(DataFolder), "keys", "keyring.json");
}
