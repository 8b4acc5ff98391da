using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace UnbindPortal.Support;

/// <summary>
/// Lets the test process load SQLitePCLRaw and AngleSharp.Diffing at versions lower than their callers were compiled against
/// (only the lower ones restore, see the build knots). The default binder refuses a lower version; this handler may accept it.
/// </summary>
internal static class LowerTestAssemblies
{
#pragma warning disable CA2255 // The tests are an application: the handler must stand before the first test type is loaded.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void AcceptLowerVersions() => AssemblyLoadContext.Default.Resolving += LoadFromTestFolder;

    private static Assembly? LoadFromTestFolder(AssemblyLoadContext context, AssemblyName wanted)
    {
        if (wanted.Name is not { } name || !IsKnownLower(name))
        {
            return null;
        }

        var file = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
    }

    private static bool IsKnownLower(string name) =>
        name.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal) || string.Equals(name, "AngleSharp.Diffing", StringComparison.Ordinal);
}
