using System.Text;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Help;

/// <summary>What somebody searches for, cut to a sane length and split into folded words.</summary>
/// <param name="Shown">The query as typed, for the page to repeat.</param>
/// <param name="Words">Folded words; a topic must hold all of them. Empty: nothing to search for.</param>
/// <param name="Shortened">True when the end of what was typed was left out.</param>
public sealed record HelpQuery(string Shown, IReadOnlyList<string> Words, bool Shortened)
{
    /// <summary>Longest query, in characters (Unicode scalar values).</summary>
    public const int MaxLength = 64;

    /// <summary>Most words of one query.</summary>
    public const int MaxWords = 8;

    /// <summary>Reads what came in the address. Any input is accepted.</summary>
    public static HelpQuery Read(string? typed)
    {
        var shown = new StringBuilder();
        var length = 0;
        foreach (var rune in PlainText.WellFormed(typed).AsSpan().Trim().EnumerateRunes())
        {
            if (length++ == MaxLength)
            {
                break;
            }

            // Control and format characters (such as text-direction overrides) could disturb the page around the query.
            shown.Append(IsInvisible(rune) ? " " : rune.ToString());
        }

        var words = Split(HelpFold.Fold(shown.ToString().Normalize(NormalizationForm.FormC)));
        return new(shown.ToString(), [.. words.Take(MaxWords)], length > MaxLength || words.Count > MaxWords);
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator;

    /// <summary>People end a question with a mark and glue words with commas; neither is part of a word. A hyphen is ("e-mail").</summary>
    private static List<string> Split(string folded)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in folded.EnumerateRunes())
        {
            if (
                rune.Value == '-'
                || Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.NonSpacingMark
            )
            {
                word.Append(rune.ToString());
                continue;
            }

            EndWord(words, word);
        }

        EndWord(words, word);
        return words;
    }

    private static void EndWord(List<string> words, StringBuilder word)
    {
        var done = word.ToString().Trim('-');
        word.Clear();
        if (done.Length > 0 && !words.Contains(done, StringComparer.Ordinal))
        {
            words.Add(done);
        }
    }
}
