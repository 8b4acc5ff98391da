using Microsoft.Extensions.DependencyInjection.Extensions;

namespace UnbindPortal.Features.Help;

/// <summary>Adds the help page to the portal.</summary>
public static class HelpSetup
{
    /// <summary>Registers <see cref="IHelpService"/> and reads <see cref="HelpOptions"/> from section <c>Help</c>, checked at start.</summary>
    public static IServiceCollection AddHelp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HelpOptions>().Bind(configuration.GetSection(HelpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddLocalization();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHelpService, HelpService>();
        return services;
    }
}
