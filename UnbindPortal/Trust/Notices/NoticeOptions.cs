using System.ComponentModel.DataAnnotations;

namespace UnbindPortal.Trust.Notices;

/// <summary>How messages leave: the configuration section `Delivery`.</summary>
public sealed class DeliveryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Delivery";

    /// <summary>
    /// A folder where each message becomes one file for the operator's own gateway to pick up and delete. In Development it defaults to
    /// `inbox` in the data folder, which `/dev/inbox` shows; elsewhere it must be set.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>How often the outbox is looked through even when nobody rang, 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries before a notice is given up, 1 to 50.</summary>
    [Range(1, 50)]
    public int Tries { get; set; } = 12;

    /// <summary>Time one sending may take, 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
