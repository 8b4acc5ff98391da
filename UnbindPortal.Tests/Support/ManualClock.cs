namespace UnbindPortal.Support;

/// <summary>
/// A clock that only moves when told. Timers made from it (and so <c>Task.Delay(…, clock)</c> and <c>CancellationTokenSource(…, clock)</c>)
/// fire inside <see cref="Advance"/>, in the order they fall due, with the clock standing at the moment each is due.
/// </summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>Where a clock starts when a test does not care: a working day at noon, in the past, no month or year near.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 3, 18, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start.ToUniversalTime();

    public ManualClock()
        : this(Noon) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock forward, firing what falls due on the way. A test that must go back in time makes a new clock.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        MoveTo(GetUtcNow() + by);
    }

    /// <summary>Moves the clock to a moment that is not before now, firing what falls due on the way.</summary>
    public void SetUtcNow(DateTimeOffset moment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(moment, GetUtcNow());
        MoveTo(moment.ToUniversalTime());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(DateTimeOffset target)
    {
        while (NextDue(target) is { } timer)
        {
            timer.Callback();
        }
    }

    /// <summary>Takes the earliest timer due by then and moves the clock to it; with none left, moves the clock to the target.</summary>
    private ManualTimer? NextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            if (timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due) is not { } next)
            {
                now = target;
                return null;
            }

            // A timer set to fire at once may already lie behind the clock.
            now = next.Due > now ? next.Due : now;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due = now + next.Period;
            }
            else
            {
                timers.Remove(next);
            }

            return next;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = now + dueTime;
            timer.Period = period;
            timers.Add(timer);
        }

        if (dueTime == TimeSpan.Zero)
        {
            Advance(TimeSpan.Zero);
        }
    }

    private void Forget(ManualTimer timer)
    {
        lock (gate)
        {
            timers.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
