using System.Globalization;

namespace UnbindPortal.Features.Help;

/// <summary>What the help page shows: a closed set.</summary>
public abstract record HelpAnswer
{
    private HelpAnswer() { }

    /// <summary>Nothing was asked: every topic, in page order.</summary>
    public sealed record Everything(IReadOnlyList<HelpTopic> Topics) : HelpAnswer;

    /// <summary>The topics that hold every word, at least one, best first.</summary>
    public sealed record Found(HelpQuery Query, IReadOnlyList<HelpTopic> Topics) : HelpAnswer;

    /// <summary>No topic holds every word; a few that may be meant.</summary>
    public sealed record Nothing(HelpQuery Query, IReadOnlyList<HelpTopic> Suggestions) : HelpAnswer;
}

/// <summary>The help texts, in the reader's language.</summary>
public interface IHelpService
{
    /// <summary>Answers a search, or gives everything when there is nothing to search for. Takes any input; never throws for an operator's broken file.</summary>
    /// <param name="typed">What was typed into the search box, as it came.</param>
    /// <param name="culture">The reader's culture; any English one reads English, every other one Chinese.</param>
    HelpAnswer Ask(string? typed, CultureInfo culture);
}
