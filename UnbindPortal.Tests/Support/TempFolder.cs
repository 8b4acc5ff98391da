namespace UnbindPortal.Support;

/// <summary>A folder of its own for one test, gone when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Absolute path; the folder exists and is readable by its owner only.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("unbind-test-").FullName;

    /// <summary>The absolute path of a file or folder inside; nothing is created.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    public override string ToString() => FullPath;

    public void Dispose()
    {
        if (!Directory.Exists(FullPath))
        {
            return;
        }

        MakeWritable(FullPath);
        Directory.Delete(FullPath, recursive: true);
    }

    /// <summary>Tests of read-only storage take rights away; without them back, only root could delete.</summary>
    private static void MakeWritable(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            MakeWritable(inner);
        }
    }
}
