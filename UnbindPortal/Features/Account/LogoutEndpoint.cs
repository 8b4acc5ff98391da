using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.Account;

/// <summary>Ends the session and drops everything the browser keeps of it.</summary>
internal static class LogoutEndpoint
{
    // The unused form field makes the framework demand the anti-forgery token.
    public static async Task<StatusCodeHttpResult> SignOutAsync(HttpContext http, PortalSessions sessions, [FromForm] string? from)
    {
        if (http.User.ToActor() is { } actor)
        {
            await sessions.SignOutAsync(actor);
        }

        await SessionCookie.DropAsync(http);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        http.Response.Headers.Location = "/login";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
