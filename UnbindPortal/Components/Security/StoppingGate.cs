namespace UnbindPortal.Components.Security;

/// <summary>
/// Takes in no circuit while the server is stopping. Browsers reconnect the moment theirs is closed; one that slipped in before the listener
/// closes would hold the server until its shutdown times out.
/// </summary>
internal sealed class StoppingGate(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            !lifetime.ApplicationStopping.IsCancellationRequested
            || !context.Request.Path.StartsWithSegments(SameOriginRequests.CircuitPath, StringComparison.OrdinalIgnoreCase)
        )
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
