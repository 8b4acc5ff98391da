namespace UnbindPortal.Features.Help;

/// <summary>Marks the resources with the help page's own words; the topics are files under <c>Topics/</c>.</summary>
public sealed class HelpTexts;
