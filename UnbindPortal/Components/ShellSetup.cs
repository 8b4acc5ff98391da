using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using UnbindPortal.Components.Language;
using UnbindPortal.Components.Security;
using UnbindPortal.Components.Shared;

namespace UnbindPortal.Components;

/// <summary>The shell every feature stands in: document, layout, languages, error pages, security headers and limits.</summary>
public static class ShellSetup
{
    private const int KilobyteInBytes = 1024;

    /// <summary>Registers the shell. Authentication is the account feature's.</summary>
    public static IServiceCollection AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PortalOptions>().Bind(configuration.GetSection(PortalOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidation>();
        services.AddSingleton<CspReports>();
        services.AddSingleton<When>();
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(SpeakTheChosenLanguage);
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents(LimitCircuits).AddHubOptions(LimitHub);
        services.Configure<KestrelServerOptions>(LimitRequests);
        // A form field that cannot be read is the sender's mistake, in Development too, where it would count as our error.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "portal.antiforgery";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            // Frames are refused for every response, by both headers, in one place.
            options.SuppressXFrameOptionsHeader = true;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services;
    }

    /// <summary>The outermost part of the pipeline. Comes first; authentication, authorization and antiforgery follow.</summary>
    public static WebApplication UseShell(this WebApplication app)
    {
        app.UseForwardedHeaders(FromKnownProxies(app.Services.GetRequiredService<IOptions<PortalOptions>>().Value));
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<PublicOrigin>();
        app.UseMiddleware<SameOriginRequests>();
        app.UseMiddleware<StoppingGate>();
        app.UseRequestLocalization();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(ShowErrorPages);
        app.Use(RefuseTooLarge);
        return app;
    }

    /// <summary>Demands the anti-forgery token of every form. Comes after authentication, because the token is the person's own.</summary>
    public static WebApplication UseFormTokens(this WebApplication app)
    {
        app.UseAntiforgery();
        app.Use(RefuseForgeries);
        return app;
    }

    /// <summary>Static assets, the pages of this assembly, the language switch and the report endpoint. Comes last.</summary>
    public static WebApplication MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapLanguage();
        app.MapPost(
                CspReports.Path,
                async (HttpContext context, CspReports reports) => TypedResults.StatusCode(await reports.TakeAsync(context.Request))
            )
            .WithMetadata(new SkipStatusCodePagesAttribute());
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options =>
            {
                // The header middleware writes the one policy line there is.
                options.ContentSecurityFrameAncestorsPolicy = null;
                // Compressing secrets beside text others chose tells their length apart.
                options.DisableWebSocketCompression = true;
            });
        return app;
    }

    // What failed may have been a form post; the page that says so is only ever looked at, and must not be taken for the form's own.
    private static Task ShowErrorPages(HttpContext context, RequestDelegate next)
    {
        if (ShowsError(context))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    private static bool ShowsError(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null;

    // A page's own refusal of a form without its token has no words; nor would it be the same as that of an endpoint.
    private static Task RefuseForgeries(HttpContext context, RequestDelegate next)
    {
        if (!ShowsError(context) && context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        return next(context);
    }

    // Asked before anything reads the body: a form reader would take the failure for a missing token.
    private static Task RefuseTooLarge(HttpContext context, RequestDelegate next)
    {
        if (
            !ShowsError(context)
            && context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
        )
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static ForwardedHeadersOptions FromKnownProxies(PortalOptions options)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = options.KnownProxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.KnownProxies)
        {
            forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        return forwarded;
    }

    // Only the cookie decides: the first visit is in the default language whatever the browser asks for.
    private static void SpeakTheChosenLanguage(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new RequestCulture(PortalLanguages.All[0]);
        options.SupportedCultures = PortalLanguages.Cultures;
        options.SupportedUICultures = PortalLanguages.Cultures;
        options.RequestCultureProviders = [new CookieRequestCultureProvider { Options = options }];
    }

    private static void LimitCircuits(CircuitOptions options)
    {
        options.DetailedErrors = false;
        options.DisconnectedCircuitMaxRetained = 100;
        options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        options.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(15);
        // The address and the database hold all state worth keeping; nothing a person typed outlives its circuit.
        options.PersistedCircuitInMemoryMaxRetained = 0;
        options.PersistedCircuitInMemoryRetentionPeriod = TimeSpan.FromSeconds(1);
    }

    private static void LimitHub(HubOptions options)
    {
        options.EnableDetailedErrors = false;
        options.MaximumReceiveMessageSize = 32 * KilobyteInBytes;
    }

    private static void LimitRequests(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = KilobyteInBytes * KilobyteInBytes;
        options.Limits.MaxRequestHeadersTotalSize = 16 * KilobyteInBytes;
        options.Limits.Http2.MaxStreamsPerConnection = 100;
    }
}
