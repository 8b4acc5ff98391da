namespace UnbindPortal.Components.Shared;

/// <summary>Marks the texts of the shell and the shared components: <c>SharedTexts.resx</c> (zh-CN) and <c>SharedTexts.en.resx</c>.</summary>
public sealed class SharedTexts;
