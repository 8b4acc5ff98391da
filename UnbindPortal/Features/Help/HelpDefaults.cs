using System.Reflection;

namespace UnbindPortal.Features.Help;

/// <summary>The built-in texts: the files under <c>Topics/</c>, embedded. Read once, on first use.</summary>
internal static class HelpDefaults
{
    private const string Prefix = "HelpTopics/";

    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyDictionary<string, HelpTopic>>> ByLanguage = new(() =>
        HelpLanguage.All.ToDictionary(language => language, Load, StringComparer.Ordinal)
    );

    /// <summary>The topics of a language by id.</summary>
    public static IReadOnlyDictionary<string, HelpTopic> For(string language) => ByLanguage.Value[language];

    private static IReadOnlyDictionary<string, HelpTopic> Load(string language)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{Prefix}{language}/";
        return assembly
            .GetManifestResourceNames()
            // On Windows the build writes the folder with a backslash.
            .Where(name => name.Replace('\\', '/').StartsWith(folder, StringComparison.Ordinal))
            .Select(name => Load(assembly, name, Path.GetFileNameWithoutExtension(name.Replace('\\', '/'))))
            .ToDictionary(topic => topic.Id, StringComparer.Ordinal);
    }

    private static HelpTopic Load(Assembly assembly, string name, string id)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return HelpTopicParser.Read(id, reader.ReadToEnd(), original: null) switch
        {
            HelpReading.Good good => good.Topic,
            // A build with such a file is a bug; a test reads every one.
            HelpReading.Broken broken => throw new InvalidDataException($"{name}, line {broken.Line}: {broken.Problem}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
