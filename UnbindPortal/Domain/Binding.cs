namespace UnbindPortal.Domain;

/// <summary>
/// One identity, address or grant tied to an account. The identity itself is encrypted (<see cref="SealedIdentity"/>) and found by a keyed
/// hash (<see cref="Lookup"/>), so the rules work without ever seeing it. A removed binding keeps its row as the tombstone.
/// </summary>
public sealed class Binding
{
    private Binding() { }

    /// <summary>A binding as it is taken over or made.</summary>
    public Binding(Guid id, Guid accountId, BindingKind kind, byte[] lookup, byte[] sealedIdentity, DateTimeOffset boundAt)
    {
        Id = id;
        AccountId = accountId;
        Kind = kind;
        Lookup = lookup;
        SealedIdentity = sealedIdentity;
        BoundAt = boundAt;
    }

    /// <summary>Opaque id (UUID v7).</summary>
    public Guid Id { get; private set; }

    /// <summary>The account it is tied to.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>What it is.</summary>
    public BindingKind Kind { get; private set; }

    /// <summary>Keyed hash (HMAC-SHA256) of kind, issuer and subject: equal identities have equal lookups.</summary>
    public byte[] Lookup { get; private set; } = [];

    /// <summary>The identity and its display name, encrypted with the account's data key.</summary>
    public byte[] SealedIdentity { get; private set; } = [];

    /// <summary>When it was tied to the account.</summary>
    public DateTimeOffset BoundAt { get; private set; }

    /// <summary>When its owner last proved to hold it; null when nobody ever did, and then it counts for nothing.</summary>
    public DateTimeOffset? ProvedAt { get; private set; }

    /// <summary>When it last served to sign in or, for an app, last used the grant; null when never seen.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Set while it is reported lost or stolen: no sign-in, no recovery, no notices.</summary>
    public DateTimeOffset? SuspendedAt { get; private set; }

    /// <summary>When it was removed; null while it is live.</summary>
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Concurrency token, one more with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Still tied to the account.</summary>
    public bool IsLive => RemovedAt is null;

    /// <summary>Verified, live and not suspended. Whether its provider is switched on is the account state's business.</summary>
    public bool IsSound => IsLive && ProvedAt is not null && SuspendedAt is null;

    /// <summary>Notes the times an operator's export knows.</summary>
    public void KnownHistory(DateTimeOffset? provedAt, DateTimeOffset? lastUsedAt)
    {
        ProvedAt = provedAt;
        LastUsedAt = lastUsedAt;
    }

    /// <summary>Replaces its display name and scopes with a newer import's; the identity itself never changes.</summary>
    public void Describe(byte[] sealedIdentity)
    {
        SealedIdentity = sealedIdentity;
        Version++;
    }

    /// <summary>Its owner has just shown to hold it.</summary>
    public void Proved(DateTimeOffset now)
    {
        ProvedAt = now;
        Version++;
    }

    /// <summary>It has just served to sign in.</summary>
    public void Used(DateTimeOffset now)
    {
        LastUsedAt = now;
        Version++;
    }

    /// <summary>Takes it off the account. Called by <see cref="Account"/> only, which checks the rules.</summary>
    internal void Remove(DateTimeOffset now)
    {
        RemovedAt = now;
        Version++;
    }
}

/// <summary>An authorised app relies on another binding: it may see the number, or signs in with it.</summary>
/// <param name="AccountId">The owner of both.</param>
/// <param name="AppBindingId">The app's binding.</param>
/// <param name="OnBindingId">The binding it leans on.</param>
public sealed record AppDependency(Guid AccountId, Guid AppBindingId, Guid OnBindingId);
