using System.Text.RegularExpressions;

namespace UnbindPortal.Support.Code;

/// <summary>Something found in a source text: what, and on which line.</summary>
internal sealed record Finding(int Line, string Value);

/// <summary>What source text must not hold. Each takes text without comments.</summary>
internal static partial class SourceRules
{
    /// <summary>Reading the time of day past TimeProvider.</summary>
    public static IEnumerable<Finding> ClockReads(string code) => Find(ClockRead(), code);

    /// <summary>Markup that is not encoded.</summary>
    public static IEnumerable<Finding> RawMarkup(string code) => Find(RawMarkupCall(), code);

    /// <summary>Chinese characters, full-width punctuation included.</summary>
    public static IEnumerable<Finding> ChineseText(string code) => Find(Chinese(), code);

    /// <summary>Inline styles, scripts and event handlers, which the content security policy blocks.</summary>
    public static IEnumerable<Finding> InlineStylesAndScripts(string markup) => Find(Inline(), markup);

    /// <summary>Names of feature folders, by using directive or in a longer name.</summary>
    public static IEnumerable<Finding> NamedFeatures(string code) => Find(FeatureName(), code);

    /// <summary>Fails with one line a place.</summary>
    public static void AssertNone(string rule, IEnumerable<string?> places)
    {
        var broken = places.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.True(broken.Count == 0, $"{rule}:\n  {string.Join("\n  ", broken)}");
    }

    private static IEnumerable<Finding> Find(Regex pattern, string code) =>
        pattern
            .Matches(code)
            .Select(match => new Finding(
                CodeText.LineOf(code, match.Index),
                match.Groups["found"] is { Success: true } found ? found.Value : match.Value
            ));

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(UtcNow|Now|Today)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ClockRead();

    [GeneratedRegex(
        @"\b(MarkupString|AddMarkupContent|HtmlString|Html\.Raw)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex RawMarkupCall();

    [GeneratedRegex(
        @"[\u3000-\u303F\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]+",
        RegexOptions.None,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Chinese();

    [GeneratedRegex(
        """\sstyle\s*=\s*["']|<style\b|<script(?![^>]*\bsrc\s*=)|\son[a-z]+\s*=\s*["']|javascript:""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Inline();

    [GeneratedRegex(@"\bFeatures\.(?<found>[A-Z]\w*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex FeatureName();
}
