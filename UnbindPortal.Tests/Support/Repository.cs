namespace UnbindPortal.Support;

/// <summary>Where the tests' own sources and the application's build output are.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The application's source folder.</summary>
    public static string AppSource { get; } = Path.Combine(Root, "UnbindPortal");

    /// <summary>The application's own build output, of the same configuration and framework as these tests.</summary>
    public static string AppOutput { get; } = FindAppOutput();

    /// <summary>Source files below a folder, generated ones left out, with their paths from the root and forward slashes.</summary>
    public static IEnumerable<SourceFile> Sources(string folder, params string[] extensions) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        where extensions.Contains(Path.GetExtension(path), StringComparer.Ordinal)
        let name = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !name.Contains("/bin/", StringComparison.Ordinal) && !name.Contains("/obj/", StringComparison.Ordinal)
        orderby name
        select new SourceFile(name, path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "UnbindPortal.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"No UnbindPortal.sln above {AppContext.BaseDirectory}: the tests run from inside the repository."
        );
    }

    private static string FindAppOutput()
    {
        // …/UnbindPortal.Tests/bin/<configuration>/<framework>/
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, "UnbindPortal", "bin", framework.Parent!.Name, framework.Name);
    }
}

/// <summary>A source file: <paramref name="Name"/> from the repository's root, and where it lies.</summary>
internal sealed record SourceFile(string Name, string FullPath)
{
    public string Read() => File.ReadAllText(FullPath);
}
