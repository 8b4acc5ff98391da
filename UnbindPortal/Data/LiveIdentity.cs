namespace UnbindPortal.Data;

/// <summary>
/// Rule 6: one live identity belongs to at most one account. The primary key is the keyed hash of the identity, so a second owner cannot be
/// written; it also leads from a phone or address to its account. The only table that is not keyed by account.
/// </summary>
public sealed class LiveIdentity
{
    /// <summary>Keyed hash (HMAC-SHA256) of kind, issuer and subject.</summary>
    public required byte[] Lookup { get; init; }

    /// <summary>The account it belongs to.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The binding it belongs to.</summary>
    public required Guid BindingId { get; init; }
}

/// <summary>One Data Protection key, encrypted by the key ring: any node on this database reads any cookie.</summary>
public sealed class DataProtectionKey
{
    /// <summary>The key's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The key's XML.</summary>
    public required string Xml { get; init; }
}
