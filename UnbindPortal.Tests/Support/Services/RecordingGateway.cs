using UnbindPortal.Trust.Notices;

namespace UnbindPortal.Support.Services;

/// <summary>Keeps every message instead of sending it, and fails when told to.</summary>
public sealed class RecordingGateway : IMessageGateway
{
    private readonly Lock gate = new();
    private readonly List<WordedMessage> sent = [];
    private readonly List<WordedMessage> tried = [];

    /// <summary>What goes wrong with a message; null when it arrives.</summary>
    public Func<WordedMessage, Exception?> Trouble { get; set; } = static _ => null;

    /// <summary>Messages that arrived, in order.</summary>
    public IReadOnlyList<WordedMessage> Sent
    {
        get
        {
            lock (gate)
            {
                return [.. sent];
            }
        }
    }

    /// <summary>Every try, failed ones included.</summary>
    public IReadOnlyList<WordedMessage> Tried
    {
        get
        {
            lock (gate)
            {
                return [.. tried];
            }
        }
    }

    public Task SendAsync(WordedMessage message, CancellationToken cancel)
    {
        lock (gate)
        {
            tried.Add(message);
            if (Trouble(message) is { } trouble)
            {
                return Task.FromException(trouble);
            }

            sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
