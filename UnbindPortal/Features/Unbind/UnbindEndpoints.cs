using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard's plain form posts. Only an HTTP response can renew the cookie; each answers 303, so reload and back repeat nothing.</summary>
internal static class UnbindEndpoints
{
    public static void MapUnbindPosts(this IEndpointRouteBuilder app)
    {
        // Before the pages of the same address, which would take the POST for a form of theirs.
        app.MapPost("/unbind/{requestId:guid}/confirm", ConfirmAsync).WithOrder(-1).RequireAuthorization();
        app.MapPost("/unbind/{requestId:guid}/cancel", CancelAsync).RequireAuthorization();
        app.MapPost("/unbind/{requestId:guid}/another-proof", AnotherProofAsync).RequireAuthorization();
    }

    private static async Task<Results<StatusCodeHttpResult, NotFound>> ConfirmAsync(
        Guid requestId,
        [FromForm] string? planHash,
        [FromForm] long? wait,
        HttpContext http,
        IUnbindService unbinding
    )
    {
        if (http.User.ToActor() is not { } actor)
        {
            return SeeOther(http, "/login");
        }

        var shownWait = TimeSpan.FromSeconds(Math.Clamp(wait ?? -1, -1, int.MaxValue));
        var (outcome, ticket) = await unbinding.ConfirmAsync(actor, requestId, planHash ?? "", shownWait);
        if (ticket is not null)
        {
            await SessionCookie.WriteAsync(http, ticket);
        }

        return outcome switch
        {
            ConfirmOutcome.Confirmed or ConfirmOutcome.Over or ConfirmOutcome.NotPossible => SeeOther(
                http,
                UnbindSteps.UrlFor(requestId, UnbindStage.Done)
            ),
            ConfirmOutcome.PlanChanged or ConfirmOutcome.ProofMissing => SeeOther(http, UnbindSteps.UrlFor(requestId, UnbindStage.Planned)),
            ConfirmOutcome.NotFound => TypedResults.NotFound(),
            ConfirmOutcome.SignedOut => SeeOther(http, "/login"),
        };
    }

    private static async Task<Results<StatusCodeHttpResult, NotFound>> CancelAsync(
        Guid requestId,
        [FromForm] string? reason,
        HttpContext http,
        IUnbindService unbinding
    ) =>
        http.User.ToActor() is not { } actor ? SeeOther(http, "/login")
        : await unbinding.CancelAsync(actor, requestId) ? SeeOther(http, UnbindSteps.UrlFor(requestId, UnbindStage.Cancelled))
        : TypedResults.NotFound();

    private static async Task<Results<StatusCodeHttpResult, NotFound>> AnotherProofAsync(
        Guid requestId,
        [FromForm] string? reason,
        HttpContext http,
        IUnbindService unbinding
    ) =>
        http.User.ToActor() is not { } actor ? SeeOther(http, "/login")
        : await unbinding.ProveAnotherWayAsync(actor, requestId) ? SeeOther(http, UnbindSteps.UrlFor(requestId, UnbindStage.Planned))
        : TypedResults.NotFound();

    private static StatusCodeHttpResult SeeOther(HttpContext http, string path)
    {
        http.Response.Headers.Location = path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
