using System.Globalization;
using Microsoft.Extensions.Localization;

namespace UnbindPortal.Components.Shared;

/// <summary>Says times as people do. Clock times are Beijing's (UTC+8), which the portal's readers live by.</summary>
public sealed class When(IStringLocalizer<SharedTexts> texts, TimeProvider clock)
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary>`2021-03`, `Mar 2021`.</summary>
    public string Month(DateTimeOffset at) => Local(at).ToString(texts["MonthFormat"], CultureInfo.CurrentUICulture);

    /// <summary>`11月23日 20:52`, `23 Nov, 20:52`.</summary>
    public string Moment(DateTimeOffset at) => Local(at).ToString(texts["MomentFormat"], CultureInfo.CurrentUICulture);

    /// <summary>`昨天`, `12 天前`, `2 years ago`.</summary>
    public string Ago(DateTimeOffset at)
    {
        var days = (Local(clock.GetUtcNow()).Date - Local(at).Date).Days;
        return days switch
        {
            <= 0 => texts["Today"],
            1 => texts["Yesterday"],
            < 60 => texts["DaysAgo", days],
            < 730 => texts["MonthsAgo", days / 30],
            _ => texts["YearsAgo", days / 365],
        };
    }

    /// <summary>`48 秒`, `72 hours`: the largest whole unit, rounded up.</summary>
    public string Length(TimeSpan span) =>
        span switch
        {
            { TotalSeconds: <= 90 } => texts["InSeconds", Math.Max(0, (int)Math.Ceiling(span.TotalSeconds))],
            { TotalMinutes: <= 90 } => texts["InMinutes", (int)Math.Ceiling(span.TotalMinutes)],
            { TotalHours: <= 96 } => texts["InHours", (int)Math.Ceiling(span.TotalHours)],
            _ => texts["InDays", (int)Math.Ceiling(span.TotalDays)],
        };

    /// <summary>How long until <paramref name="at"/>; zero once it is past.</summary>
    public TimeSpan Until(DateTimeOffset at) => at - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static DateTimeOffset Local(DateTimeOffset at) => at.ToOffset(Beijing);
}
