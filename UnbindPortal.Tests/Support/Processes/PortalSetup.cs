namespace UnbindPortal.Support.Processes;

/// <summary>How to start the portal. The defaults are a Development server over a fresh folder.</summary>
public sealed record PortalSetup
{
    /// <summary><c>ASPNETCORE_ENVIRONMENT</c>: Development (demo accounts, inbox page) or Production.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>Holds the database, the lock and the keys. Null: a fresh folder, deleted when the process object is disposed.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Further environment variables, such as <c>Portal__…</c> options.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Further arguments, after the ones the harness gives.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Null: a free one. It stays the same over restarts.</summary>
    public int? Port { get; init; }

    /// <summary>Runs as a user that file modes bind; for <see cref="Requirements.UnprivilegedFactAttribute"/> tests of read-only storage.</summary>
    public bool WithoutPrivileges { get; init; }

    /// <summary>How long the server may take until it listens.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(90);
}
