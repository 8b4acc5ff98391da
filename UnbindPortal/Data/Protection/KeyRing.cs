using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Data.Protection;

/// <summary>
/// The secrets that live outside the database: one wraps the accounts' data keys, one keys the lookups, one keys the codes. Whoever has
/// only the database can read no identity and guess no code.
/// </summary>
public sealed class KeyRing
{
    private const int KeyBytes = 32;
    private readonly byte[] _wrap;
    private readonly byte[] _lookup;
    private readonly byte[] _code;

    private KeyRing(byte[] wrap, byte[] lookup, byte[] code) => (_wrap, _lookup, _code) = (wrap, lookup, code);

    /// <summary>Opens the ring of the configured file.</summary>
    public KeyRing(IOptions<PortalDataOptions> options)
    {
        var ring = Open(options.Value.KeyRingPath, mayCreate: !File.Exists(options.Value.DatabaseFile));
        (_wrap, _lookup, _code) = (ring._wrap, ring._lookup, ring._code);
    }

    /// <summary>Opens the ring at <paramref name="path"/>, or makes one there.</summary>
    /// <param name="path">The file; made readable for its owner only.</param>
    /// <param name="mayCreate">False once a database exists: new keys could not read it.</param>
    /// <exception cref="InvalidOperationException">The ring is missing or unreadable; the message says what to do.</exception>
    public static KeyRing Open(string path, bool mayCreate)
    {
        if (!File.Exists(path))
        {
            if (!mayCreate)
            {
                throw new InvalidOperationException(
                    $"The key ring {path} is missing but the database exists. Restore the key ring from its backup (Portal:KeyRingFile names its place)."
                );
            }

            Create(path);
        }

        return TryRead(path) is { Wrap.Length: KeyBytes, Lookup.Length: KeyBytes, Code.Length: KeyBytes } file
            ? new KeyRing(file.Wrap, file.Lookup, file.Code)
            : throw new InvalidOperationException(
                $"The key ring {path} does not hold three keys of {KeyBytes} bytes. Restore it from its backup."
            );
    }

    /// <summary>A new random data key and its wrapped form for storage.</summary>
    public (byte[] DataKey, byte[] Wrapped) NewDataKey(Guid accountId)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        return (key, Sealing.Seal(_wrap, key, accountId.ToByteArray()));
    }

    /// <summary>Opens an account's data key.</summary>
    public byte[] Unwrap(Guid accountId, byte[] wrapped) => Sealing.Open(_wrap, wrapped, accountId.ToByteArray());

    /// <summary>Encrypts something that belongs to no account (Data Protection keys).</summary>
    public byte[] SealShared(byte[] plain, string purpose) => Sealing.Seal(_wrap, plain, Encoding.UTF8.GetBytes(purpose));

    /// <summary>Decrypts what <see cref="SealShared"/> made.</summary>
    public byte[] OpenShared(byte[] boxed, string purpose) => Sealing.Open(_wrap, boxed, Encoding.UTF8.GetBytes(purpose));

    /// <summary>The keyed hash by which an equal value is found again. The purpose keeps a phone and, say, an address apart.</summary>
    public byte[] Lookup(string purpose, string value) => HMACSHA256.HashData(_lookup, Encoding.UTF8.GetBytes($"{purpose}\n{value}"));

    /// <summary>The keyed hash of a code of one challenge.</summary>
    public byte[] CodeHash(Guid challengeId, string digits) =>
        HMACSHA256.HashData(_code, Encoding.UTF8.GetBytes($"{challengeId:N}\n{digits}"));

    private static RingFile? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RingFile>(File.ReadAllText(path));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Create(string path)
    {
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Written aside and renamed: a crash leaves either no ring or a whole one.
        var aside = $"{path}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(aside, options))
        {
            var ring = new RingFile(
                RandomNumberGenerator.GetBytes(KeyBytes),
                RandomNumberGenerator.GetBytes(KeyBytes),
                RandomNumberGenerator.GetBytes(KeyBytes)
            );
            JsonSerializer.Serialize(stream, ring);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path);
    }

    private sealed record RingFile(byte[] Wrap, byte[] Lookup, byte[] Code);
}

/// <summary>AES-256-GCM boxes: version byte, 12-byte nonce, 16-byte tag, ciphertext. The associated data ties a box to its place.</summary>
internal static class Sealing
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Header = 1 + NonceBytes + TagBytes;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        var box = new byte[Header + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(Header), box.AsSpan(1 + NonceBytes, TagBytes), place);
        return box;
    }

    public static byte[] Open(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> place)
    {
        if (box.Length < Header || box[0] != Version)
        {
            throw new CryptographicException("Not a sealed value of a known version.");
        }

        var plain = new byte[box.Length - Header];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box.Slice(1, NonceBytes), box[Header..], box.Slice(1 + NonceBytes, TagBytes), plain, place);
        return plain;
    }
}
