using Microsoft.AspNetCore.Identity;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>Registers codes, passwords, budgets and limits.</summary>
public static class VerificationSetup
{
    /// <summary>The proofs the portal can ask for today.</summary>
    public static IReadOnlySet<ProofMethod> Offered { get; } =
        new HashSet<ProofMethod> { ProofMethod.Password, ProofMethod.SmsCode, ProofMethod.EmailCode };

    /// <summary>Adds verification.</summary>
    public static IServiceCollection AddVerification(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<VerificationOptions>()
            .Bind(configuration.GetSection(VerificationOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<PlatformOptions>().Bind(configuration.GetSection(PlatformOptions.Section)).ValidateOnStart();

        // OWASP's figure for PBKDF2-HMAC-SHA512; Identity's own default is lower.
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        return services.AddSingleton<Codes>().AddSingleton<SendLimits>().AddSingleton<FailureBudgets>().AddSingleton<Passwords>();
    }
}
