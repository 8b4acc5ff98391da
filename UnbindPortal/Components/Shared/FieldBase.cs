using Microsoft.AspNetCore.Components;

namespace UnbindPortal.Components.Shared;

/// <summary>
/// A labelled text field. In an interactive page bind <see cref="Value"/>; in a static form give <see cref="Name"/> and, when the form comes
/// back refused, <see cref="Value"/> and <see cref="Error"/>.
/// </summary>
public abstract class FieldBase : ComponentBase
{
    private readonly string _fallbackId = $"field-{Guid.NewGuid():N}";

    /// <summary>What is in it.</summary>
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Told when the person leaves the field or submits.</summary>
    [Parameter]
    public EventCallback<string?> ValueChanged { get; set; }

    /// <summary>The form field's name.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>What to write in it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>A line of help beneath the label.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>What is wrong with it and what to do, or null.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Cannot be changed now.</summary>
    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>Passed to the native input: data-testid, autofocus, required, inputmode….</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    // Stable over renderings where it can be, so that the page is patched and not replaced.
    internal string Id => Given("id") ?? Name ?? Given("data-testid") ?? _fallbackId;

    internal string HintId => $"{Id}-hint";

    internal string ErrorId => $"{Id}-error";

    internal bool HasError => !string.IsNullOrEmpty(Error);

    internal string? DescribedBy =>
        (HasError, Hint is not null) switch
        {
            (true, true) => $"{ErrorId} {HintId}",
            (true, false) => ErrorId,
            (false, true) => HintId,
            (false, false) => null,
        };

    private string? Given(string attribute) => Attributes?.TryGetValue(attribute, out var value) is true ? value as string : null;
}
