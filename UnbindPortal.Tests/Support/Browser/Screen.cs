namespace UnbindPortal.Support.Browser;

/// <summary>The two sizes every page is looked at in.</summary>
public enum Screen
{
    /// <summary>390×844 CSS pixels, touch, mobile viewport rules.</summary>
    Phone,

    /// <summary>1280×800 CSS pixels, mouse.</summary>
    Desktop,
}
