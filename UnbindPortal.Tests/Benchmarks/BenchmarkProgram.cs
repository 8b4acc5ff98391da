namespace UnbindPortal.Benchmarks;

/// <summary>The test assembly run as a program measures; run by the test host it tests.</summary>
internal static class BenchmarkProgram
{
    private static readonly Dictionary<string, Func<Task>> Benchmarks = new(StringComparer.Ordinal)
    {
        ["security-center"] = SecurityCenterBenchmark.RunAsync,
        ["cold-start"] = ColdStartBenchmark.RunAsync,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args.FirstOrDefault(name => !Benchmarks.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"No benchmark '{unknown}'. There are: {string.Join(", ", Benchmarks.Keys)}.");
            return 2;
        }

        foreach (var (name, run) in Benchmarks.Where(b => args.Length == 0 || args.Contains(b.Key, StringComparer.Ordinal)))
        {
            Console.WriteLine($"== {name}");
            await run();
        }

        return 0;
    }
}

/// <summary>Figures of one subject: minimum, median and maximum, in milliseconds.</summary>
internal sealed class Sample(string subject)
{
    private readonly List<double> values = [];

    public double Median => values.Order().ElementAt(values.Count / 2);

    public void Add(TimeSpan took) => values.Add(took.TotalMilliseconds);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{subject, -40} {values.Min(), 9:F2} / {Median, 9:F2} / {values.Max(), 9:F2} ms (min / median / max of {values.Count})"
        );
}
