using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;

namespace UnbindPortal.Trust.Sessions;

/// <summary>Registers sessions: rows, cookie and circuits on one clock.</summary>
public static class SessionsSetup
{
    /// <summary>Adds sessions.</summary>
    public static IServiceCollection AddPortalSessions(this IServiceCollection services, IConfiguration configuration)
    {
        var https = configuration["Portal:PublicOrigin"]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) is true;
        services.AddSingleton<PortalSessions>();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme);
        services
            .AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<SessionLimits>, TimeProvider>(
                (cookie, limits, clock) =>
                {
                    SessionCookie.Configure(cookie, limits.Value, https);
                    cookie.TimeProvider = clock;
                }
            );
        return services.AddAuthorization();
    }
}
