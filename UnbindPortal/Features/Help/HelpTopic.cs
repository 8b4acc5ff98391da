namespace UnbindPortal.Features.Help;

/// <summary>The parts of the help page, in reading order. A topic file names its part in lower case.</summary>
public enum HelpGroup
{
    /// <summary>Why and when, and what to do first.</summary>
    Start,

    /// <summary>The steps of the wizard.</summary>
    Steps,

    /// <summary>One topic for each kind of binding.</summary>
    Kinds,

    /// <summary>Fraud, a lost phone, the last way in.</summary>
    Safety,

    /// <summary>What follows an unbinding.</summary>
    After,

    /// <summary>Short questions and answers.</summary>
    Questions,
}

/// <summary>One piece of a topic. Everything in it is plain text; nothing is ever rendered as markup.</summary>
public abstract record HelpBlock
{
    private HelpBlock() { }

    /// <summary>A paragraph: one line of the file.</summary>
    public sealed record Paragraph(string Text) : HelpBlock;

    /// <summary>A list without order: neighbouring lines that start with <c>- </c>.</summary>
    public sealed record Points(IReadOnlyList<string> Items) : HelpBlock;

    /// <summary>A numbered list: neighbouring lines that start with a number and a full stop.</summary>
    public sealed record Steps(IReadOnlyList<string> Items) : HelpBlock;

    /// <summary>A line to be noticed: starts with <c>! </c>.</summary>
    public sealed record Note(string Text) : HelpBlock;

    /// <summary>A link on a line of its own: <c>=&gt; target words</c>. <see cref="Target"/> is ready for <c>href</c> and of an allowed form.</summary>
    public sealed record Link(string Target, string Text) : HelpBlock;

    /// <summary>The words a reader sees, one string per line.</summary>
    internal IEnumerable<string> Lines() =>
        this switch
        {
            Paragraph p => [p.Text],
            Points p => p.Items,
            Steps s => s.Items,
            Note n => [n.Text],
            Link l => [l.Text],
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>One topic of the help page in one language.</summary>
/// <param name="Id">Stable anchor: lower-case letters, digits and hyphens; <c>/help#Id</c> leads here.</param>
/// <param name="Title">Heading, 1–80 characters.</param>
/// <param name="Group">The part of the page it stands in.</param>
/// <param name="Order">Place within the group, 0–999; equal ones go by id.</param>
/// <param name="Words">Further words people search for; never shown.</param>
/// <param name="Blocks">The text, at least one block.</param>
public sealed record HelpTopic(string Id, string Title, HelpGroup Group, int Order, string Words, IReadOnlyList<HelpBlock> Blocks)
{
    /// <summary>Title and text folded for searching, kept because folding is the dear part of a search.</summary>
    internal string Haystack { get; } = HelpFold.Fold(string.Join('\n', [Title, Words, .. Blocks.SelectMany(block => block.Lines())]));

    /// <summary>The folded title, which ranks a hit.</summary>
    internal string FoldedTitle { get; } = HelpFold.Fold(Title);
}
