using System.Threading.Channels;

namespace UnbindPortal.Data.Changes;

/// <summary>Told after every commit: wakes the dispatcher, and names the sessions whose circuits must go.</summary>
public sealed class PortalSignals
{
    private readonly Channel<bool> _messages = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Raised with the id of a session that was ended, after the commit that ended it.</summary>
    public event EventHandler<Guid>? SessionEnded;

    /// <summary>Readable when messages may be waiting.</summary>
    public ChannelReader<bool> Messages => _messages.Reader;

    internal void Committed(Change change)
    {
        if (change.WroteMessages)
        {
            _messages.Writer.TryWrite(true);
        }

        foreach (var session in change.EndedSessions)
        {
            SessionEnded?.Invoke(this, session);
        }
    }
}
