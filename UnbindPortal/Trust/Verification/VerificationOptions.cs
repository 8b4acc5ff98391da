using System.ComponentModel.DataAnnotations;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>
/// Codes, tries and sending limits: the configuration section `Verification`. Defaults follow NIST SP 800-63B-4 §3.1.3.2 and §3.2.2 and OWASP
/// ASVS 6.5/6.6. Development and tests raise limits here; no check is ever skipped.
/// </summary>
public sealed class VerificationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Verification";

    /// <summary>Digits of a code by SMS, 6 to 8.</summary>
    [Range(6, 8)]
    public int SmsCodeDigits { get; set; } = 6;

    /// <summary>Digits of a code by e-mail, 8 to 10.</summary>
    [Range(8, 10)]
    public int EmailCodeDigits { get; set; } = 8;

    /// <summary>Life of a code by SMS, 1 to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:10:00")]
    public TimeSpan SmsCodeLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Life of a code by e-mail, 1 to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:10:00")]
    public TimeSpan EmailCodeLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Comparisons a code allows in all, however often it is resent, 1 to 10.</summary>
    [Range(1, 10)]
    public int AttemptsPerCode { get; set; } = 5;

    /// <summary>How long the tries of a code are remembered after its first sending: no fresh ones before that, 10 min to 1 d.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "1.00:00:00")]
    public TimeSpan AttemptMemory { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Least time between two messages to one destination for one purpose, 0 to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Codes to one destination in an hour, for each audience.</summary>
    [Range(1, 1_000_000)]
    public int PerDestinationHour { get; set; } = 5;

    /// <summary>Codes to one destination in a day.</summary>
    [Range(1, 1_000_000)]
    public int PerDestinationDay { get; set; } = 10;

    /// <summary>Codes asked for by one account in a day, known browsers and strangers together.</summary>
    [Range(2, 1_000_000)]
    public int PerAccountDay { get; set; } = 10;

    /// <summary>Codes asked for from one network address in an hour.</summary>
    [Range(1, 1_000_000)]
    public int PerOriginHour { get; set; } = 20;

    /// <summary>Codes the whole portal sends in a day.</summary>
    [Range(1, 100_000_000)]
    public int GlobalDay { get; set; } = 10_000;

    /// <summary>Failures of an account before the first wait, 1 to 100.</summary>
    [Range(1, 100)]
    public int FreeFailures { get; set; } = 5;

    /// <summary>The first wait; it doubles with each further failure.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait, up to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Failures are forgotten after so long without one.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan QuietAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Life of a proof, 1 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:05:00")]
    public TimeSpan ProofLife { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The budget's numbers as the domain wants them.</summary>
    internal FailureLimits Failures => new(FreeFailures, FirstWait, LongestWait, QuietAfter);

    /// <summary>Digits of a code by <paramref name="method"/>.</summary>
    internal int DigitsFor(ProofMethod method) => method is ProofMethod.EmailCode ? EmailCodeDigits : SmsCodeDigits;

    /// <summary>Life of a code by <paramref name="method"/>.</summary>
    internal TimeSpan LifeFor(ProofMethod method) => method is ProofMethod.EmailCode ? EmailCodeLife : SmsCodeLife;
}

/// <summary>Platforms the operator has switched on: the configuration section `Platforms`. Off by default: their bindings show, can be removed, and are no way in.</summary>
public sealed class PlatformOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Platforms";

    /// <summary>WeChat, QQ or Alipay.</summary>
    public IList<BindingKind> Enabled { get; } = [];

    /// <summary>The same as a set.</summary>
    internal IReadOnlySet<BindingKind> EnabledSet => Enabled.ToHashSet();
}
