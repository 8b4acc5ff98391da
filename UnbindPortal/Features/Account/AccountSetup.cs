using Microsoft.AspNetCore.Identity;
using UnbindPortal.Data.Identity;

namespace UnbindPortal.Features.Account;

/// <summary>Registers signing in and passwords.</summary>
public static class AccountSetup
{
    /// <summary>
    /// Adds the account feature. Identity brings its user and role types, hasher and normalizer; it gets no store, since the one way to change
    /// data writes its rows too.
    /// </summary>
    public static IServiceCollection AddAccount(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<AccountOptions>()
            .Bind(configuration.GetSection(AccountOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services
            .AddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>()
            .AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        return services.AddSingleton<IAccountService, AccountService>().AddSingleton<IPasswordService, PasswordService>();
    }

    /// <summary>Maps signing out; the pages are found by themselves.</summary>
    public static WebApplication MapAccount(this WebApplication app)
    {
        app.MapPost("/logout", LogoutEndpoint.SignOutAsync).WithOrder(-1);
        return app;
    }
}
