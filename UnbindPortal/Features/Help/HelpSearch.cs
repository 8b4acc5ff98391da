namespace UnbindPortal.Features.Help;

/// <summary>A stretch of text that is marked as found, or is not.</summary>
internal readonly record struct HelpRun(string Text, bool Marked);

/// <summary>Finding topics and marking what was found. Pure functions over folded text.</summary>
internal static class HelpSearch
{
    private const int SuggestionCount = 4;

    /// <summary>Offered when nothing in the query resembles any topic.</summary>
    private static readonly string[] UsualSuggestions = ["first", "phone-lost", "codes", "forgot-number"];

    /// <summary>The topics that hold every word, those with a word in the title first, otherwise in page order.</summary>
    public static IReadOnlyList<HelpTopic> Find(IReadOnlyList<HelpTopic> topics, IReadOnlyList<string> words) =>
        [
            .. topics
                .Where(topic => words.All(word => topic.Haystack.Contains(word, StringComparison.Ordinal)))
                .OrderByDescending(topic => words.Count(word => topic.FoldedTitle.Contains(word, StringComparison.Ordinal))),
        ];

    /// <summary>
    /// The nearest topics when none matches. Chinese has no spaces between words, so a whole question is one word that matches nowhere;
    /// shared pairs of characters still show what it is about.
    /// </summary>
    public static IReadOnlyList<HelpTopic> Suggest(IReadOnlyList<HelpTopic> topics, IReadOnlyList<string> words)
    {
        var pairs = words.SelectMany(Pairs).Distinct(StringComparer.Ordinal).ToList();
        var near = topics
            .Select(topic => (Topic: topic, Score: pairs.Sum(pair => Score(topic, pair))))
            .Where(scored => scored.Score > 0)
            .OrderByDescending(scored => scored.Score)
            .Take(SuggestionCount)
            .Select(scored => scored.Topic)
            .ToList();
        return near.Count > 0 ? near : [.. topics.Where(topic => UsualSuggestions.Contains(topic.Id, StringComparer.Ordinal))];
    }

    /// <summary>Splits a text where a word starts or ends, so that the page can put what was found into an element of its own.</summary>
    public static IReadOnlyList<HelpRun> Mark(string text, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return [new(text, Marked: false)];
        }

        var marked = MarkedChars(text, words);
        var runs = new List<HelpRun>();
        for (var start = 0; start < text.Length; )
        {
            var end = start + 1;
            while (end < text.Length && marked[end] == marked[start])
            {
                end++;
            }

            runs.Add(new(text[start..end], marked[start]));
            start = end;
        }

        return runs;
    }

    private static bool[] MarkedChars(string text, IReadOnlyList<string> words)
    {
        var (folded, origins) = HelpFold.FoldWithOrigins(text);
        var marked = new bool[text.Length];
        foreach (var word in words)
        {
            for (
                var at = folded.IndexOf(word, StringComparison.Ordinal);
                at >= 0;
                at = folded.IndexOf(word, at + 1, StringComparison.Ordinal)
            )
            {
                var from = origins[at].Start.Value;
                var to = origins[at + word.Length - 1].End.Value;
                Array.Fill(marked, true, from, to - from);
            }
        }

        return marked;
    }

    private static int Score(HelpTopic topic, string pair) =>
        (topic.Haystack.Contains(pair, StringComparison.Ordinal) ? 1 : 0)
        + (topic.FoldedTitle.Contains(pair, StringComparison.Ordinal) ? 2 : 0);

    /// <summary>Pairs of Chinese characters only: two Latin letters say nothing about what a word means.</summary>
    private static IEnumerable<string> Pairs(string word)
    {
        for (var i = 0; i + 1 < word.Length; i++)
        {
            if (word[i] is >= '\u4E00' and <= '\u9FFF' && word[i + 1] is >= '\u4E00' and <= '\u9FFF')
            {
                yield return word.Substring(i, 2);
            }
        }

        if (word.All(char.IsAscii) && word.Length > 3)
        {
            // "unbinding" should still lead to "unbind".
            yield return word[..Math.Max(4, word.Length - 3)];
        }
    }
}
