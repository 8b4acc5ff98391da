using System.Security.Cryptography;

namespace UnbindPortal.Domain;

/// <summary>Where an unbind request stands. Values are stored.</summary>
public enum UnbindStage
{
    /// <summary>Planned; waits for the proofs.</summary>
    Planned = 1,

    /// <summary>Proved; waits for the owner's confirm.</summary>
    Verified = 2,

    /// <summary>Confirmed; waits for its due time.</summary>
    Waiting = 3,

    /// <summary>The bindings are gone.</summary>
    Done = 4,

    /// <summary>Given up with nothing changed.</summary>
    Cancelled = 5,

    /// <summary>Not confirmed in time; nothing changed.</summary>
    Expired = 6,

    /// <summary>When it fell due the rules no longer held; nothing changed.</summary>
    Lapsed = 7,
}

/// <summary>Why a request was cancelled. Values are stored.</summary>
public enum CancelReason
{
    /// <summary>Its owner cancelled it.</summary>
    ByOwner = 1,

    /// <summary>Too many wrong answers in all.</summary>
    TooManyTries = 2,

    /// <summary>The account changed so that the rules no longer allow it.</summary>
    NoLongerPossible = 3,
}

/// <summary>Why a request went back to Planned. Values are stored.</summary>
public enum ReplanReason
{
    /// <summary>What would happen is no longer what was shown.</summary>
    PlanChanged = 1,

    /// <summary>The proof was too old, or given in another session.</summary>
    ProofExpired = 2,

    /// <summary>The owner wants to prove it another way.</summary>
    AnotherProof = 3,
}

/// <summary>What confirm did.</summary>
public enum ConfirmDecision
{
    /// <summary>Commit now: remove the bindings.</summary>
    Remove,

    /// <summary>Confirmed; it waits for its due time.</summary>
    Wait,

    /// <summary>Nothing new: an earlier confirm already took effect.</summary>
    AlreadyConfirmed,

    /// <summary>The plan differs from what was shown; back to Planned.</summary>
    PlanChanged,

    /// <summary>The proofs no longer count; back to Planned.</summary>
    ProofMissing,

    /// <summary>The request ended before: expired, cancelled or lapsed.</summary>
    Ended,
}

/// <summary>The wizard's row: a set of bindings, a stage, a plan, an outcome. One lives through one walk.</summary>
public sealed class UnbindRequest : EventSource
{
    private readonly List<UnbindRequestItem> _items = [];

    private UnbindRequest() { }

    /// <summary>Starts a walk for <paramref name="plan"/>.</summary>
    public UnbindRequest(Guid id, UnbindPlan plan, DateTimeOffset now, TimeSpan life)
    {
        Id = id;
        AccountId = plan.AccountId;
        PlannedAt = now;
        ExpiresAt = now + life;
        _items.AddRange(plan.Going.Select(b => new UnbindRequestItem(id, b.Id, plan.AccountId)));
        Adopt(plan, null);
    }

    /// <summary>Opaque id; it is in the URL.</summary>
    public Guid Id { get; private set; }

    /// <summary>The owner.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>The stored stage; ask <see cref="StageAt"/> for the one that counts now.</summary>
    public UnbindStage Stage { get; private set; }

    /// <summary>The bindings that shall go.</summary>
    public IReadOnlyList<UnbindRequestItem> Items => _items;

    /// <summary>Hash of the plan the proofs are for.</summary>
    public byte[] PlanHash { get; private set; } = [];

    /// <summary>When the walk began.</summary>
    public DateTimeOffset PlannedAt { get; private set; }

    /// <summary>When an unconfirmed walk ends.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Wrong answers so far, over all methods and codes.</summary>
    public int FailedTries { get; private set; }

    /// <summary>Codes sent or passwords tried: such a request counts against the day's limit even when cancelled.</summary>
    public bool Engaged { get; private set; }

    /// <summary>The wait the given proofs earned; set while Verified.</summary>
    public TimeSpan? Wait { get; private set; }

    /// <summary>Until when the given proofs count; set while Verified.</summary>
    public DateTimeOffset? VerifiedUntil { get; private set; }

    /// <summary>When a waiting request takes effect.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>When it reached its end.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Why it went back to Planned last.</summary>
    public ReplanReason? Replanned { get; private set; }

    /// <summary>Why it was cancelled.</summary>
    public CancelReason? Cancelled { get; private set; }

    /// <summary>Concurrency token, one more with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Ids of the bindings that shall go.</summary>
    public IReadOnlyList<Guid> BindingIds => [.. _items.Select(item => item.BindingId)];

    /// <summary>Open for proofs or confirm.</summary>
    public bool IsOpenAt(DateTimeOffset now) => StageAt(now) is UnbindStage.Planned or UnbindStage.Verified;

    /// <summary>The stage that counts at <paramref name="now"/>, whether or not storage has caught up.</summary>
    public UnbindStage StageAt(DateTimeOffset now) =>
        Stage switch
        {
            UnbindStage.Planned or UnbindStage.Verified when now >= ExpiresAt => UnbindStage.Expired,
            UnbindStage.Verified when now >= VerifiedUntil => UnbindStage.Planned,
            var stage => stage,
        };

    /// <summary>Back to Planned with a fresh plan. Earlier proofs are for another hash and count no more.</summary>
    public void Replan(UnbindPlan plan, ReplanReason because)
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        Adopt(plan, because);
        Version++;
    }

    /// <summary>Notes that a code went out or a password was tried.</summary>
    public void Engage()
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        Engaged = true;
        Version++;
    }

    /// <summary>Counts a wrong answer; the last one allowed ends the whole walk, not only the code (a new walk means a new plan).</summary>
    public void Fail(int allowed, DateTimeOffset now)
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        FailedTries++;
        Version++;
        if (FailedTries >= allowed)
        {
            End(UnbindStage.Cancelled, CancelReason.TooManyTries, now);
        }
    }

    /// <summary>Takes in a proof; once the given ones suffice the request is Verified and its wait fixed.</summary>
    /// <param name="plan">The plan as it stands now.</param>
    /// <param name="given">Every proof of this session for this plan that still counts, the new one among them.</param>
    /// <param name="latest">The new one.</param>
    public void Prove(UnbindPlan plan, IReadOnlyCollection<Proof> given, Proof latest)
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        Version++;
        Raise(new ProofGiven(AccountId, Id, latest.Method, latest.BindingId));
        Wait = plan.WaitAfter([.. given.Select(p => p.Factor)]);
        Stage = Wait is null ? UnbindStage.Planned : UnbindStage.Verified;
        VerifiedUntil = Wait is { } wait ? plan.GoodUntil(given, wait) : null;
    }

    /// <summary>
    /// Rules 2 and 3: commits what was previewed, once. <paramref name="plan"/> is recomputed under the account's lock; anything that differs
    /// from what was shown and posted sends the request back to Planned.
    /// </summary>
    /// <param name="plan">The plan as it stands now; null when it can no longer be made.</param>
    /// <param name="given">The session's proofs for this request.</param>
    /// <param name="shownHash">The plan hash the person confirmed.</param>
    /// <param name="shownWait">The wait the person confirmed.</param>
    /// <param name="sessionId">The session that confirms.</param>
    /// <param name="now">Now.</param>
    public ConfirmDecision Confirm(
        UnbindPlan? plan,
        IReadOnlyCollection<Proof> given,
        ReadOnlySpan<byte> shownHash,
        TimeSpan shownWait,
        Guid sessionId,
        DateTimeOffset now
    )
    {
        var stage = StageAt(now);
        switch (stage)
        {
            case UnbindStage.Waiting or UnbindStage.Done:
                return ConfirmDecision.AlreadyConfirmed;
            case UnbindStage.Cancelled or UnbindStage.Lapsed or UnbindStage.Expired:
                return ConfirmDecision.Ended;
        }

        if (plan is null || !plan.Hash.AsSpan().SequenceEqual(PlanHash) || !CryptographicOperations.FixedTimeEquals(shownHash, PlanHash))
        {
            return ConfirmDecision.PlanChanged;
        }

        var factors = given.Where(p => p.CountsFor(sessionId, PlanHash, now)).Select(p => p.Factor).ToArray();
        if (stage is not UnbindStage.Verified || plan.WaitAfter(factors) is not { } wait || wait != shownWait)
        {
            return ConfirmDecision.ProofMissing;
        }

        return Commit(wait, now);
    }

    /// <summary>Carries out a waiting request that fell due; the caller has removed the bindings.</summary>
    public void Complete(DateTimeOffset now)
    {
        OnlyFrom(UnbindStage.Waiting);
        Finish(now);
    }

    /// <summary>Ends a waiting request whose removal the rules no longer allow.</summary>
    public void Lapse(DateTimeOffset now)
    {
        OnlyFrom(UnbindStage.Waiting);
        End(UnbindStage.Lapsed, null, now);
    }

    /// <summary>Ends an open request whose time ran out.</summary>
    public void Expire(DateTimeOffset now)
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        End(UnbindStage.Expired, null, now);
    }

    /// <summary>Ends an open request the rules no longer allow.</summary>
    public void GiveUp(DateTimeOffset now)
    {
        OnlyFrom(UnbindStage.Planned, UnbindStage.Verified);
        End(UnbindStage.Cancelled, CancelReason.NoLongerPossible, now);
    }

    /// <summary>Cancels an open or waiting request. False when there is nothing left to cancel.</summary>
    public bool Cancel(DateTimeOffset now)
    {
        if (!IsOpenAt(now) && Stage is not UnbindStage.Waiting)
        {
            return false;
        }

        End(UnbindStage.Cancelled, CancelReason.ByOwner, now);
        return true;
    }

    // Callers ask for the stage first; a call from another one is a bug, and must not bring an ended request back to life (rule 3).
    private void OnlyFrom(params ReadOnlySpan<UnbindStage> allowed)
    {
        if (!allowed.Contains(Stage))
        {
            throw new InvalidOperationException($"Request {Id} is {Stage}.");
        }
    }

    private ConfirmDecision Commit(TimeSpan wait, DateTimeOffset now)
    {
        if (wait == TimeSpan.Zero)
        {
            Finish(now);
            return ConfirmDecision.Remove;
        }

        Version++;
        Stage = UnbindStage.Waiting;
        DueAt = now + wait;
        _items.ForEach(item => item.Waiting = true);
        Raise(new UnbindWaiting(AccountId, Id, BindingIds, Convert.ToHexStringLower(PlanHash), DueAt.Value));
        return ConfirmDecision.Wait;
    }

    private void Adopt(UnbindPlan plan, ReplanReason? because)
    {
        Stage = UnbindStage.Planned;
        PlanHash = plan.Hash;
        Wait = null;
        VerifiedUntil = null;
        Replanned = because;
        Raise(new UnbindPlanned(AccountId, Id, BindingIds, Convert.ToHexStringLower(PlanHash), because));
    }

    private void Finish(DateTimeOffset now)
    {
        Version++;
        Stage = UnbindStage.Done;
        FinishedAt = now;
        _items.ForEach(item => item.Waiting = false);
        Raise(new BindingsRemoved(AccountId, Id, BindingIds, Convert.ToHexStringLower(PlanHash)));
    }

    private void End(UnbindStage stage, CancelReason? reason, DateTimeOffset now)
    {
        var waited = Stage is UnbindStage.Waiting;
        Version++;
        Stage = stage;
        Cancelled = reason;
        FinishedAt = now;
        _items.ForEach(item => item.Waiting = false);
        Raise(new UnbindEnded(AccountId, Id, stage, reason, waited));
    }
}

/// <summary>One binding of a request. While <see cref="Waiting"/> is set no other waiting request may hold the same binding (a partial unique index).</summary>
public sealed class UnbindRequestItem
{
    private UnbindRequestItem() { }

    internal UnbindRequestItem(Guid requestId, Guid bindingId, Guid accountId)
    {
        RequestId = requestId;
        BindingId = bindingId;
        AccountId = accountId;
    }

    /// <summary>The request.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The binding that shall go.</summary>
    public Guid BindingId { get; private set; }

    /// <summary>The owner of both.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>The request waits for its due time.</summary>
    public bool Waiting { get; internal set; }
}
