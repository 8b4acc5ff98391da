namespace UnbindPortal.Support.Processes;

/// <summary>The portal ended, or ran out of time, before it listened. Tests of refused start-ups read the exit code and the output.</summary>
public sealed class PortalDidNotStartException(int? exitCode, string output)
    : Exception(
        (
            exitCode is { } code
                ? $"The portal ended with exit code {code} before it listened."
                : "The portal did not listen in time and was killed."
        ) + $" It wrote:\n{output}"
    )
{
    /// <summary>Null when it ran out of time.</summary>
    public int? ExitCode { get; } = exitCode;

    /// <summary>All it wrote, both streams.</summary>
    public string Output { get; } = output;
}
