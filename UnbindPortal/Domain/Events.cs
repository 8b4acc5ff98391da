namespace UnbindPortal.Domain;

/// <summary>Something that happened to an account and must be provable: each becomes one ledger entry. Ids and enums only, never an identity.</summary>
/// <param name="AccountId">The account it happened to.</param>
public abstract record PortalEvent(Guid AccountId);

/// <summary>The account was taken over from the operator's system.</summary>
public sealed record AccountImported(Guid AccountId, int Bindings) : PortalEvent(AccountId);

/// <summary>A session was opened.</summary>
public sealed record SignedIn(Guid AccountId, Guid SessionId, SignInMethod Method, Guid? BindingId) : PortalEvent(AccountId);

/// <summary>A session was ended.</summary>
public sealed record SessionEnded(Guid AccountId, Guid SessionId, SessionEnd Reason) : PortalEvent(AccountId);

/// <summary>Somebody asked for a thing that is not theirs.</summary>
public sealed record AccessDenied(Guid AccountId, string Target, Guid TargetId) : PortalEvent(AccountId);

/// <summary>A first password was chosen.</summary>
public sealed record PasswordSet(Guid AccountId, Guid SessionId) : PortalEvent(AccountId);

/// <summary>An unbind was planned, or planned anew because the account had changed.</summary>
public sealed record UnbindPlanned(Guid AccountId, Guid RequestId, IReadOnlyList<Guid> BindingIds, string PlanHash, ReplanReason? Because)
    : PortalEvent(AccountId);

/// <summary>One proof was given for a plan.</summary>
public sealed record ProofGiven(Guid AccountId, Guid RequestId, ProofMethod Method, Guid? BindingId) : PortalEvent(AccountId);

/// <summary>The plan was confirmed and waits.</summary>
public sealed record UnbindWaiting(Guid AccountId, Guid RequestId, IReadOnlyList<Guid> BindingIds, string PlanHash, DateTimeOffset DueAt)
    : PortalEvent(AccountId);

/// <summary>The bindings are gone.</summary>
public sealed record BindingsRemoved(Guid AccountId, Guid RequestId, IReadOnlyList<Guid> BindingIds, string PlanHash)
    : PortalEvent(AccountId);

/// <summary>The request ended with nothing changed. <paramref name="Waited"/>: it was confirmed before, and people had been told.</summary>
public sealed record UnbindEnded(Guid AccountId, Guid RequestId, UnbindStage Stage, CancelReason? Reason, bool Waited = false)
    : PortalEvent(AccountId);

/// <summary>An aggregate that collects what happened to it; the one way to change data turns it into ledger entries and messages.</summary>
public abstract class EventSource
{
    private readonly List<PortalEvent> _events = [];

    /// <summary>Hands over what happened since the last call, and forgets it.</summary>
    public IReadOnlyList<PortalEvent> TakeEvents()
    {
        var taken = _events.ToArray();
        _events.Clear();
        return taken;
    }

    /// <summary>Adds one event.</summary>
    protected void Raise(PortalEvent happened) => _events.Add(happened);
}
