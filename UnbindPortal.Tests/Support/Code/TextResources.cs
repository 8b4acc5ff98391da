using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace UnbindPortal.Support.Code;

/// <summary>One text class's resources: the neutral file (Chinese) and its English twin, if there is one.</summary>
internal sealed record TextResources(SourceFile Neutral, SourceFile? English)
{
    private const string EnglishEnding = ".en.resx";

    /// <summary>The marker class's simple name.</summary>
    public string ClassName => Path.GetFileNameWithoutExtension(Neutral.Name);

    /// <summary>The marker class's full name, as folder and namespace agree.</summary>
    public string ClassFullName => Path.ChangeExtension(Neutral.Name, extension: null).Replace('/', '.');

    public static IReadOnlyList<TextResources> All { get; } = Find();

    /// <summary>English files without a neutral one.</summary>
    public static IEnumerable<string> Orphans =>
        from file in Repository.Sources("UnbindPortal", ".resx")
        where file.Name.EndsWith(EnglishEnding, StringComparison.Ordinal) && !All.Any(texts => texts.English?.Name == file.Name)
        select file.Name;

    /// <summary>Keys and texts of a file.</summary>
    public static Dictionary<string, string> Read(SourceFile file) =>
        XDocument
            .Load(file.FullPath)
            .Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")?.Value ?? "", StringComparer.Ordinal);

    private static List<TextResources> Find()
    {
        var files = Repository.Sources("UnbindPortal", ".resx").ToDictionary(file => file.Name, StringComparer.Ordinal);
        return
        [
            .. files
                .Values.Where(file => !file.Name.EndsWith(EnglishEnding, StringComparison.Ordinal))
                .Select(file => new TextResources(
                    file,
                    files.GetValueOrDefault(Path.ChangeExtension(file.Name, extension: null) + EnglishEnding)
                )),
        ];
    }
}

/// <summary>A literal key looked up in a text class: <c>Text["Key"]</c>.</summary>
internal sealed record TextLookup(string ClassName, string Key, int Line)
{
    /// <summary>
    /// The lookups of a file. The localizer's name and class are read from the file and from those that share its component or folder
    /// (code-behind, <c>_Imports.razor</c>), given as <paramref name="declarations"/>.
    /// </summary>
    public static IEnumerable<TextLookup> In(string code, string declarations)
    {
        var classes = TextLookupPatterns
            .Localizer()
            .Matches(declarations)
            .GroupBy(match => match.Groups["name"].Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Groups["class"].Value, StringComparer.Ordinal);

        return from match in TextLookupPatterns.Lookup().Matches(code)
            where classes.ContainsKey(match.Groups["name"].Value)
            select new TextLookup(classes[match.Groups["name"].Value], match.Groups["key"].Value, CodeText.LineOf(code, match.Index));
    }
}

internal static partial class TextLookupPatterns
{
    [GeneratedRegex(
        @"\bIStringLocalizer<(\w+\.)*(?<class>\w+)>\??\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    public static partial Regex Localizer();

    [GeneratedRegex("""\b(?<name>\w+)\["(?<key>[^"{}]+)"[,\]]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    public static partial Regex Lookup();
}
