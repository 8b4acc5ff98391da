using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.Unbind;

/// <inheritdoc cref="IUnbindService" />
internal sealed partial class UnbindService(
    PortalChanges changes,
    PortalSessions sessions,
    UnbindWalks walks,
    UnbindReader reader,
    IOptions<UnbindOptions> options,
    ILogger<UnbindService> logger
) : IUnbindService
{
    private static readonly TimeSpan TurnsWindow = TimeSpan.FromDays(30);

    public Task<ChooseView?> FindChoicesAsync(Actor actor, CancellationToken cancel = default) => reader.FindChoicesAsync(actor, cancel);

    public ChoicePreview Preview(ChooseView view, IReadOnlyCollection<Guid> chosen) => reader.Preview(view, chosen);

    public async Task<UnbindView?> FindAsync(Actor actor, Guid requestId, CancellationToken cancel = default)
    {
        var view = await reader.FindAsync(actor, requestId, cancel);
        if (view is null && await reader.ExistsAsync(requestId, cancel))
        {
            await changes.RunAsync(
                actor,
                false,
                async change => await walks.FindAsync(change, actor, requestId, cancel) is not null,
                cancel
            );
        }

        return view;
    }

    public async Task<StartOutcome> StartAsync(Actor actor, IReadOnlyCollection<Guid> bindingIds, CancellationToken cancel = default)
    {
        var outcome = await changes.RunAsync<StartOutcome>(
            actor,
            new StartOutcome.SignedOut(),
            change => StartAsync(change, actor, bindingIds.Distinct().ToHashSet(), cancel),
            cancel
        );
        LogStart(logger, (outcome as StartOutcome.Started)?.RequestId, outcome.GetType().Name);
        return outcome;
    }

    public async Task<(ConfirmOutcome Outcome, SessionTicket? Ticket)> ConfirmAsync(
        Actor actor,
        Guid requestId,
        string planHash,
        TimeSpan wait,
        CancellationToken cancel = default
    )
    {
        byte[] shown = planHash.Length == 64 && planHash.All(char.IsAsciiHexDigit) ? Convert.FromHexString(planHash) : [];
        var answer = await changes.RunAsync<(ConfirmOutcome Outcome, SessionTicket?)>(
            actor,
            (ConfirmOutcome.SignedOut, null),
            change => ConfirmAsync(change, actor, requestId, shown, wait, cancel),
            cancel
        );
        LogConfirm(logger, requestId, answer.Outcome);
        return answer;
    }

    public Task<bool> CancelAsync(Actor actor, Guid requestId, CancellationToken cancel = default) =>
        changes.RunAsync(
            actor,
            false,
            async change =>
            {
                var walk = await walks.FindAsync(change, actor, requestId, cancel);
                walk?.Request.Cancel(change.Now);
                return walk is not null;
            },
            cancel
        );

    public Task<bool> ProveAnotherWayAsync(Actor actor, Guid requestId, CancellationToken cancel = default) =>
        changes.RunAsync(
            actor,
            false,
            async change =>
            {
                var walk = await walks.FindAsync(change, actor, requestId, cancel);
                if (walk is { Plan: { } plan } && walk.Request.StageAt(change.Now) is UnbindStage.Verified)
                {
                    await UnbindWalks.VoidProofsAsync(change, requestId);
                    walk.Request.Replan(plan, ReplanReason.AnotherProof);
                }

                return walk is not null;
            },
            cancel
        );

    private async Task<StartOutcome> StartAsync(Change change, Actor actor, HashSet<Guid> bindingIds, CancellationToken cancel)
    {
        var loaded = await walks.LoadAsync(change.Db, actor.AccountId, change.Now - TurnsWindow, cancel);
        if (loaded is null)
        {
            return new StartOutcome.SignedOut();
        }

        var (plan, refusals) = walks.Plan(loaded.State, bindingIds);
        if (plan is null)
        {
            await NoteForeignAsync(change, actor, bindingIds, cancel);
            return new StartOutcome.Refused(refusals);
        }

        var recent = await change
            .Db.UnbindRequests.Where(r => r.AccountId == actor.AccountId && r.PlannedAt > change.Now.AddDays(-1))
            .ToListAsync(cancel);
        if (
            recent.FirstOrDefault(r =>
                r.IsOpenAt(change.Now) && bindingIds.SetEquals(r.BindingIds) && r.PlanHash.SequenceEqual(plan.Hash)
            ) is
            { } open
        )
        {
            return new StartOutcome.Started(open.Id);
        }

        if (LimitOf(loaded, plan, recent) is { } limit)
        {
            return new StartOutcome.Refused([limit]);
        }

        var request = new UnbindRequest(Guid.CreateVersion7(change.Now), plan, change.Now, options.Value.PlanLife);
        change.Db.UnbindRequests.Add(request);
        return new StartOutcome.Started(request.Id);
    }

    private UnbindRefusal? LimitOf(LoadedAccount loaded, UnbindPlan plan, List<UnbindRequest> recent)
    {
        if (recent.Count(UnbindReader.Counts) >= options.Value.RequestsPerDay)
        {
            return UnbindRefusal.TooManyToday;
        }

        var turns = loaded.RecentlyRemoved.Where(gone => plan.Going.Any(b => b.Lookup.AsSpan().SequenceEqual(gone.Lookup)));
        return turns.GroupBy(gone => Convert.ToHexString(gone.Lookup)).Any(group => group.Count() >= options.Value.TurnsPerMonth)
            ? UnbindRefusal.TooManyTurns
            : null;
    }

    private async Task<(ConfirmOutcome, SessionTicket?)> ConfirmAsync(
        Change change,
        Actor actor,
        Guid requestId,
        byte[] shown,
        TimeSpan wait,
        CancellationToken cancel
    )
    {
        if (await walks.FindAsync(change, actor, requestId, cancel) is not { } walk)
        {
            return (ConfirmOutcome.NotFound, null);
        }

        var (request, loaded, plan) = walk;
        var proofs = await change.Db.Proofs.Where(p => p.RequestId == requestId && p.AccountId == actor.AccountId).ToListAsync(cancel);
        switch (request.Confirm(plan, proofs, shown, wait, actor.SessionId, change.Now))
        {
            case ConfirmDecision.AlreadyConfirmed:
                return (ConfirmOutcome.Confirmed, null);
            case ConfirmDecision.Ended:
                return (ConfirmOutcome.Over, null);
            case ConfirmDecision.PlanChanged when plan is null:
                request.GiveUp(change.Now);
                return (ConfirmOutcome.NotPossible, null);
            case ConfirmDecision.PlanChanged:
                proofs.ForEach(proof => proof.Spend(change.Now)); // rule 2: a difference voids them, even should the plan change back
                request.Replan(plan, ReplanReason.PlanChanged);
                return (ConfirmOutcome.PlanChanged, null);
            case ConfirmDecision.ProofMissing:
                proofs.ForEach(proof => proof.Spend(change.Now));
                request.Replan(plan!, ReplanReason.ProofExpired);
                return (ConfirmOutcome.ProofMissing, null);
            case ConfirmDecision.Remove:
                Factor[] proved = [.. proofs.Where(p => p.CountsFor(actor.SessionId, request.PlanHash, change.Now)).Select(p => p.Factor)];
                var refusals = await BindingRemoval.ApplyAsync(change, loaded, request.BindingIds, proved);
                System.Diagnostics.Debug.Assert(refusals.Count == 0, "A plan exists only when the rules allow it.");
                break;
            case ConfirmDecision.Wait:
                break;
        }

        proofs.ForEach(proof => proof.Spend(change.Now));
        return (ConfirmOutcome.Confirmed, sessions.Renew(change));
    }

    private static async Task NoteForeignAsync(Change change, Actor actor, HashSet<Guid> bindingIds, CancellationToken cancel)
    {
        var foreign = await change
            .Db.Bindings.Where(b => bindingIds.Contains(b.Id) && b.AccountId != actor.AccountId)
            .Select(b => b.Id)
            .ToListAsync(cancel);
        foreign.ForEach(id => change.Record(new AccessDenied(actor.AccountId, nameof(Binding), id)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Unbind start: {Outcome}, request {RequestId}")]
    private static partial void LogStart(ILogger logger, Guid? requestId, string outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unbind request {RequestId}: confirm ended {Outcome}")]
    private static partial void LogConfirm(ILogger logger, Guid requestId, ConfirmOutcome outcome);
}
