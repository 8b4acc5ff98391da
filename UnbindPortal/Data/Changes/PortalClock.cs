namespace UnbindPortal.Data.Changes;

/// <summary>
/// Now, never earlier than what is already committed: a clock set back neither revives a code nor extends a session.
/// </summary>
public sealed class PortalClock(TimeProvider clock)
{
    private long _floorTicks;

    /// <summary>The later of the system's time and the latest committed time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = clock.GetUtcNow();
            var floor = Interlocked.Read(ref _floorTicks);
            return now.UtcTicks >= floor ? now : new DateTimeOffset(floor, TimeSpan.Zero);
        }
    }

    /// <summary>A change of this time is committed.</summary>
    public void Committed(DateTimeOffset at)
    {
        long seen;
        while (
            at.UtcTicks > (seen = Interlocked.Read(ref _floorTicks))
            && Interlocked.CompareExchange(ref _floorTicks, at.UtcTicks, seen) != seen
        )
        {
            // Somebody else raised it meanwhile; look again.
        }
    }
}
