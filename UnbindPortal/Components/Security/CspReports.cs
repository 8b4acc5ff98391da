using System.Text.Json;
using System.Threading.RateLimiting;

namespace UnbindPortal.Components.Security;

/// <summary><c>POST /csp-report</c>: what browsers tell about blocked content. Anyone may post, so little is read, less is kept, and rarely.</summary>
internal sealed partial class CspReports(ILogger<CspReports> logger) : IDisposable
{
    /// <summary>Where browsers report to.</summary>
    public const string Path = "/csp-report";

    /// <summary>Largest report read, in bytes; browsers send about 1 KB.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Reports written to the log per minute, over all senders.</summary>
    public const int PerMinute = 30;

    private const int MaxLogged = 120;

    private readonly FixedWindowRateLimiter _limiter = new(
        new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }
    );

    /// <summary>The status to answer with: 204 taken, 400 unreadable, 413 too long, 429 too many.</summary>
    public async Task<int> TakeAsync(HttpRequest request)
    {
        using var permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return StatusCodes.Status429TooManyRequests;
        }

        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(
            buffer,
            buffer.Length,
            throwOnEndOfStream: false,
            request.HttpContext.RequestAborted
        );
        if (length > MaxBytes)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        try
        {
            using var report = JsonDocument.Parse(buffer.AsMemory(0, length));
            Log(report.RootElement);
            return StatusCodes.Status204NoContent;
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();

    // Two shapes are in use: a list of {type, body{effectiveDirective, documentURL}} and one {"csp-report": {effective-directive, document-uri}}.
    private void Log(JsonElement report)
    {
        var one = report.ValueKind == JsonValueKind.Array && report.GetArrayLength() > 0 ? report[0] : report;
        var body = Find(one, "body") ?? Find(one, "csp-report");
        var directive = Text(body, "effectiveDirective") ?? Text(body, "effective-directive") ?? Text(body, "violated-directive");
        var page = Text(body, "documentURL") ?? Text(body, "document-uri");
        LogReport(logger, Safe(directive), Uri.TryCreate(page, UriKind.Absolute, out var uri) ? Safe(uri.AbsolutePath) : "");
    }

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement? parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // Whoever posts chooses these texts: keep what a directive or one of our paths can contain.
    private static string Safe(string? text) =>
        string.Concat((text ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.').Take(MaxLogged));

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A browser blocked content by {Directive} on {Page}")]
    private static partial void LogReport(ILogger logger, string directive, string page);
}
