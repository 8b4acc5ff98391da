using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace UnbindPortal.Data.Sqlite;

/// <summary>
/// Half of knot 1 (see Build/Knot1.Sqlite.props): Microsoft.Data.Sqlite is compiled against a newer SQLitePCLRaw than the one that restores.
/// The default binder refuses a lower version; a resolving handler may accept it. Only those assemblies are handled.
/// </summary>
internal static class LowerSqliteAssemblies
{
    [SuppressMessage(
        "Usage",
        "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "An application: it must run before the first SQLite type is loaded."
    )]
    [ModuleInitializer]
    internal static void Accept()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        SQLitePCL.Batteries_V2.Init();
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName wanted)
    {
        if (wanted.Name?.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal) is not true)
        {
            return null;
        }

        var path = Path.Combine(AppContext.BaseDirectory, $"{wanted.Name}.dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
