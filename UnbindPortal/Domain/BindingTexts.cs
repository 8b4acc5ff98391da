namespace UnbindPortal.Domain;

/// <summary>Marks the words of the catalogue: names of kinds and what losing one means. Keys are the kinds' names, and `{Kind}Impact`.</summary>
public sealed class BindingTexts;
