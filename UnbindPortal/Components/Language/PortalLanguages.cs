using System.Globalization;

namespace UnbindPortal.Components.Language;

/// <summary>The languages people can read the portal in, as BCP 47 tags. What each is called stands in the shared texts.</summary>
public static class PortalLanguages
{
    /// <summary>All languages, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = ["zh-CN", "en"];

    /// <summary>The cultures of <see cref="All"/>.</summary>
    public static IList<CultureInfo> Cultures { get; } = [.. All.Select(CultureInfo.GetCultureInfo)];

    /// <summary>The tag as we write it, or null if there is no such language.</summary>
    public static string? Find(string? tag) =>
        All.FirstOrDefault(language => string.Equals(language, tag, StringComparison.OrdinalIgnoreCase));
}
