using System.Globalization;

namespace UnbindPortal.Features.Help;

/// <summary>The languages help is written in; also the names of the folders.</summary>
internal static class HelpLanguage
{
    public const string Chinese = "zh-CN";
    public const string English = "en";

    public static readonly IReadOnlyList<string> All = [Chinese, English];

    public static string For(CultureInfo culture) =>
        string.Equals(culture.TwoLetterISOLanguageName, English, StringComparison.Ordinal) ? English : Chinese;
}
