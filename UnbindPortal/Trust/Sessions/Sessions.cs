using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Sessions;

/// <summary>What goes into the cookie: the session's id and its present secret.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Secret">Random; only its hash is stored.</param>
/// <param name="DisplayName">What to call the person; null keeps the name the cookie has.</param>
public sealed record SessionTicket(Guid AccountId, Guid SessionId, string Secret, string? DisplayName = null)
{
    /// <summary>The principal the cookie carries.</summary>
    public ClaimsPrincipal ToPrincipal(string displayName) =>
        new(
            new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.NameIdentifier, AccountId.ToString()),
                    new Claim(ClaimTypes.Name, displayName),
                    new Claim(SessionClaims.SessionId, SessionId.ToString()),
                    new Claim(SessionClaims.Secret, Secret),
                ],
                IdentityConstants.ApplicationScheme
            )
        );

    /// <inheritdoc />
    public override string ToString() => nameof(SessionTicket);
}

/// <summary>Names and readings of the claims in the cookie.</summary>
public static class SessionClaims
{
    internal const string SessionId = "sid";
    internal const string Secret = "sec";

    /// <summary>Who acts, from what the cookie handler or the circuit has established; null when nobody is signed in.</summary>
    public static Actor? ToActor(this ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated is true
        && Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var account)
        && Guid.TryParse(principal.FindFirstValue(SessionId), out var session)
            ? new Actor(account, session)
            : null;
}

/// <summary>Where a request comes from, as far as the connection tells.</summary>
/// <param name="Address">The network address.</param>
/// <param name="Browser">The browser's words for itself.</param>
public sealed record RequestOrigin(string Address, string Browser)
{
    /// <inheritdoc />
    public override string ToString() => nameof(RequestOrigin);
}

/// <summary>Session rows: the only truth about who is signed in. Cookie and circuits look here again and again.</summary>
public sealed class PortalSessions(
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    PortalClock clock,
    KeyRing keys,
    IOptions<SessionLimits> limits
)
{
    private const int SecretBytes = 32;
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens a session within the change that signed the person in.</summary>
    public SessionTicket Open(Change change, Account account, SignInMethod method, Guid? bindingId, RequestOrigin origin)
    {
        var (secret, hash) = NewSecret();
        var session = new Session(Guid.CreateVersion7(change.Now), account.Id, hash, method, bindingId, change.Now, limits.Value.Absolute);
        var browser = origin.Browser.Length > 200 ? origin.Browser[..200] : origin.Browser;
        session.OpenedFrom(
            change.CipherFor(account).SealOrigin(session.Id, new SessionOrigin(origin.Address, browser)),
            OriginLookup(origin.Address)
        );
        change.Db.Sessions.Add(session);
        account.SignedIn(session, change.Now);
        return new SessionTicket(account.Id, session.Id, secret, change.CipherFor(account).OpenProfile(account.SealedProfile).DisplayName);
    }

    /// <summary>Gives the acting session a new secret within its change; the caller's response must carry the ticket.</summary>
    public SessionTicket Renew(Change change)
    {
        var session = change.Session ?? throw new InvalidOperationException("Only a change with an acting session can renew it.");
        var (secret, hash) = NewSecret();
        session.RenewSecret(hash, change.Now, limits.Value.SecretGrace);
        return new SessionTicket(session.AccountId, session.Id, secret);
    }

    /// <summary>Is this cookie's session alive? Notes the visit, at most once a minute.</summary>
    public async Task<bool> IsValidAsync(Actor actor, string secret, CancellationToken cancel)
    {
        var session = await FindAsync(actor, cancel);
        if (session?.IsLive(clock.Now, limits.Value.Idle) is not true || !Fits(session, secret, clock.Now))
        {
            return false;
        }

        if (clock.Now - session.LastActiveAt >= TouchEvery)
        {
            await TouchAsync(actor, cancel);
        }

        return true;
    }

    /// <summary>Is this session alive? What circuits and page reads ask; it does not count as a visit.</summary>
    public async Task<bool> IsLiveAsync(Actor actor, CancellationToken cancel = default) =>
        (await FindAsync(actor, cancel))?.IsLive(clock.Now, limits.Value.Idle) is true;

    /// <summary>Ends the acting session; ending an ended one changes nothing.</summary>
    public Task<bool> SignOutAsync(Actor actor) =>
        changes.RunAsync(
            actor,
            false,
            change =>
            {
                change.End(change.Session!, SessionEnd.SignedOut);
                return Task.FromResult(true);
            }
        );

    /// <summary>The keyed hash that sending limits know a network address by.</summary>
    public byte[] OriginLookup(string address) => keys.Lookup("origin", address);

    // A visit that cannot be noted is still a visit: while storage only reads, people may look.
    private async Task TouchAsync(Actor actor, CancellationToken cancel)
    {
        try
        {
            await changes.RunAsync(actor, false, _ => Task.FromResult(true), cancel);
        }
        catch (StorageUnavailableException)
        {
            // Logged where it happened; the next visit notes itself.
        }
    }

    private async Task<Session?> FindAsync(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db
            .Sessions.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == actor.SessionId && s.AccountId == actor.AccountId, cancel);
    }

    private static bool Fits(Session session, string secret, DateTimeOffset now)
    {
        var hash = SHA256.HashData(Convert.FromBase64String(secret));
        return CryptographicOperations.FixedTimeEquals(hash, session.SecretHash)
            || (now < session.PreviousUntil && CryptographicOperations.FixedTimeEquals(hash, session.PreviousSecretHash));
    }

    private static (string Secret, byte[] Hash) NewSecret()
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return (Convert.ToBase64String(secret), SHA256.HashData(secret));
    }
}
