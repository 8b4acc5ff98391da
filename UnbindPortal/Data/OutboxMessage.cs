using UnbindPortal.Domain;

namespace UnbindPortal.Data;

/// <summary>A message that must still leave, written in the transaction that caused it.</summary>
public sealed class OutboxMessage
{
    /// <summary>Stable message id: what a receiver shows only once.</summary>
    public required Guid Id { get; init; }

    /// <summary>The account it is about; its data key opens the payload.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>What it says.</summary>
    public required MessageTemplate Template { get; init; }

    /// <summary>How it leaves.</summary>
    public required MessageChannel Channel { get; init; }

    /// <summary>The encrypted <see cref="MessagePayload"/>; emptied once sent, expired or given up.</summary>
    public required byte[] SealedPayload { get; set; }

    /// <summary>Carries a code: marked sent before it is sent, so it leaves at most once.</summary>
    public required bool AtMostOnce { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not to be tried before this.</summary>
    public required DateTimeOffset AvailableAt { get; set; }

    /// <summary>Worthless after this.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; set; }

    /// <summary>When it left.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? DeadAt { get; set; }

    /// <summary>Why the last try failed: an outcome's name, never a vendor's text.</summary>
    public string? LastOutcome { get; set; }
}
