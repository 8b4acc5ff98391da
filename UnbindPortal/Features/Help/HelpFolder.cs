namespace UnbindPortal.Features.Help;

/// <summary>
/// One language of the operator's folder. Reads a file only when its time or length changed, and reports a problem once per change,
/// so that a broken file is one line in the log and not one per visitor. Not safe for two threads at once.
/// </summary>
internal sealed partial class HelpFolder(string path, string language, HelpOptions options, ILogger logger)
{
    private readonly string _folder = Path.Combine(path, language);
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private bool _unreadable;
    private bool _tooMany;

    /// <summary>Looks at the folder again and gives the operator's good topics.</summary>
    public IReadOnlyList<HelpTopic> Read(IReadOnlyDictionary<string, HelpTopic> defaults)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var file in List())
        {
            entries[file.Name] = Read(file, defaults);
        }

        _entries = entries;
        return [.. entries.Values.Select(entry => entry.Reading).OfType<HelpReading.Good>().Select(good => good.Topic)];
    }

    private List<FileInfo> List()
    {
        try
        {
            // A language without a folder is normal: an operator may reword one language only.
            var files = Directory.Exists(_folder)
                ? new DirectoryInfo(_folder)
                    .GetFiles("*.txt")
                    .Where(file => file.Name[0] != '.')
                    .OrderBy(file => file.Name, StringComparer.Ordinal)
                    .ToList()
                : [];
            _unreadable = false;
            ReportTooMany(files.Count);
            return [.. files.Take(options.MaxFiles)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_unreadable)
            {
                LogFolderUnreadable(logger, _folder, e.Message);
            }

            _unreadable = true;
            return [];
        }
    }

    private void ReportTooMany(int count)
    {
        var tooMany = count > options.MaxFiles;
        if (tooMany && !_tooMany)
        {
            LogTooManyFiles(logger, _folder, count, options.MaxFiles);
        }

        _tooMany = tooMany;
    }

    private Entry Read(FileInfo file, IReadOnlyDictionary<string, HelpTopic> defaults)
    {
        var before = _entries.GetValueOrDefault(file.Name);
        // Taken before the content: a file that changes in between is then read again at the next look.
        var stamp = Stamp(file);
        if (before is not null && before.Stamp == stamp && !IsUnreadable(before))
        {
            return before;
        }

        var id = Path.GetFileNameWithoutExtension(file.Name);
        var reading = ReadNow(file, id, defaults.GetValueOrDefault(id));
        Report(file, id, reading, isKnown: IsUnreadable(before), isNew: !defaults.ContainsKey(id));
        return new(stamp, reading);
    }

    private void Report(FileInfo file, string id, HelpReading reading, bool isKnown, bool isNew)
    {
        switch (reading)
        {
            // Permissions can change without the file's time: an unreadable file is tried again each time, but told of once.
            case HelpReading.Broken { Problem: HelpProblem.Unreadable } when isKnown:
                break;
            case HelpReading.Broken broken:
                LogBroken(logger, file.FullName, broken.Line, Explain(broken.Problem));
                break;
            case HelpReading.Good when isNew:
                LogNewTopic(logger, file.FullName, id);
                break;
        }
    }

    private static (DateTime Written, long Length) Stamp(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private HelpReading ReadNow(FileInfo file, string id, HelpTopic? original)
    {
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte more than allowed is enough to know; the length the file system reports may be old.
            var buffer = new byte[options.MaxFileBytes + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > options.MaxFileBytes
                ? new HelpReading.Broken(0, HelpProblem.TooBig)
                : HelpTopicParser.Read(id, buffer.AsSpan(0, length), original);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HelpReading.Broken(0, HelpProblem.Unreadable);
        }
    }

    private static bool IsUnreadable(Entry? entry) => entry?.Reading is HelpReading.Broken { Problem: HelpProblem.Unreadable };

    private string Explain(HelpProblem problem) =>
        problem switch
        {
            HelpProblem.Unreadable => "the file can't be read",
            HelpProblem.TooBig => $"the file is larger than {options.MaxFileBytes} bytes (Help:MaxFileBytes)",
            HelpProblem.NotUtf8 => "the file is not UTF-8",
            HelpProblem.BadName => "a file is named topic-id.txt: lower-case letters, digits and hyphens, at most 40",
            HelpProblem.TooManyLines => $"more than {HelpTopicParser.MaxLines} lines",
            HelpProblem.LineTooLong => $"a line longer than {HelpTopicParser.MaxLineLength} characters",
            HelpProblem.ControlCharacter => "a control character",
            HelpProblem.NotAKey => "expected 'key: value'; the text starts after the first empty line",
            HelpProblem.UnknownKey => "unknown key; known are title, group, order, words",
            HelpProblem.RepeatedKey => "this key stands here twice",
            HelpProblem.EmptyValue => "this key has no value",
            HelpProblem.MissingTitle => "'title: …' is missing",
            HelpProblem.TitleTooLong => $"the title is longer than {HelpTopicParser.MaxTitleLength} characters",
            HelpProblem.UnknownGroup => $"unknown group; known are {GroupNames}",
            HelpProblem.BadOrder => "order is a whole number from 0 to 999",
            HelpProblem.EmptyBody => "there is no text after the empty line",
            HelpProblem.BadLink => "a link is '=> target words'; the target is /path, #topic, https://, mailto: or tel:",
        };

    private static string GroupNames => string.Join(", ", Enum.GetNames<HelpGroup>().Select(name => name.ToLowerInvariant()));

    private sealed record Entry((DateTime Written, long Length) Stamp, HelpReading Reading);

    [LoggerMessage(
        EventId = 7101,
        Level = LogLevel.Warning,
        Message = "Help text {File}, line {Line}: {Problem}. The file is not used; the built-in text stands in"
    )]
    private static partial void LogBroken(ILogger logger, string file, int line, string problem);

    [LoggerMessage(
        EventId = 7102,
        Level = LogLevel.Warning,
        Message = "Help folder {Folder} can't be read ({Reason}); the built-in texts stand in"
    )]
    private static partial void LogFolderUnreadable(ILogger logger, string folder, string reason);

    [LoggerMessage(
        EventId = 7103,
        Level = LogLevel.Warning,
        Message = "Help folder {Folder} holds {Count} files; only the first {Max} are read (Help:MaxFiles)"
    )]
    private static partial void LogTooManyFiles(ILogger logger, string folder, int count, int max);

    [LoggerMessage(EventId = 7104, Level = LogLevel.Information, Message = "Help text {File} adds a topic of its own: {Topic}")]
    private static partial void LogNewTopic(ILogger logger, string file, string topic);
}
