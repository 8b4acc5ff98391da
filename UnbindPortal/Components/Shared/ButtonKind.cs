namespace UnbindPortal.Components.Shared;

/// <summary>How much a button or link weighs.</summary>
public enum ButtonKind
{
    /// <summary>The one thing to do here.</summary>
    Primary,

    /// <summary>Another way out.</summary>
    Quiet,

    /// <summary>Takes something away.</summary>
    Stop,

    /// <summary>A quiet one within a row.</summary>
    Small,

    /// <summary>The one thing to do within a card.</summary>
    SmallPrimary,
}

/// <summary>The classes behind <see cref="ButtonKind"/>.</summary>
internal static class ButtonLook
{
    public static string Of(ButtonKind kind) =>
        kind switch
        {
            ButtonKind.Primary => "btn",
            ButtonKind.Quiet => "btn btn-quiet",
            ButtonKind.Stop => "btn btn-stop",
            ButtonKind.Small => "btn btn-quiet btn-small",
            ButtonKind.SmallPrimary => "btn btn-small",
        };
}
