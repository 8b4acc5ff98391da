using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace UnbindPortal.Features.Help;

/// <summary>Help for everyone, signed in or not: all topics, or those a search finds. Static; works without scripts.</summary>
public sealed partial class HelpPage
{
    private HelpAnswer? _answer;

    /// <summary>What to search for, as it stands in the address; anything is accepted.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _answer = Help.Ask(Query, CultureInfo.CurrentUICulture);

    private HelpQuery? Asked =>
        _answer switch
        {
            HelpAnswer.Found found => found.Query,
            HelpAnswer.Nothing nothing => nothing.Query,
            _ => null,
        };

    private string? Typed => Asked?.Shown;

    private string Title => Asked is { } asked ? Texts["TitleSearch", asked.Shown] : Texts["Title"];

    private RenderFragment? Shortened =>
        Asked is { Shortened: true }
            ? builder =>
            {
                builder.OpenElement(0, "p");
                builder.AddAttribute(1, "class", "muted");
                builder.AddContent(2, Texts["Shortened", HelpQuery.MaxLength, HelpQuery.MaxWords].Value);
                builder.CloseElement();
            }
            : null;

    private static string GroupId(HelpGroup group) => $"group_{group.ToString().ToLowerInvariant()}";
}
