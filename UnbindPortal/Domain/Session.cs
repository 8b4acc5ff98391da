namespace UnbindPortal.Domain;

/// <summary>What a session was opened with. Values are stored.</summary>
public enum SignInMethod
{
    /// <summary>User name, phone or e-mail with the password.</summary>
    Password = 1,

    /// <summary>A phone with a code by SMS.</summary>
    SmsCode = 2,

    /// <summary>A platform identity.</summary>
    Platform = 3,

    /// <summary>A passkey.</summary>
    Passkey = 4,
}

/// <summary>Why a session ended. Values are stored.</summary>
public enum SessionEnd
{
    /// <summary>Its owner signed out.</summary>
    SignedOut = 1,

    /// <summary>The binding it was opened with was removed (rule 7).</summary>
    BindingRemoved = 2,

    /// <summary>Its owner, or the portal, ended it from elsewhere.</summary>
    Revoked = 3,
}

/// <summary>A signed-in browser: the only truth about who is signed in. The cookie carries its id and a secret; circuits carry its id.</summary>
public sealed class Session : EventSource
{
    private Session() { }

    /// <summary>A session just opened.</summary>
    public Session(
        Guid id,
        Guid accountId,
        byte[] secretHash,
        SignInMethod signedInBy,
        Guid? bindingId,
        DateTimeOffset now,
        TimeSpan absolute
    )
    {
        Id = id;
        AccountId = accountId;
        SecretHash = secretHash;
        SignedInBy = signedInBy;
        SignedInBindingId = bindingId;
        StartedAt = now;
        LastActiveAt = now;
        ExpiresAt = now + absolute;
    }

    /// <summary>Stable id; renewing the secret does not change it.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whose session.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public byte[] SecretHash { get; private set; } = [];

    /// <summary>The secret before the last renewal: still good until <see cref="PreviousUntil"/>, for a response that got lost on its way.</summary>
    public byte[]? PreviousSecretHash { get; private set; }

    /// <summary>Until when the previous secret is good.</summary>
    public DateTimeOffset? PreviousUntil { get; private set; }

    /// <summary>What it was opened with, or re-marked with when that binding went.</summary>
    public SignInMethod SignedInBy { get; private set; }

    /// <summary>The binding it was opened with; null for the password.</summary>
    public Guid? SignedInBindingId { get; private set; }

    /// <summary>The browser's own words for itself, shortened and encrypted with the account's data key together with the address.</summary>
    public byte[] SealedOrigin { get; private set; } = [];

    /// <summary>Keyed hash of the network address it was opened from: what sending limits count by.</summary>
    public byte[] OriginLookup { get; private set; } = [];

    /// <summary>When it was opened.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When its owner last did something; pings of a circuit do not count.</summary>
    public DateTimeOffset LastActiveAt { get; private set; }

    /// <summary>When it ends whatever happens.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it was ended; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it was ended.</summary>
    public SessionEnd? EndReason { get; private set; }

    /// <summary>Lives at <paramref name="now"/>: not ended, within the absolute limit and not idle for longer than <paramref name="idle"/>.</summary>
    public bool IsLive(DateTimeOffset now, TimeSpan idle) => EndedAt is null && now < ExpiresAt && now < LastActiveAt + idle;

    /// <summary>Notes where it was opened from.</summary>
    public void OpenedFrom(byte[] sealedOrigin, byte[] originLookup)
    {
        SealedOrigin = sealedOrigin;
        OriginLookup = originLookup;
    }

    /// <summary>Its owner did something.</summary>
    public void Touch(DateTimeOffset now) => LastActiveAt = now > LastActiveAt ? now : LastActiveAt;

    /// <summary>Gives it a new secret; the old one stays good for <paramref name="grace"/>.</summary>
    public void RenewSecret(byte[] secretHash, DateTimeOffset now, TimeSpan grace)
    {
        PreviousSecretHash = SecretHash;
        PreviousUntil = now + grace;
        SecretHash = secretHash;
    }

    /// <summary>The binding it leaned on is gone, but it is the acting session: it now leans on what was just proved.</summary>
    public void Remark(SignInMethod method, Guid? bindingId)
    {
        SignedInBy = method;
        SignedInBindingId = bindingId;
    }

    /// <summary>Ends it; ending twice changes nothing.</summary>
    public void End(SessionEnd reason, DateTimeOffset now)
    {
        if (EndedAt is not null)
        {
            return;
        }

        EndedAt = now;
        EndReason = reason;
        Raise(new SessionEnded(AccountId, Id, reason));
    }
}
