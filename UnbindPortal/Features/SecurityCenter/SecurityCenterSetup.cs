namespace UnbindPortal.Features.SecurityCenter;

/// <summary>Registers the security centre.</summary>
public static class SecurityCenterSetup
{
    /// <summary>Adds the list of bindings.</summary>
    public static IServiceCollection AddSecurityCenter(this IServiceCollection services) =>
        services.AddSingleton<IBindingService, BindingService>();
}
