namespace UnbindPortal.Support.Code;

/// <summary>
/// Where a type stands: <c>Features → Trust → Data → Domain</c>, the shell in <c>Components</c> beside them, and the root, which is
/// the table of contents. A feature also has its folder's name.
/// </summary>
internal sealed record Layer(string Name, string? Feature = null)
{
    private const string Root = "UnbindPortal";

    /// <summary>For each layer, the ones it may use besides itself. Features are told apart below.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Data"] = ["Domain"],
        ["Trust"] = ["Data", "Domain"],
        ["Components"] = ["Trust", "Data", "Domain"],
        ["Features"] = ["Components", "Trust", "Data", "Domain"],
    };

    /// <summary>The layers the design names, the root left out.</summary>
    public static IReadOnlyCollection<string> Known => MayUse.Keys;

    /// <summary>Null for a type that is not the portal's.</summary>
    public static Layer? Of(string? nameSpace)
    {
        if (nameSpace is not { } full || (full is not Root && !full.StartsWith(Root + ".", StringComparison.Ordinal)))
        {
            return null;
        }

        var parts = full.Split('.');
        var name = parts.ElementAtOrDefault(1) ?? "";
        return new Layer(name, name is "Features" ? parts.ElementAtOrDefault(2) : null);
    }

    /// <summary>Whether a type here may use one there. The root uses everything; what stands in the root holds nothing to protect.</summary>
    public bool Allows(Layer other)
    {
        if (Name is "" || other.Name is "")
        {
            return true;
        }

        return string.Equals(Name, other.Name, StringComparison.Ordinal)
            ? string.Equals(Feature, other.Feature, StringComparison.Ordinal)
            : MayUse.TryGetValue(Name, out var lower) && lower.Contains(other.Name, StringComparer.Ordinal);
    }
}
