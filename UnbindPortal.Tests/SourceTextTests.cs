using UnbindPortal.Support;
using UnbindPortal.Support.Code;

namespace UnbindPortal;

/// <summary>Rules a reviewer would have to look for in every file, looked for by a program.</summary>
public sealed class SourceTextTests
{
    /// <summary>Files that may hold Chinese outside resources and comments, each with the reason.</summary>
    private static readonly Dictionary<string, string> MayHoldChinese = new(StringComparer.Ordinal);

    /// <summary>Files that may hold what the rule on inline styles and scripts forbids, each with the reason.</summary>
    private static readonly Dictionary<string, string> MayHoldInline = new(StringComparer.Ordinal);

    [Fact]
    public void Time_is_read_from_the_time_provider() =>
        NoneIn(
            Sources("UnbindPortal", ".cs", ".razor").Concat(Sources("UnbindPortal.Tests", ".cs", ".razor")),
            SourceRules.ClockReads,
            "Inject TimeProvider instead of"
        );

    [Fact]
    public void Markup_is_always_encoded() =>
        NoneIn(Sources("UnbindPortal", ".cs", ".razor"), SourceRules.RawMarkup, "Raw markup opens the door to injection");

    [Fact]
    public void Text_for_people_stands_in_resources() =>
        NoneIn(
            Sources("UnbindPortal", ".cs", ".razor").Where(file => !MayHoldChinese.ContainsKey(file.Name)),
            SourceRules.ChineseText,
            "Chinese text outside resources and comments"
        );

    [Fact]
    public void No_inline_style_script_or_handler() =>
        NoneIn(
            Sources("UnbindPortal", ".razor").Where(file => !MayHoldInline.ContainsKey(file.Name)),
            SourceRules.InlineStylesAndScripts,
            "The content security policy blocks inline styles, scripts and handlers"
        );

    [Fact]
    public void Exceptions_name_files_that_exist() =>
        SourceRules.AssertNone(
            "These exceptions name no file",
            MayHoldChinese.Keys.Concat(MayHoldInline.Keys).Where(name => !File.Exists(Path.Combine(Repository.Root, name)))
        );

    [Fact]
    public void Rules_find_what_they_forbid()
    {
        Assert.Equal(
            ["DateTime.UtcNow", "DateTimeOffset.Now", "DateTime.Today"],
            Values(SourceRules.ClockReads("DateTime.UtcNow; DateTimeOffset.Now; DateTime.Today; clock.GetUtcNow()"))
        );
        Assert.Equal(["MarkupString"], Values(SourceRules.RawMarkup("(MarkupString)text")));
        Assert.Equal(["\u89e3\u7ed1"], Values(SourceRules.ChineseText("Title = \"\u89e3\u7ed1\"")));
        Assert.Equal(4, SourceRules.InlineStylesAndScripts("<p style=\"a\"><a onclick='b()'><script>c()</script><style>").Count());
        Assert.Empty(SourceRules.InlineStylesAndScripts("<button @onclick=\"Go\" class=\"a\"><script src=\"app.js\"></script>"));
        Assert.Equal(["Bind"], Values(SourceRules.NamedFeatures("using UnbindPortal.Features.Bind;")));
        static IEnumerable<string> Values(IEnumerable<Finding> findings) => findings.Select(finding => finding.Value);
    }

    private static IEnumerable<SourceFile> Sources(string folder, params string[] extensions) =>
        Repository
            .Sources(folder, extensions)
            .Where(file =>
                !file.Name.Contains("/Migrations/", StringComparison.Ordinal)
                && !file.Name.EndsWith("/SourceTextTests.cs", StringComparison.Ordinal)
            );

    private static void NoneIn(IEnumerable<SourceFile> files, Func<string, IEnumerable<Finding>> rule, string title) =>
        SourceRules.AssertNone(
            title,
            from file in files
            from found in rule(CodeText.WithoutComments(file))
            select $"{file.Name}:{found.Line}: {found.Value}"
        );
}
