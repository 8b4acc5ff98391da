using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Support.Services;

/// <summary>One walk through the wizard, driven through the services its pages use.</summary>
public sealed class TestWalk(PortalServices portal, Actor actor, Guid requestId)
{
    public Guid RequestId { get; } = requestId;

    public Actor Actor { get; } = actor;

    /// <summary>The same walk from another session.</summary>
    public TestWalk From(Actor other) => new(portal, other, RequestId);

    /// <summary>What the pages show; fails when there is nothing to show.</summary>
    public async Task<UnbindView> ViewAsync() =>
        await portal.Unbinding.FindAsync(Actor, RequestId) ?? throw new InvalidOperationException("The walk shows nothing.");

    /// <summary>The stored request.</summary>
    public Task<UnbindRequest> RowAsync() => portal.ReadAsync(db => db.UnbindRequests.AsNoTracking().SingleAsync(r => r.Id == RequestId));

    public Task<SendOutcome> SendCodeAsync(TestBinding to) => portal.Proofs.SendCodeAsync(Actor, RequestId, to.Id);

    public Task<ProveOutcome> AnswerCodeAsync(TestBinding to, string code) =>
        portal.Proofs.ProveAsync(Actor, RequestId, to.Factor, new ProofAnswer.Code(new OneTimeCode(code)));

    public Task<ProveOutcome> AnswerPasswordAsync(string password = TestAccount.Password) =>
        portal.Proofs.ProveAsync(Actor, RequestId, new Factor(ProofMethod.Password), new ProofAnswer.Password(new SecretText(password)));

    /// <summary>Asks for a code, reads the message and types it.</summary>
    public async Task<ProveOutcome> ProveByCodeAsync(TestBinding to) => await AnswerCodeAsync(to, await SendAndReadAsync(to));

    /// <summary>Asks for a code and reads the message.</summary>
    public async Task<string> SendAndReadAsync(TestBinding to)
    {
        Assert.IsType<SendOutcome.Sent>(await SendCodeAsync(to));
        return await portal.CodeSentToAsync(to);
    }

    /// <summary>Confirms what the page shows.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync()
    {
        var view = await ViewAsync();
        return await ConfirmAsync(view.PlanHash, view.Wait ?? TimeSpan.Zero);
    }

    /// <summary>Confirms what an earlier page showed.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync(string planHash, TimeSpan wait) =>
        (await portal.Unbinding.ConfirmAsync(Actor, RequestId, planHash, wait)).Outcome;

    public Task<bool> CancelAsync() => portal.Unbinding.CancelAsync(Actor, RequestId);
}

/// <summary>Begins walks.</summary>
public static class TestWalks
{
    /// <summary>A walk that must be allowed to begin.</summary>
    public static async Task<TestWalk> StartWalkAsync(this PortalServices portal, Actor actor, params TestBinding[] going)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var started = await portal.Unbinding.StartAsync(actor, [.. going.Select(binding => binding.Id)]);
        return new TestWalk(portal, actor, Assert.IsType<StartOutcome.Started>(started).RequestId);
    }

    /// <summary>Why a walk may not begin.</summary>
    public static async Task<IReadOnlyList<UnbindRefusal>> RefusalsAsync(
        this PortalServices portal,
        Actor actor,
        params TestBinding[] going
    )
    {
        ArgumentNullException.ThrowIfNull(portal);
        var refused = await portal.Unbinding.StartAsync(actor, [.. going.Select(binding => binding.Id)]);
        return Assert.IsType<StartOutcome.Refused>(refused).Reasons;
    }

    /// <summary>Walks that stand at Confirm, each proved by the code of what it removes; all written in one change.</summary>
    public static Task<IReadOnlyList<TestWalk>> GivenVerifiedAsync(
        this PortalServices portal,
        IEnumerable<(Actor Actor, TestBinding Going)> wanted
    ) => portal.GivenVerifiedAsync(wanted.Select(walk => (walk.Actor, new[] { walk.Going })));

    /// <summary>The same for several bindings at once, proved by the code of the first.</summary>
    public static async Task<IReadOnlyList<TestWalk>> GivenVerifiedAsync(
        this PortalServices portal,
        IEnumerable<(Actor Actor, TestBinding[] Going)> wanted
    )
    {
        ArgumentNullException.ThrowIfNull(portal);
        var plans = portal.Get<UnbindWalks>();
        var life = portal.Options<VerificationOptions>().ProofLife;
        var walks = new List<TestWalk>();
        await portal.ChangeAsync(async change =>
        {
            foreach (var (actor, going) in wanted)
            {
                var loaded = await plans.LoadAsync(change.Db, actor.AccountId);
                var plan = plans.Plan(loaded!.State, [.. going.Select(binding => binding.Id)]).Plan!;
                var id = Guid.CreateVersion7(change.Now);
                var request = new UnbindRequest(id, plan, change.Now, portal.Options<UnbindOptions>().PlanLife);
                var proofId = Guid.CreateVersion7(change.Now);
                var proof = new Proof(proofId, actor.AccountId, actor.SessionId, id, plan.Hash, going[0].Factor, change.Now, life);
                request.Prove(plan, [proof], proof);
                Assert.Equal(UnbindStage.Verified, request.Stage);
                change.Db.UnbindRequests.Add(request);
                change.Db.Proofs.Add(proof);
                walks.Add(new TestWalk(portal, actor, id));
            }
        });
        return walks;
    }
}
