using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace UnbindPortal.Support.Services;

/// <summary>How to start <see cref="PortalServices"/>. The defaults are the product's, over a fresh folder.</summary>
public sealed record PortalServicesSetup
{
    /// <summary>Limits so high that a test of something else never meets them.</summary>
    public static PortalServicesSetup Roomy { get; } =
        new()
        {
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Unbind:RequestsPerDay"] = "1000000",
                ["Unbind:TurnsPerMonth"] = "1000000",
                ["Verification:PerDestinationHour"] = "1000000",
                ["Verification:PerDestinationDay"] = "1000000",
                ["Verification:PerAccountDay"] = "1000000",
                ["Verification:PerOriginHour"] = "1000000",
                ["Verification:GlobalDay"] = "100000000",
            },
        };

    /// <summary>Null: a fresh folder, deleted when the services are disposed.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Where the clock starts; the system's time where a real process works on the same folder before or after.</summary>
    public DateTimeOffset StartAt { get; init; } = ManualClock.Noon;

    /// <summary>Settings as in appsettings.json, sections joined by colons.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Put in after the product's own.</summary>
    public IReadOnlyList<IInterceptor> Interceptors { get; init; } = [];

    /// <summary>Rounds of a password hash; null for the product's own.</summary>
    public int? HashIterations { get; init; } = 500;

    /// <summary>The least that is captured of the log.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The same with settings put over.</summary>
    public PortalServicesSetup With(params (string Key, string Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var all = new Dictionary<string, string?>(Settings, StringComparer.Ordinal);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return this with
        {
            Settings = all,
        };
    }
}
