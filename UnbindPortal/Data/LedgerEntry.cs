namespace UnbindPortal.Data;

/// <summary>One line of the record: what happened, to whom, by whom. Written once; triggers refuse to change or delete it.</summary>
public sealed class LedgerEntry
{
    /// <summary>Position in the record, gapless within one database, from 1.</summary>
    public long Seq { get; init; }

    /// <summary>Opaque id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When (UTC); never earlier than the entry before.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The account it happened to.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Who did it: an account id, or null for the portal itself or the operator's import.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>SHA-256 of the session id it was done in.</summary>
    public byte[]? SessionHash { get; init; }

    /// <summary>What happened: the event's name.</summary>
    public required string Action { get; init; }

    /// <summary>The unbind request it belongs to.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The event as JSON: ids and names of enums only.</summary>
    public required string Detail { get; init; }
}
