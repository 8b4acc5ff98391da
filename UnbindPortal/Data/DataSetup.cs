using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Data.Sqlite;

namespace UnbindPortal.Data;

/// <summary>Registers storage: the context, the one way to change data, the key ring and the cookie protection's keys.</summary>
public static class DataSetup
{
    /// <summary>Adds storage.</summary>
    public static IServiceCollection AddPortalData(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<PortalDataOptions>()
            .Bind(configuration.GetSection(PortalDataOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services
            .AddOptions<SessionLimits>()
            .Bind(configuration.GetSection(SessionLimits.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddClock();
        services.AddSingleton<PortalClock>().AddSingleton<PortalSignals>().AddSingleton<WriteGate>().AddSingleton<PortalChanges>();
        services.AddSingleton<KeyRing>().AddSingleton<PortalDatabase>().AddSingleton<ChangeGuard>();
        services.AddDbContextFactory<PortalDbContext>(ConfigureSqlite);

        services.AddDataProtection().SetApplicationName("UnbindPortal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = ActivatorUtilities.CreateInstance<DataProtectionKeyStore>(provider);
            keys.XmlEncryptor = new KeyRingXmlEncryptor(provider);
        }));
        return services;
    }

    private static void ConfigureSqlite(IServiceProvider services, DbContextOptionsBuilder builder)
    {
        var options = services.GetRequiredService<IOptions<PortalDataOptions>>().Value;
        var connection = SqliteConnections.StringFor(options.DatabaseFile, options.BusyTimeout, mayCreate: false);
        builder
            .UseSqlite(connection, sqlite => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery))
            .AddInterceptors(
                new SqliteConnections(options.MaxDatabaseMiB),
                new SqliteTroubleWords(),
                services.GetRequiredService<ChangeGuard>()
            );
    }

    private static void TryAddClock(this IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(TimeProvider)))
        {
            services.AddSingleton(TimeProvider.System);
        }
    }
}
