namespace UnbindPortal.Support;

/// <summary>
/// How hard races, kills and property tests try: small numbers for a plain <c>dotnet test</c>, the full ones when
/// <c>UNBIND_FULL=1</c> is set, as the continuous build does.
/// </summary>
public static class TestScale
{
    /// <summary>Whether the full numbers are asked for.</summary>
    public static bool Full { get; } = TestSwitch.IsOn("UNBIND_FULL");

    /// <summary>The number to use in this run.</summary>
    public static int Pick(int small, int full) => Full ? full : small;
}
