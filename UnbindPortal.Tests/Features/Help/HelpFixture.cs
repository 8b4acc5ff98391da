using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace UnbindPortal.Features.Help;

/// <summary>An operator's folder on disk, the real service over it, a clock that stands still, and the log it writes.</summary>
internal sealed class HelpFixture : IDisposable
{
    public static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("help-");

    public HelpFixture(Action<HelpOptions>? configure = null)
    {
        // 0: every question looks at the folder, so no test waits.
        Options = new HelpOptions { Folder = "texts", RecheckSeconds = 0 };
        configure?.Invoke(Options);
    }

    public HelpOptions Options { get; }

    public HelpClock Clock { get; } = new();

    public ListLogger Log { get; } = new();

    public string Folder => Path.Combine(_root.FullName, "texts");

    public HelpService NewService() => new(Microsoft.Extensions.Options.Options.Create(Options), new Place(_root.FullName), Clock, Log);

    public string Write(string language, string name, string text)
    {
        var path = PathOf(language, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string language, string name) => Path.Combine(Folder, language, name);

    public void Dispose() => _root.Delete(recursive: true);

    public static IReadOnlyList<HelpTopic> AllOf(IHelpService service, CultureInfo culture) =>
        Assert.IsType<HelpAnswer.Everything>(service.Ask(null, culture)).Topics;

    public static HelpTopic TopicOf(IHelpService service, string id, CultureInfo culture) =>
        Assert.Single(AllOf(service, culture), topic => string.Equals(topic.Id, id, StringComparison.Ordinal));

    private sealed class Place(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";
        public string ApplicationName { get; set; } = "UnbindPortal";
        public string ContentRootPath { get; set; } = root;
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}

internal sealed class HelpClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}

internal sealed class ListLogger : ILogger<HelpService>
{
    public List<(LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Add((logLevel, formatter(state, exception)));
}
