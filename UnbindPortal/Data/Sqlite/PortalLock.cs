namespace UnbindPortal.Data.Sqlite;

/// <summary>
/// One process at a time works on a data folder: an exclusive lock of the operating system on `portal.lock`, held for the life of the
/// process and released by the system however that ends. A second file beside it says who holds it: a locked file cannot be read either.
/// </summary>
internal sealed class PortalLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holderPath;

    private PortalLock(FileStream file, string holderPath) => (_file, _holderPath) = (file, holderPath);

    /// <summary>Takes the lock, or says who holds it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="holder">What the holder wrote about itself, when the lock is taken.</param>
    public static PortalLock? TryTake(string folder, out string holder)
    {
        var path = Path.Combine(folder, "portal.lock");
        var holderPath = Path.Combine(folder, "portal.lock.holder");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            holder = "";
            return new PortalLock(file, holderPath);
        }
        catch (IOException) when (File.Exists(path))
        {
            holder = File.Exists(holderPath) ? File.ReadAllText(holderPath).Trim() : "one that is just starting";
            return null;
        }
    }

    /// <summary>Writes who we are, for whoever asks next: aside and renamed, so that nobody reads half of it.</summary>
    public void Describe(string text)
    {
        var aside = $"{_holderPath}.part";
        File.WriteAllText(aside, text);
        File.Move(aside, _holderPath, overwrite: true);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
