using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Sessions;

/// <summary>
/// Who a circuit acts for. Looks at the session's row on the same clock as the cookie and hears at once when the session is ended here;
/// from then on the circuit is nobody's. Handlers do not rely on it: every change reads the session again.
/// </summary>
internal sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));
    private readonly PortalSessions _sessions;
    private readonly PortalSignals _signals;
    private readonly TimeSpan _interval;

    public CircuitSession(PortalSessions sessions, PortalSignals signals, IOptions<SessionLimits> limits, ILoggerFactory loggers)
        : base(loggers)
    {
        _sessions = sessions;
        _signals = signals;
        _interval = limits.Value.Revalidation;
        _signals.SessionEnded += OnSessionEnded;
    }

    protected override TimeSpan RevalidationInterval => _interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return authenticationState.User.ToActor() is { } actor && await _sessions.IsLiveAsync(actor, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // Storage that cannot be read for a moment ends no session; every act asks again before it changes anything.
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _signals.SessionEnded -= OnSessionEnded;
        base.Dispose(disposing);
    }

    private async void OnSessionEnded(object? sender, Guid sessionId)
    {
        var state = await GetAuthenticationStateAsync();
        if (state.User.ToActor()?.SessionId == sessionId)
        {
            SetAuthenticationState(Task.FromResult(Nobody));
        }
    }
}
