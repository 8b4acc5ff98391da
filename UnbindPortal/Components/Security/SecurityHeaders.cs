using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Components.Security;

/// <summary>
/// Puts the security headers on every response. First in the pipeline; it writes at the last moment, because the exception handler empties the
/// headers and later code may have set weaker ones. A page may ask for a stricter <c>Referrer-Policy</c>; nothing else can be overridden.
/// </summary>
internal sealed partial class SecurityHeaders(RequestDelegate next, IOptions<PortalOptions> options, ILogger<SecurityHeaders> logger)
{
    // 'self' in connect-src covers the circuit's web socket. base-uri is 'self', not 'none': Blazor needs <base href="/">.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'self'; object-src 'none'; manifest-src 'self'; "
        + "report-uri "
        + CspReports.Path;

    // Browsers report to a named endpoint over https only, and then forget report-uri even where the endpoint does not count.
    private const string PolicyOverHttps = Policy + "; report-to csp; upgrade-insecure-requests";

    private const string Permissions =
        "publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()";

    private readonly bool _https = options.Value.IsHttps;

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(Write, context);
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            // Even the error page failed. The server's own answer would drop every header, so an empty one is given here.
            LogNoErrorPage(logger, failure);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _https ? PolicyOverHttps : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        if (headers["Referrer-Policy"] != "no-referrer")
        {
            headers["Referrer-Policy"] = "same-origin";
        }

        if (_https)
        {
            headers["Reporting-Endpoints"] = $"csp=\"{CspReports.Path}\"";
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        if (!IsStaticAsset(context))
        {
            headers.CacheControl = "no-store";
            headers.Remove("Pragma");
            headers.Remove("Expires");
        }

        return Task.CompletedTask;
    }

    // Static assets say themselves how long they live: a fingerprinted one forever, the others until their ETag changes.
    private static bool IsStaticAsset(HttpContext context) =>
        context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified
        && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    [LoggerMessage(EventId = 1003, Level = LogLevel.Critical, Message = "A request failed and so did its error page")]
    private static partial void LogNoErrorPage(ILogger logger, Exception failure);
}
