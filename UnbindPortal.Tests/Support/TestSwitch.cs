namespace UnbindPortal.Support;

/// <summary>Switches of a test run, set as environment variables.</summary>
internal static class TestSwitch
{
    /// <summary>Whether the variable is set to 1; unset, empty and 0 mean no, anything else is a typing error worth hearing about.</summary>
    public static bool IsOn(string variable) =>
        Environment.GetEnvironmentVariable(variable) switch
        {
            "1" => true,
            null or "" or "0" => false,
            var other => throw new InvalidOperationException($"{variable} is '{other}'; set it to 1 or leave it unset."),
        };
}
