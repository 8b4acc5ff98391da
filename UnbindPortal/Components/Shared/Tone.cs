namespace UnbindPortal.Components.Shared;

/// <summary>What a chip or note says by its colour. The words always say it too.</summary>
public enum Tone
{
    /// <summary>A fact.</summary>
    Info,

    /// <summary>Stays, is safe.</summary>
    Ok,

    /// <summary>Deserves a look.</summary>
    Warn,

    /// <summary>Is taken away, or refused.</summary>
    Stop,

    /// <summary>Neither: an outlined chip.</summary>
    Plain,
}

/// <summary>Whether a screen reader is told when a note appears.</summary>
public enum Announce
{
    /// <summary>The note is part of the page.</summary>
    No,

    /// <summary>When the reader pauses (<c>role="status"</c>).</summary>
    Politely,

    /// <summary>At once (<c>role="alert"</c>).</summary>
    AtOnce,
}
