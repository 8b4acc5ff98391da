using System.Text;
using System.Text.RegularExpressions;

namespace UnbindPortal.Support.Code;

/// <summary>Source text with its comments blanked out, line breaks kept, so that rules about code don't trip over prose.</summary>
internal static partial class CodeText
{
    /// <summary>The text of a .cs or .razor file without comments.</summary>
    public static string WithoutComments(SourceFile file) =>
        file.Name.EndsWith(".razor", StringComparison.Ordinal) ? WithoutRazorComments(file.Read()) : WithoutCSharpComments(file.Read());

    /// <summary>Knows strings and characters well enough not to take a <c>//</c> inside one for a comment.</summary>
    public static string WithoutCSharpComments(string code) =>
        CSharpCommentOrText().Replace(code, match => match.Value[0] == '/' ? Blank(match.Value) : match.Value);

    /// <summary>In markup a <c>//</c> may belong to an address and an apostrophe to a word: only a <c>//</c> after white space counts.</summary>
    public static string WithoutRazorComments(string markup) => RazorComment().Replace(markup, match => Blank(match.Value));

    /// <summary>The line a position lies on, counted from 1.</summary>
    public static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    private static string Blank(string comment)
    {
        var blank = new StringBuilder(comment.Length);
        foreach (var character in comment)
        {
            blank.Append(character is '\n' ? '\n' : ' ');
        }

        return blank.ToString();
    }

    // In order: comments, raw strings, verbatim strings, strings, characters.
    [GeneratedRegex(
        """//[^\n]*|/\*.*?\*/|(?<quotes>"{3,}).*?\k<quotes>|\$?@\$?"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex CSharpCommentOrText();

    [GeneratedRegex(
        """@\*.*?\*@|<!--.*?-->|(?<=^|\s)//[^\n]*""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex RazorComment();
}
