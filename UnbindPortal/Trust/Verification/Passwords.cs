using Microsoft.AspNetCore.Identity;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>
/// Compares passwords outside any change (a hash takes a tenth of a second, which the write gate must not wait for), always at the same
/// cost: an account without a password, or no account at all, is compared with a hash nobody knows.
/// </summary>
public sealed class Passwords(IPasswordHasher<PortalUser> hasher) : IDisposable
{
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
}
