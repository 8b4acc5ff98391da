using System.Text;

namespace UnbindPortal.Data.Sqlite;

/// <summary>
/// One process at a time works on a data folder: an exclusive lock of the operating system on `portal.lock`, held for the life of the
/// process and released by the system however that ends. The file says who holds it.
/// </summary>
internal sealed class PortalLock : IDisposable
{
    private readonly FileStream _file;

    private PortalLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or says who holds it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="holder">What the holder wrote about itself, when the lock is taken.</param>
    public static PortalLock? TryTake(string folder, out string holder)
    {
        var path = Path.Combine(folder, "portal.lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            holder = "";
            return new PortalLock(file);
        }
        catch (IOException) when (File.Exists(path))
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            holder = reader.ReadToEnd().Trim();
            return null;
        }
    }

    /// <summary>Writes who we are, for whoever asks next.</summary>
    public void Describe(string text)
    {
        _file.SetLength(0);
        _file.Write(Encoding.UTF8.GetBytes(text));
        _file.Flush();
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
