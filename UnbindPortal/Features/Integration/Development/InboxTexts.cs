namespace UnbindPortal.Features.Integration.Development;

/// <summary>Marks the words of the Development inbox.</summary>
public sealed class InboxTexts;
