using Microsoft.AspNetCore.Http.Features;

namespace UnbindPortal.Components.Security;

/// <summary>
/// Refuses, before anything reads it, a request another site made a browser send: unsafe methods, and everything that opens or feeds a circuit
/// (a web socket carries cookies and knows no cross-origin rules of its own). Comes on top of antiforgery tokens.
/// </summary>
internal sealed partial class SameOriginRequests(RequestDelegate next, ILogger<SameOriginRequests> logger)
{
    /// <summary>Where circuits live.</summary>
    public const string CircuitPath = "/_blazor";

    public Task InvokeAsync(HttpContext context)
    {
        var refusal = Judge(context);
        if (refusal is null)
        {
            return next(context);
        }

        LogRefused(logger, refusal);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>Why the request is refused, as a fixed word for the log, or null to let it pass.</summary>
    private static string? Judge(HttpContext context)
    {
        var request = context.Request;
        var circuit = request.Path.StartsWithSegments(CircuitPath, StringComparison.OrdinalIgnoreCase);
        if (!circuit && IsSafe(request.Method))
        {
            return null;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return "fetch-site";
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            // Only programs leave it out; a browser always says where a web socket comes from.
            return circuit && OpensWebSocket(context) ? "socket-without-origin" : null;
        }

        // A page under no-referrer posts "Origin: null"; the browser's own word that it is the same origin then decides.
        var opaqueButOurs = !circuit && origin == "null" && site == "same-origin";
        return opaqueButOurs || IsOurs(origin, request) ? null : "foreign-origin";
    }

    // Scheme and host are the configured public origin where there is one.
    private static bool IsOurs(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool OpensWebSocket(HttpContext context) =>
        context.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
        || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect is true;

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "A cross-site request was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
