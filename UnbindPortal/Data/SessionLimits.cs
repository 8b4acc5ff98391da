using System.ComponentModel.DataAnnotations;

namespace UnbindPortal.Data;

/// <summary>How long a session lives: the configuration section `Sessions`. NIST SP 800-63B-4 §2.2.3 allows at most 1 h idle and 24 h in all.</summary>
public sealed class SessionLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sessions";

    /// <summary>Ends after so long without an act of its owner, 1 min to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Ends after so long whatever happens, 5 min to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan Absolute { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How often circuits and cookies look at their session again, 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Revalidation { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the secret before a renewal stays good, for a response that got lost, 0 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan SecretGrace { get; set; } = TimeSpan.FromMinutes(1);
}
