using System.Resources;

namespace UnbindPortal.Support;

/// <summary>What the resources say, read past the localizer, so that a page that shows a bare key is found out.</summary>
public static class Words
{
    /// <summary>Every language there is, the default one first.</summary>
    public static readonly IReadOnlyList<string> Languages = ["zh-CN", "en"];

    /// <summary>The text of a key of a marker class.</summary>
    /// <param name="key">The key; it must exist.</param>
    /// <param name="values">What fills it in.</param>
    public static string Of<TTexts>(string key, params object[] values) => In<TTexts>(CultureInfo.CurrentUICulture.Name, key, values);

    /// <summary>The text of a key of a marker class in a language.</summary>
    public static string In<TTexts>(string language, string key, params object[] values)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var resources = new ResourceManager(typeof(TTexts).FullName!, typeof(TTexts).Assembly);
        var text = resources.GetString(key, culture) ?? throw new ArgumentException($"{typeof(TTexts).Name} has no '{key}'.", nameof(key));
        return string.Format(culture, text, values);
    }
}
