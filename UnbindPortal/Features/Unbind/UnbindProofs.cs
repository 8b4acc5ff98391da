using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <inheritdoc cref="IUnbindProofs" />
internal sealed partial class UnbindProofs(
    PortalChanges changes,
    UnbindWalks walks,
    Codes codes,
    Passwords passwords,
    FailureBudgets budgets,
    IOptions<UnbindOptions> options,
    IOptions<VerificationOptions> verification,
    ILogger<UnbindProofs> logger
) : IUnbindProofs
{
    public Task<SendOutcome> SendCodeAsync(Actor actor, Guid requestId, Guid bindingId, CancellationToken cancel = default) =>
        changes.RunAsync<SendOutcome>(
            actor,
            new SendOutcome.SignedOut(),
            async change =>
            {
                var walk = await walks.FindAsync(change, actor, requestId, cancel);
                if (walk is not { Plan: { } plan, Request: { } request } || request.StageAt(change.Now) is not UnbindStage.Planned)
                {
                    return new SendOutcome.NotAvailable();
                }

                var factor = plan.Factors.FirstOrDefault(f =>
                    f.BindingId == bindingId && f.Method is ProofMethod.SmsCode or ProofMethod.EmailCode
                );
                if (walk.Loaded.State.Bindings.FirstOrDefault(b => b.Id == factor.BindingId) is not { } binding)
                {
                    return new SendOutcome.NotAvailable();
                }

                await TakeOnPresentPlanAsync(change, request, plan);
                request.Engage();
                var cipher = change.CipherFor(walk.Loaded.Account);
                NamedBinding[] about = [.. plan.Going.Select(b => new NamedBinding(b.Kind, cipher.Open(b).Masked(b.Kind)))];
                var message = new CodeMessage(
                    factor.Method,
                    MessageTemplate.UnbindCode,
                    walk.Loaded.Account,
                    cipher.Open(binding).Subject,
                    about
                );
                var send = new SendRequest(binding.Lookup, actor.AccountId, change.Session!.OriginLookup, SendAudience.Known);
                return await codes.SendAsync(change, AskedBy(actor, request, binding.Id), send, message, plan.Hash);
            },
            cancel
        );

    public async Task<ProveOutcome> ProveAsync(
        Actor actor,
        Guid requestId,
        Factor factor,
        ProofAnswer answer,
        CancellationToken cancel = default
    )
    {
        var question = await changes.RunAsync(
            actor,
            Question.Refused(ProveOutcome.SignedOut),
            change => TakeAttemptAsync(change, actor, requestId, factor, answer, cancel),
            cancel
        );
        var outcome = question.Refusal;
        if (outcome is null)
        {
            var right = await IsRightAsync(question, answer, cancel);
            outcome = await changes.RunAsync<ProveOutcome?>(
                actor,
                ProveOutcome.SignedOut,
                async change =>
                    right
                        ? await NoteProofAsync(change, actor, requestId, factor, question, cancel)
                        : await NoteFailureAsync(change, actor, requestId, cancel),
                cancel
            );
        }

        LogProof(logger, requestId, factor.Method, outcome!.Value);
        return outcome.Value;
    }

    // Counted and committed before anything is compared: whatever races, no more than the allowed number of comparisons happen.
    private async Task<Question> TakeAttemptAsync(
        Change change,
        Actor actor,
        Guid requestId,
        Factor factor,
        ProofAnswer answer,
        CancellationToken cancel
    )
    {
        if (await walks.FindAsync(change, actor, requestId, cancel) is not { } walk)
        {
            return Question.Refused(ProveOutcome.NotFound);
        }

        if (walk.Plan is not { } plan || walk.Request.StageAt(change.Now) is not UnbindStage.Planned)
        {
            return Question.Refused(walk.Request.StageAt(change.Now) is UnbindStage.Verified ? ProveOutcome.Verified : ProveOutcome.Over);
        }

        if (await TakeOnPresentPlanAsync(change, walk.Request, plan))
        {
            return Question.Refused(ProveOutcome.PlanChanged);
        }

        if (!plan.Factors.Contains(factor) || answer is ProofAnswer.Password != factor.Method is ProofMethod.Password)
        {
            return Question.Refused(ProveOutcome.NotSuitable);
        }

        if (await budgets.ChargeAsync(change, actor.AccountId.ToString("N"), SendAudience.Known) is not null)
        {
            return Question.Refused(ProveOutcome.MustWait);
        }

        walk.Request.Engage();
        if (answer is ProofAnswer.Password)
        {
            var hash = await change.Db.Users.Where(u => u.Id == actor.AccountId).Select(u => u.PasswordHash).SingleAsync(cancel);
            return new Question(null, plan.Hash, null, hash);
        }

        var binding = walk.Loaded.State.Bindings.Single(b => b.Id == factor.BindingId);
        var attempt = await codes.TakeAttemptAsync(change, AskedBy(actor, walk.Request, binding.Id), binding.Lookup, plan.Hash);
        if (attempt.Outcome is GuessOutcome.NoCode)
        {
            await budgets.RefundAsync(change, actor.AccountId.ToString("N"), SendAudience.Known); // nothing was guessed at
        }

        return attempt.Outcome switch
        {
            GuessOutcome.Wrong or GuessOutcome.Right => new Question(null, plan.Hash, attempt, null),
            GuessOutcome.NoCode => Question.Refused(ProveOutcome.NoCode),
            GuessOutcome.NoTriesLeft => Question.Refused(ProveOutcome.NoTriesLeft),
            GuessOutcome.MustWait => Question.Refused(ProveOutcome.MustWait),
        };
    }

    private async Task<bool> IsRightAsync(Question question, ProofAnswer answer, CancellationToken cancel) =>
        answer switch
        {
            ProofAnswer.Code code => codes.Matches(question.Attempt!, code.Typed),
            ProofAnswer.Password password => await passwords.CheckAsync(
                question.PasswordHash,
                new SecretText(PasswordRule.Normal(password.Typed)),
                cancel
            )
                is not PasswordVerificationResult.Failed,
            _ => false,
        };

    private async Task<ProveOutcome> NoteProofAsync(
        Change change,
        Actor actor,
        Guid requestId,
        Factor factor,
        Question question,
        CancellationToken cancel
    )
    {
        var walk = await walks.FindAsync(change, actor, requestId, cancel);
        if (walk is not { Plan: { } plan, Request: { } request } || request.StageAt(change.Now) is not UnbindStage.Planned)
        {
            return ProveOutcome.Over;
        }

        if (!plan.Hash.AsSpan().SequenceEqual(question.PlanHash))
        {
            await TakeOnPresentPlanAsync(change, request, plan);
            return ProveOutcome.PlanChanged;
        }

        if (question.Attempt is { } attempt && !await Codes.UseAsync(change, attempt))
        {
            return ProveOutcome.NoCode;
        }

        await budgets.RefundAsync(change, actor.AccountId.ToString("N"), SendAudience.Known);
        walk.Loaded.State.Bindings.FirstOrDefault(b => b.Id == factor.BindingId)?.Proved(change.Now);
        var proof = new Proof(
            Guid.CreateVersion7(change.Now),
            actor.AccountId,
            actor.SessionId,
            requestId,
            plan.Hash,
            factor,
            change.Now,
            verification.Value.ProofLife
        );
        change.Db.Proofs.Add(proof);
        var earlier = await change.Db.Proofs.Where(p => p.RequestId == requestId && p.AccountId == actor.AccountId).ToListAsync(cancel);
        request.Prove(plan, [.. earlier.Where(p => p.CountsFor(actor.SessionId, plan.Hash, change.Now)), proof], proof);

        // The stage that counts: storage may still say Verified from proofs that have run out since.
        return request.StageAt(change.Now) is UnbindStage.Verified ? ProveOutcome.Verified : ProveOutcome.OneMore;
    }

    private async Task<ProveOutcome> NoteFailureAsync(Change change, Actor actor, Guid requestId, CancellationToken cancel)
    {
        var walk = await walks.FindAsync(change, actor, requestId, cancel);
        if (walk is null || !walk.Request.IsOpenAt(change.Now))
        {
            return ProveOutcome.Over;
        }

        walk.Request.Fail(options.Value.TriesPerRequest, change.Now);
        return walk.Request.IsOpenAt(change.Now) ? ProveOutcome.Wrong : ProveOutcome.Over;
    }

    // Rule 2 before the confirm too: what was proved for another plan counts no more.
    private static async Task<bool> TakeOnPresentPlanAsync(Change change, UnbindRequest request, UnbindPlan plan)
    {
        if (plan.Hash.AsSpan().SequenceEqual(request.PlanHash))
        {
            return false;
        }

        await UnbindWalks.VoidProofsAsync(change, request.Id);
        request.Replan(plan, ReplanReason.PlanChanged);
        return true;
    }

    private static ChallengeFor AskedBy(Actor actor, UnbindRequest request, Guid bindingId) =>
        new(ChallengePurpose.Unbind, actor.AccountId, request.Id.ToByteArray(), Codes.BoundTo(actor.SessionId), bindingId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unbind request {RequestId}: proof by {Method} ended {Outcome}")]
    private static partial void LogProof(ILogger logger, Guid requestId, ProofMethod method, ProveOutcome outcome);

    // What to compare with, or why nothing is compared.
    private sealed record Question(ProveOutcome? Refusal, byte[] PlanHash, Attempt? Attempt, string? PasswordHash)
    {
        public static Question Refused(ProveOutcome outcome) => new(outcome, [], null, null);

        public override string ToString() => nameof(Question);
    }
}
