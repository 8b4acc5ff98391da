namespace UnbindPortal.Domain;

/// <summary>How a person proves who they are. Values are stored.</summary>
public enum ProofMethod
{
    /// <summary>The account's password.</summary>
    Password = 1,

    /// <summary>A code sent by SMS to a bound phone.</summary>
    SmsCode = 2,

    /// <summary>A code sent to a bound e-mail address. Never enough alone where anything better exists (NIST SP 800-63B-4 §3.1.3.1).</summary>
    EmailCode = 3,

    /// <summary>A passkey with user verification.</summary>
    Passkey = 4,

    /// <summary>A code of an authenticator app.</summary>
    Totp = 5,

    /// <summary>One of the printed recovery codes.</summary>
    RecoveryCode = 6,

    /// <summary>A fresh sign-in at a bound platform, started for this plan.</summary>
    PlatformSignIn = 7,
}

/// <summary>One thing a person can prove: a method and, unless it is the account's own (password, recovery codes), the binding it goes through.</summary>
/// <param name="Method">How.</param>
/// <param name="BindingId">Through which binding; null for the password and recovery codes.</param>
public readonly record struct Factor(ProofMethod Method, Guid? BindingId = null)
{
    /// <summary>Stable name inside a plan hash.</summary>
    internal string Canonical => BindingId is { } id ? $"{(int)Method}:{id:N}" : $"{(int)Method}";
}

/// <summary>One sufficient set of factors and the wait it brings.</summary>
/// <param name="Factors">One or two factors, all needed.</param>
/// <param name="Wait">Zero, or how long the change waits after confirm.</param>
public sealed record ProofRoute(IReadOnlyList<Factor> Factors, TimeSpan Wait)
{
    /// <summary>Stable form inside a plan hash.</summary>
    internal string Canonical =>
        $"{string.Join('+', Factors.Select(f => f.Canonical).Order(StringComparer.Ordinal))}={(long)Wait.TotalSeconds}";
}

/// <summary>An answered challenge, good for one plan, one session and a few minutes.</summary>
public sealed class Proof
{
    private Proof() { }

    /// <summary>A proof just given.</summary>
    public Proof(
        Guid id,
        Guid accountId,
        Guid sessionId,
        Guid requestId,
        byte[] planHash,
        Factor factor,
        DateTimeOffset provedAt,
        TimeSpan life
    )
    {
        Id = id;
        AccountId = accountId;
        SessionId = sessionId;
        RequestId = requestId;
        PlanHash = planHash;
        Method = factor.Method;
        BindingId = factor.BindingId;
        ProvedAt = provedAt;
        ExpiresAt = provedAt + life;
    }

    /// <summary>Opaque id.</summary>
    public Guid Id { get; private set; }

    /// <summary>Whose proof.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>The session it was given in; worth nothing in another.</summary>
    public Guid SessionId { get; private set; }

    /// <summary>The request it was given for.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The plan it was given for; worth nothing for another.</summary>
    public byte[] PlanHash { get; private set; } = [];

    /// <summary>How it was proved.</summary>
    public ProofMethod Method { get; private set; }

    /// <summary>Through which binding.</summary>
    public Guid? BindingId { get; private set; }

    /// <summary>When it was proved.</summary>
    public DateTimeOffset ProvedAt { get; private set; }

    /// <summary>When it stops counting.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Set when a confirm used it, or when something it leaned on went away.</summary>
    public DateTimeOffset? SpentAt { get; private set; }

    /// <summary>The factor it proves.</summary>
    public Factor Factor => new(Method, BindingId);

    /// <summary>Counts for this session and plan at this moment.</summary>
    public bool CountsFor(Guid sessionId, ReadOnlySpan<byte> planHash, DateTimeOffset now) =>
        SpentAt is null && now < ExpiresAt && SessionId == sessionId && planHash.SequenceEqual(PlanHash);

    /// <summary>Used, or void.</summary>
    public void Spend(DateTimeOffset now) => SpentAt ??= now;
}
