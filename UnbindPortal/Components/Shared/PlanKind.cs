namespace UnbindPortal.Components.Shared;

/// <summary>What a section of a plan tells.</summary>
public enum PlanKind
{
    /// <summary>What is taken away: red, crossed.</summary>
    Gone,

    /// <summary>What stays: green, ticked.</summary>
    Stay,

    /// <summary>What else happens: a fact.</summary>
    Fact,

    /// <summary>When.</summary>
    When,

    /// <summary>What is no longer there: struck through, grey.</summary>
    Struck,
}
