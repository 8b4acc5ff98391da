using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using UnbindPortal.Data;

namespace UnbindPortal.Trust.Sessions;

/// <summary>Writes, reads and drops the session cookie. Every request that carries one is held against the session's row.</summary>
public static class SessionCookie
{
    /// <summary>Writes the ticket into the response.</summary>
    public static Task WriteAsync(HttpContext http, SessionTicket ticket)
    {
        var principal = ticket.ToPrincipal(ticket.DisplayName ?? http.User.Identity?.Name ?? "");
        return http.SignInAsync(IdentityConstants.ApplicationScheme, principal, new AuthenticationProperties { IsPersistent = false });
    }

    /// <summary>Drops the cookie from the browser.</summary>
    public static Task DropAsync(HttpContext http) => http.SignOutAsync(IdentityConstants.ApplicationScheme);

    /// <summary>Where the request comes from. The address is the connection's own: nothing a client writes is believed.</summary>
    public static RequestOrigin OriginOf(HttpContext http) =>
        new(http.Connection.RemoteIpAddress?.ToString() ?? "unknown", http.Request.Headers.UserAgent.ToString());

    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // Style sheets and scripts are the same for everybody; they need no look at the session. Nor does the error page, which may be there to
        // say that storage cannot be asked.
        if (IsStaticAsset(context.HttpContext) || context.HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            context.RejectPrincipal();
            return;
        }

        var sessions = context.HttpContext.RequestServices.GetRequiredService<PortalSessions>();
        var secret = context.Principal?.FindFirstValue(SessionClaims.Secret);
        if (
            context.Principal?.ToActor() is not { } actor
            || secret is null
            || !await sessions.IsValidAsync(actor, secret, context.HttpContext.RequestAborted)
        )
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        }
    }

    internal static void Configure(CookieAuthenticationOptions cookie, SessionLimits limits, bool https)
    {
        cookie.Cookie.Name = https ? "__Host-portal" : "portal";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = limits.Absolute;
        cookie.SlidingExpiration = false;
        cookie.LoginPath = "/login";
        cookie.LogoutPath = "/logout";
        cookie.AccessDeniedPath = "/not-found";
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Events.OnValidatePrincipal = ValidateAsync;
    }

    private static bool IsStaticAsset(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
