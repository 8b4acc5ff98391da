using System.Text.RegularExpressions;
using UnbindPortal.Support;
using UnbindPortal.Support.Code;

namespace UnbindPortal;

/// <summary>Every text exists in both languages, and every text asked for exists.</summary>
public sealed partial class ResourceTests
{
    [Fact]
    public void Every_text_file_has_its_English_twin() =>
        SourceRules.AssertNone(
            "These files lack their twin",
            TextResources.All.Where(texts => texts.English is null).Select(texts => texts.Neutral.Name).Concat(TextResources.Orphans)
        );

    [Fact]
    public void Both_languages_have_the_same_keys() =>
        SourceRules.AssertNone(
            "These keys stand in one language only",
            from texts in WithTwins()
            from missing in OnlyIn(texts.Neutral, texts.English!).Concat(OnlyIn(texts.English!, texts.Neutral))
            select missing
        );

    [Fact]
    public void No_text_is_empty() =>
        SourceRules.AssertNone(
            "These texts are empty",
            from file in Repository.Sources("UnbindPortal", ".resx")
            from text in TextResources.Read(file)
            where string.IsNullOrWhiteSpace(text.Value)
            select $"{file.Name}: {text.Key}"
        );

    [Fact]
    public void Both_languages_fill_in_the_same_values() =>
        SourceRules.AssertNone(
            "These texts name different placeholders in the two languages",
            from texts in WithTwins()
            let english = TextResources.Read(texts.English!)
            from neutral in TextResources.Read(texts.Neutral)
            where english.ContainsKey(neutral.Key) && !Placeholders(neutral.Value).SetEquals(Placeholders(english[neutral.Key]))
            select $"{texts.Neutral.Name}: {neutral.Key}"
        );

    [Fact]
    public void Every_text_file_is_found_under_its_marker_class()
    {
        var assembly = typeof(Program).Assembly;
        var embedded = assembly.GetManifestResourceNames();
        SourceRules.AssertNone(
            "These files have no marker class of the same name and folder, so a localizer would answer with the bare key",
            from texts in TextResources.All
            where
                assembly.GetType(texts.ClassFullName) is null
                || !embedded.Contains(texts.ClassFullName + ".resources", StringComparer.Ordinal)
            select texts.Neutral.Name
        );
    }

    [Fact]
    public void Every_key_asked_for_exists()
    {
        var keys = TextResources.All.ToLookup(texts => texts.ClassName, texts => TextResources.Read(texts.Neutral), StringComparer.Ordinal);
        SourceRules.AssertNone(
            "These keys are asked for and stand in no resource",
            from file in Repository.Sources("UnbindPortal", ".cs", ".razor")
            from lookup in TextLookup.In(CodeText.WithoutComments(file), Declarations(file))
            where !keys[lookup.ClassName].Any(texts => texts.ContainsKey(lookup.Key))
            select $"{file.Name}:{lookup.Line}: {lookup.ClassName} has no '{lookup.Key}'"
        );
    }

    [Fact]
    public void Lookups_are_read_with_their_class()
    {
        const string Page =
            "@inject IStringLocalizer<UnbindTexts> Text\n<h1>@Text[\"Title\"]</h1>\n<p>@Text[\"Ends\", count] @other[\"x\"]</p>";

        Assert.Equal([new TextLookup("UnbindTexts", "Title", 2), new TextLookup("UnbindTexts", "Ends", 3)], TextLookup.In(Page, Page));
    }

    private static IEnumerable<TextResources> WithTwins() => TextResources.All.Where(texts => texts.English is not null);

    private static IEnumerable<string> OnlyIn(SourceFile here, SourceFile there) =>
        TextResources.Read(here).Keys.Except(TextResources.Read(there).Keys, StringComparer.Ordinal).Select(key => $"{here.Name}: {key}");

    private static HashSet<string> Placeholders(string text) =>
        Placeholder().Matches(text).Select(match => match.Groups["number"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The file itself, its code-behind or markup, and the imports of the folders above it.</summary>
    private static string Declarations(SourceFile file)
    {
        List<string> paths = [file.FullPath];
        paths.Add(file.FullPath.EndsWith(".razor.cs", StringComparison.Ordinal) ? file.FullPath[..^".cs".Length] : file.FullPath + ".cs");
        for (
            var folder = Path.GetDirectoryName(file.FullPath);
            folder?.StartsWith(Repository.AppSource, StringComparison.Ordinal) is true;
            folder = Path.GetDirectoryName(folder)
        )
        {
            paths.Add(Path.Combine(folder, "_Imports.razor"));
        }

        return string.Join('\n', paths.Where(File.Exists).Select(File.ReadAllText));
    }

    [GeneratedRegex(@"(?<!\{)\{(?<number>\d+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Placeholder();
}
