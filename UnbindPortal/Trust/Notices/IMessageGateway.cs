using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Notices;

/// <summary>A worded message, ready to leave.</summary>
/// <param name="Id">Stable: sending it again must show it once.</param>
/// <param name="Channel">By SMS or e-mail.</param>
/// <param name="To">The full number or address.</param>
/// <param name="Subject">An e-mail's subject; empty for SMS.</param>
/// <param name="Text">The words.</param>
/// <param name="Code">The code in the words, for the Development inbox's automatic readers.</param>
/// <param name="At">When it was written.</param>
public sealed record WordedMessage(Guid Id, MessageChannel Channel, string To, string Subject, string Text, string? Code, DateTimeOffset At)
{
    /// <inheritdoc />
    public override string ToString() => nameof(WordedMessage);
}

/// <summary>Hands messages to the world outside. The edge that tests replace.</summary>
public interface IMessageGateway
{
    /// <summary>Sends one message; throws when it could not.</summary>
    Task SendAsync(WordedMessage message, CancellationToken cancel);
}
