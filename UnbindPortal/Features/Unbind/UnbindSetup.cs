using Microsoft.Extensions.Options;

namespace UnbindPortal.Features.Unbind;

/// <summary>Registers the wizard.</summary>
public static class UnbindSetup
{
    /// <summary>Adds the wizard and its timer.</summary>
    public static IServiceCollection AddUnbind(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<UnbindOptions>()
            .Bind(configuration.GetSection(UnbindOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<UnbindOptions>, UnbindOptionsValidation>();
        services.AddSingleton<RemovalTable>().AddSingleton<UnbindWalks>().AddSingleton<UnbindReader>();
        services.AddSingleton<IUnbindService, UnbindService>().AddSingleton<IUnbindProofs, UnbindProofs>();
        services.AddSingleton<UnbindTimer>();
        return services.AddHostedService(provider => provider.GetRequiredService<UnbindTimer>());
    }

    /// <summary>Maps the wizard's form posts; its pages are found by themselves.</summary>
    public static WebApplication MapUnbind(this WebApplication app)
    {
        app.MapUnbindPosts();
        return app;
    }
}
