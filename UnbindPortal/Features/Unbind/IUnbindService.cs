using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard's acts. Every one takes who acts from the session, never from the page, and finds things by id and owner.</summary>
public interface IUnbindService
{
    /// <summary>What Choose shows; null when the session has ended.</summary>
    Task<ChooseView?> FindChoicesAsync(Actor actor, CancellationToken cancel = default);

    /// <summary>What a choice would leave; a pure look at what Choose has loaded.</summary>
    ChoicePreview Preview(ChooseView view, IReadOnlyCollection<Guid> chosen);

    /// <summary>Plans the removal of a set. Asking again for the same set goes on with the open walk.</summary>
    Task<StartOutcome> StartAsync(Actor actor, IReadOnlyCollection<Guid> bindingIds, CancellationToken cancel = default);

    /// <summary>A request as its owner sees it; null when there is none, it is not theirs, or the session has ended.</summary>
    Task<UnbindView?> FindAsync(Actor actor, Guid requestId, CancellationToken cancel = default);

    /// <summary>Commits what was shown: all of it together, once.</summary>
    /// <param name="actor">Who acts.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="planHash">The plan hash on the page that was confirmed, in hex.</param>
    /// <param name="wait">The wait on that page.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <returns>The outcome and, when it changed something, the renewed ticket for the cookie.</returns>
    Task<(ConfirmOutcome Outcome, SessionTicket? Ticket)> ConfirmAsync(
        Actor actor,
        Guid requestId,
        string planHash,
        TimeSpan wait,
        CancellationToken cancel = default
    );

    /// <summary>Cancels an open or waiting request; cancelling an ended one changes nothing.</summary>
    /// <returns>False when there is no such request of theirs.</returns>
    Task<bool> CancelAsync(Actor actor, Guid requestId, CancellationToken cancel = default);

    /// <summary>Goes back from Confirm to choose another proof.</summary>
    /// <returns>False when there is no such request of theirs.</returns>
    Task<bool> ProveAnotherWayAsync(Actor actor, Guid requestId, CancellationToken cancel = default);
}

/// <summary>Proving a plan: codes and the password.</summary>
public interface IUnbindProofs
{
    /// <summary>Sends a code through a bound phone or address of the plan's proofs.</summary>
    Task<SendOutcome> SendCodeAsync(Actor actor, Guid requestId, Guid bindingId, CancellationToken cancel = default);

    /// <summary>Takes an answer: counts it first, then compares, then notes the proof or the failure.</summary>
    Task<ProveOutcome> ProveAsync(Actor actor, Guid requestId, Factor factor, ProofAnswer answer, CancellationToken cancel = default);
}
