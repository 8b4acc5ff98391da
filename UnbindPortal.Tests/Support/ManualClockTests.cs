namespace UnbindPortal.Support;

public sealed class ManualClockTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Time_stands_still_until_told()
    {
        Assert.Equal(ManualClock.Noon, clock.GetUtcNow());

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ManualClock.Noon.AddMinutes(5), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(5), clock.GetElapsedTime(ManualClock.Noon.UtcTicks));
    }

    [Fact]
    public async Task Delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), clock);

        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);

        clock.SetUtcNow(ManualClock.Noon.AddHours(1));
        await delay;
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_moment()
    {
        List<string> fired = [];
        using var late = Timer("late", TimeSpan.FromMinutes(3), Timeout.InfiniteTimeSpan);
        using var repeating = Timer("repeating", TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(["repeating 12:02", "late 12:03", "repeating 12:04"], fired);
        ITimer Timer(string name, TimeSpan due, TimeSpan period) =>
            clock.CreateTimer(_ => fired.Add($"{name} {clock.GetUtcNow():HH:mm}"), state: null, due, period);
    }

    [Fact]
    public void Disposed_timer_stays_silent()
    {
        var fired = false;
        clock.CreateTimer(_ => fired = true, state: null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();

        clock.Advance(TimeSpan.FromDays(1));

        Assert.False(fired);
    }

    [Fact]
    public void Cancellation_by_timeout_follows_the_clock()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);

        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.True(cancellation.IsCancellationRequested);
    }

    [Fact]
    public void Time_never_runs_backwards() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.SetUtcNow(ManualClock.Noon.AddTicks(-1)));
}
