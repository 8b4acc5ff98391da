namespace UnbindPortal.Support.Processes;

/// <summary>The lines a process writes, in order of arrival, and a way to wait for one without polling.</summary>
internal sealed class ProcessLog
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Found)> waiting = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    public override string ToString() => string.Join('\n', Lines);

    /// <summary>The next line that matches, counted from line <paramref name="from"/>, as soon as it is there.</summary>
    public Task<string> FindAsync(Func<string, bool> matches, int from = 0)
    {
        lock (gate)
        {
            if (lines.Skip(from).FirstOrDefault(matches) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((matches, found));
            return found.Task;
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            lines.Add(line);
            foreach (var wait in waiting.Where(wait => wait.Matches(line)).ToList())
            {
                waiting.Remove(wait);
                wait.Found.SetResult(line);
            }
        }
    }
}
