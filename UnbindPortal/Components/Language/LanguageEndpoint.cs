using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Localization;
using UnbindPortal.Components.Security;

namespace UnbindPortal.Components.Language;

/// <summary><c>POST /language</c>: remembers the chosen language in a cookie and goes back to the page it was chosen on.</summary>
internal static class LanguageEndpoint
{
    /// <summary>Where the switch posts to.</summary>
    public const string Path = "/language";

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public static IEndpointConventionBuilder MapLanguage(this IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, SwitchAsync);

    private static async Task SwitchAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (PortalLanguages.Find(form["culture"]) is not { } language)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var culture = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language));
        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            culture,
            new CookieOptions
            {
                MaxAge = Remembered,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                IsEssential = true,
            }
        );
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = LocalPath.Or(form["returnUrl"], "/");
    }
}
