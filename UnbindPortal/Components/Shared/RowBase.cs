using Microsoft.AspNetCore.Components;

namespace UnbindPortal.Components.Shared;

/// <summary>What every row of a <see cref="RowList"/> is told.</summary>
public abstract class RowBase : ComponentBase
{
    /// <summary><c>phone</c>, <c>mail</c>, <c>wx</c>, <c>qq</c>, <c>ali</c>, <c>key</c>, <c>lock</c>, <c>device</c> or <c>app</c>.</summary>
    [Parameter, EditorRequired]
    public required string Mark { get; set; }

    /// <summary>For an app: its name, of which the mark shows the first letter.</summary>
    [Parameter]
    public string? Letter { get; set; }

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>The masked number, address or name.</summary>
    [Parameter]
    public string? Identity { get; set; }

    /// <summary>Lines of small print.</summary>
    [Parameter]
    public IReadOnlyList<string> Meta { get; set; } = [];

    /// <summary><see cref="Chip"/>s behind the name.</summary>
    [Parameter]
    public RenderFragment? Chips { get; set; }

    /// <summary>Passed to the element the person acts on: the row, the link, the button or the checkbox.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }
}
