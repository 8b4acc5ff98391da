using System.Text;

namespace UnbindPortal.Features.Help;

/// <summary>Makes two spellings of the same word equal: upper and lower case, full and half width.</summary>
internal static class HelpFold
{
    /// <summary>The folded text alone.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Append(folded, rune);
        }

        return folded.ToString();
    }

    /// <summary>The folded text, and for each of its characters where the original one starts and ends.</summary>
    public static (string Folded, List<Range> Origins) FoldWithOrigins(string text)
    {
        var folded = new StringBuilder(text.Length);
        var origins = new List<Range>(text.Length);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            Append(folded, rune);
            // A lone surrogate is reported as U+FFFD, which is one char, as the surrogate was.
            var end = at + rune.Utf16SequenceLength;
            while (origins.Count < folded.Length)
            {
                origins.Add(at..end);
            }

            at = end;
        }

        return (folded.ToString(), origins);
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        // Nearly all text here is ASCII or Chinese, which normalisation leaves alone.
        if (rune.IsAscii || rune.Value is >= 0x4E00 and <= 0x9FFF)
        {
            folded.Append(Rune.ToLowerInvariant(rune).ToString());
            return;
        }

        // Rune by rune, so that each folded character keeps its origin.
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            folded.Append(Rune.ToLowerInvariant(part).ToString());
        }
    }
}
