using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard's services as a page test wants them: says what it is told to say and notes what it was asked.</summary>
internal sealed class FakeUnbinding : IUnbindService, IUnbindProofs
{
    public static readonly ChoicePreview NothingLost = new([new WayInLabel(null, null)], [], [], [], []);

    public Func<ChooseView?> Choices { get; set; } = () => null;

    public Func<IReadOnlyCollection<Guid>, ChoicePreview> Previews { get; set; } = _ => NothingLost;

    public Func<Task<StartOutcome>> Start { get; set; } = () => throw new InvalidOperationException("Not expected.");

    public Func<UnbindView?> View { get; set; } = () => null;

    public Func<SendOutcome> Send { get; set; } = () => throw new InvalidOperationException("Not expected.");

    public Func<Task<ProveOutcome>> Prove { get; set; } = () => throw new InvalidOperationException("Not expected.");

    public Func<bool> Cancel { get; set; } = () => true;

    public List<IReadOnlyCollection<Guid>> Started { get; } = [];

    public List<(Actor Actor, Guid Request)> Found { get; } = [];

    public List<Guid> SentThrough { get; } = [];

    public List<(Factor Factor, ProofAnswer Answer)> Proved { get; } = [];

    public List<Guid> Cancelled { get; } = [];

    public Task<ChooseView?> FindChoicesAsync(Actor actor, CancellationToken cancel = default) => Task.FromResult(Choices());

    public ChoicePreview Preview(ChooseView view, IReadOnlyCollection<Guid> chosen) => Previews([.. chosen]);

    public Task<StartOutcome> StartAsync(Actor actor, IReadOnlyCollection<Guid> bindingIds, CancellationToken cancel = default)
    {
        Started.Add([.. bindingIds]);
        return Start();
    }

    public Task<UnbindView?> FindAsync(Actor actor, Guid requestId, CancellationToken cancel = default)
    {
        Found.Add((actor, requestId));
        return Task.FromResult(View());
    }

    public Task<SendOutcome> SendCodeAsync(Actor actor, Guid requestId, Guid bindingId, CancellationToken cancel = default)
    {
        SentThrough.Add(bindingId);
        return Task.FromResult(Send());
    }

    public Task<ProveOutcome> ProveAsync(Actor actor, Guid requestId, Factor factor, ProofAnswer answer, CancellationToken cancel = default)
    {
        Proved.Add((factor, answer));
        return Prove();
    }

    public Task<bool> CancelAsync(Actor actor, Guid requestId, CancellationToken cancel = default)
    {
        Cancelled.Add(requestId);
        return Task.FromResult(Cancel());
    }

    public Task<(ConfirmOutcome Outcome, SessionTicket? Ticket)> ConfirmAsync(
        Actor actor,
        Guid requestId,
        string planHash,
        TimeSpan wait,
        CancellationToken cancel = default
    ) => throw new InvalidOperationException("No page confirms; its form is posted.");

    public Task<bool> ProveAnotherWayAsync(Actor actor, Guid requestId, CancellationToken cancel = default) =>
        throw new InvalidOperationException("No page goes back; its form is posted.");
}
