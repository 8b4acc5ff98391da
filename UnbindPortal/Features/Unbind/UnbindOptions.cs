using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard's times and limits: the configuration section `Unbind`.</summary>
public sealed class UnbindOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Unbind";

    /// <summary>How long a walk may take from planning to confirm, 2 to 60 min.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "01:00:00")]
    public TimeSpan PlanLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Wrong answers in all before the walk ends, 1 to 10.</summary>
    [Range(1, 10)]
    public int TriesPerRequest { get; set; } = 5;

    /// <summary>Requests an account may start in a day. One cancelled before a code or password was tried does not count.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerDay { get; set; } = 5;

    /// <summary>How often one identity may leave an account in 30 days.</summary>
    [Range(1, 1_000_000)]
    public int TurnsPerMonth { get; set; } = 3;

    /// <summary>How long the last phone or e-mail waits when something else proved it, 1 h to 14 d.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "14.00:00:00")]
    public TimeSpan LastContactWait { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How often due and expired requests are looked for, 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Rows put over the removal table, by kind, in its text form (see <see cref="RemovalPolicy"/>).</summary>
    public IDictionary<BindingKind, string> Policy { get; } = new Dictionary<BindingKind, string>();
}

/// <summary>The removal table in force, read once from options.</summary>
public sealed class RemovalTable(IOptions<UnbindOptions> options)
{
    /// <summary>The table.</summary>
    public RemovalPolicy Policy { get; } = new(new Dictionary<BindingKind, string>(options.Value.Policy), options.Value.LastContactWait);
}

/// <summary>Refuses to start on a removal table that cannot be read or is too weak.</summary>
internal sealed class UnbindOptionsValidation : IValidateOptions<UnbindOptions>
{
    public ValidateOptionsResult Validate(string? name, UnbindOptions options)
    {
        try
        {
            _ = new RemovalPolicy(new Dictionary<BindingKind, string>(options.Policy), options.LastContactWait);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException unreadable)
        {
            return ValidateOptionsResult.Fail(unreadable.Message);
        }
    }
}
