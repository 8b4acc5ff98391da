namespace UnbindPortal.Support.Code;

/// <summary>The portal's types as written in its source, each with its layer.</summary>
internal static class AppTypes
{
    public static IReadOnlyList<(Type Type, Layer Layer)> All { get; } =
    [
        .. from type in TypeUses.WrittenTypes(typeof(Program).Assembly)
        let layer = Layer.Of(type.Namespace)
        where layer is not null
        select (type, layer),
    ];
}
