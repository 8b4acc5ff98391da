namespace UnbindPortal.Features.SecurityCenter;

/// <summary>Registers the security centre.</summary>
public static class SecurityCenterSetup
{
    /// <summary>Adds the list of bindings.</summary>
    public static IServiceCollection AddSecurityCenter(this IServiceCollection services) =>
        services.AddSingleton<IBindingService, BindingService>();

    /// <summary>Maps the front door: the security centre is what people come for.</summary>
    public static WebApplication MapSecurityCenter(this WebApplication app)
    {
        app.MapGet("/", () => TypedResults.LocalRedirect("/security"));
        return app;
    }
}
