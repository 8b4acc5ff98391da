using System.Globalization;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Features.Help;

/// <summary>Built-in texts with the operator's laid over them, topic by topic and language by language.</summary>
internal sealed partial class HelpService : IHelpService
{
    private readonly Dictionary<string, Shelf> _shelves;

    public HelpService(IOptions<HelpOptions> options, IHostEnvironment environment, TimeProvider clock, ILogger<HelpService> logger)
    {
        var path = string.IsNullOrWhiteSpace(options.Value.Folder) ? null : Path.Combine(environment.ContentRootPath, options.Value.Folder);
        if (path is not null && !Directory.Exists(path))
        {
            LogNoFolder(logger, path);
        }

        _shelves = HelpLanguage.All.ToDictionary(
            language => language,
            language => new Shelf(
                language,
                path is null ? null : new HelpFolder(path, language, options.Value, logger),
                options.Value,
                clock
            ),
            StringComparer.Ordinal
        );
    }

    /// <inheritdoc/>
    public HelpAnswer Ask(string? typed, CultureInfo culture)
    {
        var topics = _shelves[HelpLanguage.For(culture)].Topics();
        var query = HelpQuery.Read(typed);
        if (query.Words.Count == 0)
        {
            return new HelpAnswer.Everything(topics);
        }

        var found = HelpSearch.Find(topics, query.Words);
        return found.Count > 0
            ? new HelpAnswer.Found(query, found)
            : new HelpAnswer.Nothing(query, HelpSearch.Suggest(topics, query.Words));
    }

    [LoggerMessage(
        EventId = 7105,
        Level = LogLevel.Warning,
        Message = "Help folder {Folder} (Help:Folder) does not exist; the built-in texts stand in until it does"
    )]
    private static partial void LogNoFolder(ILogger logger, string folder);

    /// <summary>The texts of one language as they stand now.</summary>
    private sealed class Shelf(string language, HelpFolder? folder, HelpOptions options, TimeProvider clock)
    {
        private readonly Lock _reading = new();
        private IReadOnlyList<HelpTopic>? _topics;
        private DateTimeOffset _looked;

        public IReadOnlyList<HelpTopic> Topics()
        {
            lock (_reading)
            {
                var now = clock.GetUtcNow();
                if (_topics is null || (folder is not null && (now - _looked).Duration() >= TimeSpan.FromSeconds(options.RecheckSeconds)))
                {
                    _topics = Gather();
                    _looked = now;
                }

                return _topics;
            }
        }

        private IReadOnlyList<HelpTopic> Gather()
        {
            var topics = new Dictionary<string, HelpTopic>(HelpDefaults.For(language), StringComparer.Ordinal);
            foreach (var own in folder?.Read(HelpDefaults.For(language)) ?? [])
            {
                topics[own.Id] = own;
            }

            return
            [
                .. topics
                    .Values.OrderBy(topic => topic.Group)
                    .ThenBy(topic => topic.Order)
                    .ThenBy(topic => topic.Id, StringComparer.Ordinal),
            ];
        }
    }
}
