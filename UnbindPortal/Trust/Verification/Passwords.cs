using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>
/// Compares passwords outside any change (a hash takes a tenth of a second, which the write gate must not wait for), always at the same
/// cost: an account without a password, or no account at all, is compared with a hash nobody knows, and to a hash brought from elsewhere
/// that is cheaper than ours the missing work is added.
/// </summary>
public sealed class Passwords(IPasswordHasher<PortalUser> hasher, IOptions<PasswordHasherOptions> options) : IDisposable
{
    // Identity's oldest format names no cost of its own.
    private const int OldestFormatIterations = 1000;
    private const int HeaderBytes = 9; // format, hash function, iterations

    private static readonly PortalUser Nobody = new();

    // Hashing is the one costly thing a stranger can ask for: never more at once than there are processors.
    private readonly SemaphoreSlim _hashing = new(Environment.ProcessorCount);
    private readonly Lazy<string> _unknown = new(() => hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    /// <summary>Does <paramref name="typed"/> fit <paramref name="hash"/>? A null hash never fits, and takes as long.</summary>
    /// <returns>Failed, right, or right by an older format that should be replaced.</returns>
    public async Task<PasswordVerificationResult> CheckAsync(string? hash, SecretText typed, CancellationToken cancel = default)
    {
        await _hashing.WaitAsync(cancel);
        try
        {
            var result = hasher.VerifyHashedPassword(Nobody, hash ?? _unknown.Value, typed.Reveal());
            PayTheRest(hash ?? _unknown.Value);
            return hash is null ? PasswordVerificationResult.Failed : result;
        }
        finally
        {
            _hashing.Release();
        }
    }

    /// <summary>Hashes a new password (PBKDF2-SHA512, Identity's V3 form).</summary>
    public async Task<string> HashAsync(SecretText chosen, CancellationToken cancel = default)
    {
        await _hashing.WaitAsync(cancel);
        try
        {
            return hasher.HashPassword(Nobody, chosen.Reveal());
        }
        finally
        {
            _hashing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _hashing.Dispose();

    private void PayTheRest(string hash)
    {
        var missing = options.Value.IterationCount - IterationsOf(Convert.FromBase64String(hash));
        if (missing > 0)
        {
            Rfc2898DeriveBytes.Pbkdf2(ReadOnlySpan<byte>.Empty, stackalloc byte[16], missing, HashAlgorithmName.SHA512, 32);
        }
    }

    private static int IterationsOf(byte[] hash) =>
        hash.Length > HeaderBytes && hash[0] == 1 ? BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)) : OldestFormatIterations;
}
