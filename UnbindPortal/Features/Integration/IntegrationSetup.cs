using UnbindPortal.Features.Integration.Demo;
using UnbindPortal.Features.Integration.Development;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Trust.Hosting;

namespace UnbindPortal.Features.Integration;

/// <summary>Registers what ties the portal to the operator's own system.</summary>
public static class IntegrationSetup
{
    /// <summary>Adds the import and, in Development, the demo accounts and the inbox.</summary>
    public static IServiceCollection AddIntegration(this IServiceCollection services, IHostEnvironment environment)
    {
        services.AddSingleton<Importer>().AddSingleton<IPortalCommand, ImportCommand>().AddSingleton<Inbox>();
        return environment.IsDevelopment()
            ? services.AddSingleton<IStartupStep, DemoData>().AddSingleton<IStartupStep, DemoGreeting>()
            : services;
    }

    /// <summary>Outside Development nothing answers below `/dev`.</summary>
    public static WebApplication UseIntegration(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseWhen(
                http => http.Request.Path.StartsWithSegments("/dev", StringComparison.OrdinalIgnoreCase),
                branch =>
                    branch.Run(http =>
                    {
                        http.Response.StatusCode = StatusCodes.Status404NotFound;
                        return Task.CompletedTask;
                    })
            );
        }

        return app;
    }
}
