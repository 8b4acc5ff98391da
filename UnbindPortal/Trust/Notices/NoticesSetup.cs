using Microsoft.Extensions.Options;
using UnbindPortal.Data;

namespace UnbindPortal.Trust.Notices;

/// <summary>Registers delivery.</summary>
public static class NoticesSetup
{
    /// <summary>Adds the outbox's dispatcher and the gateway in force.</summary>
    public static IServiceCollection AddNotices(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment
    )
    {
        services
            .AddOptions<DeliveryOptions>()
            .Bind(configuration.GetSection(DeliveryOptions.Section))
            .PostConfigure<IOptions<PortalDataOptions>>(
                (delivery, data) =>
                {
                    if (delivery.Folder.Length == 0 && environment.IsDevelopment())
                    {
                        delivery.Folder = Path.Combine(data.Value.DataFolder, "inbox");
                    }
                }
            )
            .ValidateDataAnnotations()
            .Validate(
                delivery => delivery.Folder.Length > 0,
                "No channel for messages: set Delivery:Folder (environment variable Delivery__Folder)."
            )
            .ValidateOnStart();
        services.AddLocalization();
        services.AddSingleton<MessageWords>().AddSingleton<IMessageGateway, FolderGateway>().AddSingleton<OutboxDispatcher>();
        return services.AddHostedService(provider => provider.GetRequiredService<OutboxDispatcher>());
    }
}
