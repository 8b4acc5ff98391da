using Microsoft.Extensions.Options;

namespace UnbindPortal.Components.Security;

/// <summary>
/// Where a public origin is set, every request counts as made to it: cookies are Secure, addresses written into pages are right, and a forged
/// Host header reaches nothing, whatever stands in front of the server.
/// </summary>
internal sealed class PublicOrigin(RequestDelegate next, IOptions<PortalOptions> options)
{
    private readonly Uri? _origin = options.Value.PublicOrigin is { } origin ? new Uri(origin) : null;

    public Task InvokeAsync(HttpContext context)
    {
        if (_origin is not null)
        {
            context.Request.Scheme = _origin.Scheme;
            context.Request.Host = _origin.IsDefaultPort ? new HostString(_origin.IdnHost) : new HostString(_origin.IdnHost, _origin.Port);
        }

        return next(context);
    }
}
