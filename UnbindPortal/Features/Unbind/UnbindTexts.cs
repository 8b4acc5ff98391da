namespace UnbindPortal.Features.Unbind;

/// <summary>Marks the words of the wizard.</summary>
public sealed class UnbindTexts;
