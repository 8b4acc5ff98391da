using System.Net;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Components.Security;

/// <summary>How the portal is reached, section <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Portal";

    /// <summary>
    /// The address people type, such as <c>https://account.example.cn</c>: scheme, host and, if unusual, port. Unset means whatever host a request
    /// names, which is right only where nobody else can reach the server. An https origin switches on HSTS, <c>upgrade-insecure-requests</c> and Secure cookies.
    /// </summary>
    public string? PublicOrigin { get; set; }

    /// <summary>
    /// Addresses of the proxies in front of the server, such as <c>10.0.0.5</c>. Only what they say in X-Forwarded-For is believed; without any,
    /// the connection's own address counts, and behind a proxy everybody would share one sending limit.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Whether people reach the portal by https, whatever a proxy speaks to us.</summary>
    public bool IsHttps => PublicOrigin?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) is true;
}

/// <summary>Refuses to start on a public origin no browser would ever send.</summary>
internal sealed class PortalOptionsValidation : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options) =>
        options.KnownProxies.FirstOrDefault(proxy => !IPAddress.TryParse(proxy, out _)) is { } bad
            ? ValidateOptionsResult.Fail(
                $"{PortalOptions.Section}:{nameof(PortalOptions.KnownProxies)} names '{bad}', which is no IP address."
            )
        : options.PublicOrigin is null || IsOrigin(options.PublicOrigin) ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{PortalOptions.Section}:{nameof(PortalOptions.PublicOrigin)} must be an origin such as https://account.example.cn, without a path or a closing slash."
        );

    // Comparing with the parsed origin refuses paths, default ports and everything else a browser leaves out.
    private static bool IsOrigin(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && uri.Scheme is "https" or "http"
        && uri.UserInfo.Length == 0
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), value, StringComparison.Ordinal);
}
