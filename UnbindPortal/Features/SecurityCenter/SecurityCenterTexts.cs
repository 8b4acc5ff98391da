namespace UnbindPortal.Features.SecurityCenter;

/// <summary>Marks the words of the security centre.</summary>
public sealed class SecurityCenterTexts;
