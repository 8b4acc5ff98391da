using System.Globalization;
using System.Text;

namespace UnbindPortal.Features.Help;

/// <summary>Why a topic file is not used.</summary>
public enum HelpProblem
{
    /// <summary>The file could not be read at all.</summary>
    Unreadable,

    /// <summary>Larger than the limit.</summary>
    TooBig,

    /// <summary>Not UTF-8.</summary>
    NotUtf8,

    /// <summary>The file's name is no topic id.</summary>
    BadName,

    /// <summary>More lines than the limit.</summary>
    TooManyLines,

    /// <summary>A line longer than the limit.</summary>
    LineTooLong,

    /// <summary>A control character other than a tab.</summary>
    ControlCharacter,

    /// <summary>A line of the head that is not <c>key: value</c>.</summary>
    NotAKey,

    /// <summary>A key that means nothing here.</summary>
    UnknownKey,

    /// <summary>The same key twice.</summary>
    RepeatedKey,

    /// <summary>A key without a value.</summary>
    EmptyValue,

    /// <summary>No title.</summary>
    MissingTitle,

    /// <summary>A title longer than the limit.</summary>
    TitleTooLong,

    /// <summary>A group that does not exist.</summary>
    UnknownGroup,

    /// <summary>An order that is not 0–999.</summary>
    BadOrder,

    /// <summary>Nothing below the head.</summary>
    EmptyBody,

    /// <summary>A link without words, or with a target of a form that is not allowed.</summary>
    BadLink,
}

/// <summary>What came of reading one topic file: a closed set.</summary>
public abstract record HelpReading
{
    private HelpReading() { }

    /// <summary>The file is good.</summary>
    public sealed record Good(HelpTopic Topic) : HelpReading;

    /// <summary>The file has a mistake and is not used at all.</summary>
    /// <param name="Line">The line with the mistake, from 1; 0 when the file as a whole is at fault.</param>
    /// <param name="Problem">What is wrong.</param>
    public sealed record Broken(int Line, HelpProblem Problem) : HelpReading;
}

/// <summary>
/// Reads a topic file. A head of <c>key: value</c> lines (<c>title</c>, and if wanted <c>group</c>, <c>order</c>, <c>words</c>), an empty line, then
/// one paragraph a line; <c>- </c> starts a point, <c>1. </c> a step, <c>! </c> a note, <c>=&gt; target words</c> a link, <c>#</c> a comment.
/// </summary>
internal static class HelpTopicParser
{
    public const int MaxLines = 300;
    public const int MaxLineLength = 2_000;
    public const int MaxTitleLength = 80;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a name can be a topic's id, and so part of an address. <c>main</c> is the anchor of every page's content.</summary>
    public static bool IsId(string name) =>
        !string.Equals(name, "main", StringComparison.Ordinal)
        && name.Length is > 0 and <= 40
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Reads a file's bytes; <paramref name="original"/> gives the group, order and words the file leaves out.</summary>
    public static HelpReading Read(string id, ReadOnlySpan<byte> bytes, HelpTopic? original)
    {
        try
        {
            return Read(id, StrictUtf8.GetString(bytes), original);
        }
        catch (DecoderFallbackException)
        {
            return new HelpReading.Broken(0, HelpProblem.NotUtf8);
        }
    }

    /// <summary>Reads a file's text.</summary>
    public static HelpReading Read(string id, string text, HelpTopic? original)
    {
        if (!IsId(id))
        {
            return new HelpReading.Broken(0, HelpProblem.BadName);
        }

        var lines = text.TrimStart('\uFEFF').Normalize(NormalizationForm.FormC).ReplaceLineEndings("\n").Split('\n');
        if (FindBadLine(lines) is { } bad)
        {
            return bad;
        }

        var head = new Head();
        var line = 0;
        for (; line < lines.Length && (lines[line].Trim().Length > 0 || !head.Started); line++)
        {
            if (IsContent(lines[line]) && head.Take(lines[line]) is { } problem)
            {
                return new HelpReading.Broken(line + 1, problem);
            }
        }

        if (head.Title is null)
        {
            return new HelpReading.Broken(Math.Max(1, line), HelpProblem.MissingTitle);
        }

        var body = new Body();
        for (; line < lines.Length; line++)
        {
            if (!body.Take(lines[line]))
            {
                return new HelpReading.Broken(line + 1, HelpProblem.BadLink);
            }
        }

        return body.Blocks.Count == 0
            ? new HelpReading.Broken(lines.Length, HelpProblem.EmptyBody)
            : new HelpReading.Good(
                new HelpTopic(
                    id,
                    head.Title,
                    head.Group ?? original?.Group ?? HelpGroup.Questions,
                    head.Order ?? original?.Order ?? 999,
                    head.Words ?? original?.Words ?? "",
                    body.Blocks
                )
            );
    }

    private static HelpReading.Broken? FindBadLine(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (i >= MaxLines)
            {
                return new(i + 1, HelpProblem.TooManyLines);
            }

            if (lines[i].Length > MaxLineLength)
            {
                return new(i + 1, HelpProblem.LineTooLong);
            }

            if (lines[i].Any(c => char.IsControl(c) && c != '\t'))
            {
                return new(i + 1, HelpProblem.ControlCharacter);
            }
        }

        return null;
    }

    private static bool IsContent(string line) => line.Trim().Length > 0 && line[0] != '#';

    private sealed class Head
    {
        public bool Started { get; private set; }
        public string? Title { get; private set; }
        public HelpGroup? Group { get; private set; }
        public int? Order { get; private set; }
        public string? Words { get; private set; }

        public HelpProblem? Take(string line)
        {
            Started = true;
            // A Chinese keyboard types the full-width colon.
            var colon = line.AsSpan().IndexOfAny(':', '\uFF1A');
            if (colon <= 0)
            {
                return HelpProblem.NotAKey;
            }

            var value = line[(colon + 1)..].Trim();
            return line[..colon].Trim() switch
            {
                "title" => TakeTitle(value),
                "group" => TakeGroup(value),
                "order" => TakeOrder(value),
                "words" => TakeWords(value),
                _ => HelpProblem.UnknownKey,
            };
        }

        private HelpProblem? TakeTitle(string value)
        {
            if (Title is not null)
            {
                return HelpProblem.RepeatedKey;
            }

            if (value.Length is 0 or > MaxTitleLength)
            {
                return value.Length == 0 ? HelpProblem.EmptyValue : HelpProblem.TitleTooLong;
            }

            Title = value;
            return null;
        }

        private HelpProblem? TakeGroup(string value)
        {
            if (Group is not null)
            {
                return HelpProblem.RepeatedKey;
            }

            foreach (var group in Enum.GetValues<HelpGroup>())
            {
                if (string.Equals(group.ToString(), value, StringComparison.OrdinalIgnoreCase))
                {
                    Group = group;
                    return null;
                }
            }

            return value.Length == 0 ? HelpProblem.EmptyValue : HelpProblem.UnknownGroup;
        }

        private HelpProblem? TakeOrder(string value)
        {
            if (Order is not null)
            {
                return HelpProblem.RepeatedKey;
            }

            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var order) || order > 999)
            {
                return value.Length == 0 ? HelpProblem.EmptyValue : HelpProblem.BadOrder;
            }

            Order = order;
            return null;
        }

        private HelpProblem? TakeWords(string value)
        {
            if (Words is not null)
            {
                return HelpProblem.RepeatedKey;
            }

            Words = value;
            return value.Length == 0 ? HelpProblem.EmptyValue : null;
        }
    }

    private sealed class Body
    {
        public List<HelpBlock> Blocks { get; } = [];

        private List<string>? _points;
        private List<string>? _steps;

        /// <summary>False when the line is a link that can't be used; nothing else in a body can be wrong.</summary>
        public bool Take(string raw)
        {
            if (raw.StartsWith('#'))
            {
                return true;
            }

            var line = raw.Trim();
            if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                Add(ref _points, line[2..].Trim(), items => new HelpBlock.Points(items));
                _steps = null;
                return true;
            }

            if (AfterNumber(line) is { } step)
            {
                Add(ref _steps, step, items => new HelpBlock.Steps(items));
                _points = null;
                return true;
            }

            (_points, _steps) = (null, null);
            return line.StartsWith("=>", StringComparison.Ordinal) ? TakeLink(line[2..].Trim()) : TakeText(line);
        }

        private bool TakeText(string line)
        {
            if (line.Length > 0)
            {
                Blocks.Add(
                    line.StartsWith("! ", StringComparison.Ordinal) ? new HelpBlock.Note(line[2..].Trim()) : new HelpBlock.Paragraph(line)
                );
            }

            return true;
        }

        private bool TakeLink(string line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || ToTarget(line[..space]) is not { } target)
            {
                return false;
            }

            Blocks.Add(new HelpBlock.Link(target, line[space..].Trim()));
            return true;
        }

        private void Add(ref List<string>? items, string text, Func<IReadOnlyList<string>, HelpBlock> block)
        {
            if (items is null)
            {
                items = [];
                Blocks.Add(block(items));
            }

            items.Add(text);
        }

        private static string? AfterNumber(string line)
        {
            var digits = line.TakeWhile(char.IsAsciiDigit).Count();
            return digits is 1 or 2 && line.AsSpan(digits).StartsWith(". ", StringComparison.Ordinal) ? line[(digits + 2)..].Trim() : null;
        }

        /// <summary>A page of this site, a topic, or a way to reach the operator. Anything that could run a script or leave unseen is refused.</summary>
        private static string? ToTarget(string written)
        {
            if (written is ['#', .. var id])
            {
                return IsId(id) ? HelpLinks.ForTopic(id) : null;
            }

            if (written.StartsWith('/'))
            {
                // "//host" and "/\host" leave the site although they start like a path.
                return written.Contains("//", StringComparison.Ordinal) || written.Contains('\\', StringComparison.Ordinal)
                    ? null
                    : written;
            }

            return Uri.TryCreate(written, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "mailto" or "tel"
                ? uri.AbsoluteUri
                : null;
        }
    }
}
