namespace UnbindPortal.Support.Services;

/// <summary>The clock on the wall: the test's time, set wrong by an operator or a dead battery when <see cref="Error"/> says so.</summary>
public sealed class WallClock(ManualClock clock) : TimeProvider
{
    /// <summary>How far it is ahead; negative when it was set back.</summary>
    public TimeSpan Error { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Error;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
