namespace UnbindPortal.Components.Shared;

/// <summary>One count of a <see cref="Summary"/>.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Value">How many, formatted.</param>
/// <param name="TestId">The <c>data-testid</c> of the value, if checks read it.</param>
public sealed record SummaryFact(string Name, string Value, string? TestId = null);
