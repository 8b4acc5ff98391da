using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>Reads what the wizard's pages show. Writes nothing, so a page may call it as often as it is rendered.</summary>
internal sealed class UnbindReader(
    IDbContextFactory<PortalDbContext> databases,
    PortalSessions sessions,
    PortalClock clock,
    KeyRing keys,
    UnbindWalks walks,
    IOptions<UnbindOptions> options,
    IOptions<VerificationOptions> verification,
    IOptions<SessionLimits> limits
)
{
    /// <summary>Does this request count against the day's limit?</summary>
    public static bool Counts(UnbindRequest request) =>
        request.Engaged || request.Stage is not (UnbindStage.Cancelled or UnbindStage.Expired);

    public async Task<ChooseView?> FindChoicesAsync(Actor actor, CancellationToken cancel)
    {
        if (!await sessions.IsLiveAsync(actor, cancel))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await walks.LoadAsync(db, actor.AccountId, cancel: cancel) is not { } loaded)
        {
            return null;
        }

        var since = clock.Now.AddDays(-1);
        var used = await db
            .UnbindRequests.Where(r => r.AccountId == actor.AccountId && r.PlannedAt > since)
            .CountAsync(
                r => r.Engaged || (r.Stage != UnbindStage.Cancelled && r.Stage != UnbindStage.Expired && r.ExpiresAt > clock.Now),
                cancel
            );
        var cipher = CipherOf(loaded);
        var state = loaded.State;
        return new ChooseView(
            [.. state.Bindings.Select(b => ChoiceOf(b, loaded, cipher))],
            state.HasPassword,
            Math.Max(0, options.Value.RequestsPerDay - used),
            options.Value.RequestsPerDay
        )
        {
            State = state,
        };
    }

    public ChoicePreview Preview(ChooseView view, IReadOnlyCollection<Guid> chosen)
    {
        var (state, choices) = (view.State, view.Choices);
        var staying = state.WaysIn(chosen);
        return new ChoicePreview(
            [.. staying.Select(Label)],
            [.. state.Staying(Capabilities.Recovery, chosen).Select(Find)],
            [.. state.Staying(Capabilities.Notice, chosen).Select(Find)],
            [.. state.WaysIn([]).Except(staying).Select(Label)],
            chosen.Count == 0 ? [] : walks.Plan(state, chosen).Refusals
        );

        BindingLabel Find(Binding binding) => choices.Single(choice => choice.Binding.Id == binding.Id).Binding;
        WayInLabel Label(WayIn way) => new(way.Kind, choices.FirstOrDefault(choice => choice.Binding.Id == way.BindingId)?.Binding.Masked);
    }

    /// <summary>Is there such a request, whoever owns it? Asked only to note in the record that somebody tried another's.</summary>
    public async Task<bool> ExistsAsync(Guid requestId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.UnbindRequests.AnyAsync(r => r.Id == requestId, cancel);
    }

    public async Task<UnbindView?> FindAsync(Actor actor, Guid requestId, CancellationToken cancel)
    {
        if (!await sessions.IsLiveAsync(actor, cancel))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancel);
        var request = await db.UnbindRequests.SingleOrDefaultAsync(r => r.Id == requestId && r.AccountId == actor.AccountId, cancel);
        if (request is null || await walks.LoadAsync(db, actor.AccountId, DateTimeOffset.MinValue, cancel) is not { } loaded)
        {
            return null;
        }

        var cipher = CipherOf(loaded);
        var going = loaded.State.Bindings.Concat(loaded.RecentlyRemoved).Where(b => request.BindingIds.Contains(b.Id));
        var view = new UnbindView
        {
            Id = request.Id,
            Stage = request.StageAt(clock.Now),
            Going = [.. going.Select(b => LabelOf(b, cipher))],
            DueAt = request.DueAt,
            FinishedAt = request.FinishedAt,
            ExpiresAt = request.ExpiresAt,
            Replanned = request.Replanned,
            Cancelled = request.Cancelled,
            TriesLeft = Math.Max(0, options.Value.TriesPerRequest - request.FailedTries),
        };
        return request.IsOpenAt(clock.Now) ? await AddPlanAsync(view, request, loaded, cipher, actor, db, cancel) : view;
    }

    private async Task<UnbindView> AddPlanAsync(
        UnbindView view,
        UnbindRequest request,
        LoadedAccount loaded,
        AccountCipher cipher,
        Actor actor,
        PortalDbContext db,
        CancellationToken cancel
    )
    {
        var plan = walks.Plan(loaded.State, request.BindingIds).Plan;
        if (plan is null)
        {
            return view with { Stage = UnbindStage.Cancelled, Cancelled = CancelReason.NoLongerPossible };
        }

        // What storage holds was proved for another plan: the page asks for a proof of this one.
        var changed = !plan.Hash.AsSpan().SequenceEqual(request.PlanHash);
        var proofs = await db
            .Proofs.AsNoTracking()
            .Where(p => p.RequestId == request.Id && p.AccountId == actor.AccountId)
            .ToListAsync(cancel);
        var given = proofs.Where(p => p.CountsFor(actor.SessionId, plan.Hash, clock.Now)).Select(p => p.Factor).ToHashSet();
        var ending = request.BindingIds;
        var idleSince = clock.Now - limits.Value.Idle;
        return view with
        {
            Stage = view.Stage is UnbindStage.Verified && (changed || plan.WaitAfter(given) is null) ? UnbindStage.Planned : view.Stage,
            Replanned =
                changed ? ReplanReason.PlanChanged
                : view.Stage is UnbindStage.Planned && request.Stage is UnbindStage.Verified ? ReplanReason.ProofExpired
                : view.Replanned,
            WaysIn = [.. plan.WaysIn.Select(way => new WayInLabel(way.Kind, MaskedOf(way.BindingId, loaded, cipher)))],
            Recoveries = [.. plan.Recoveries.Select(b => LabelOf(b, cipher))],
            Apps = [.. plan.Apps.Select(b => LabelOf(b, cipher))],
            PlanHash = Convert.ToHexStringLower(plan.Hash),
            Wait = plan.WaitAfter(given),
            Proofs = await ProofsAsync(plan, given, request, loaded, cipher, actor, db, cancel),
            SessionsEnding = await db.Sessions.CountAsync(
                s =>
                    s.AccountId == actor.AccountId
                    && s.EndedAt == null
                    && s.Id != actor.SessionId
                    && s.ExpiresAt > clock.Now
                    && s.LastActiveAt > idleSince
                    && s.SignedInBindingId != null
                    && ending.Contains(s.SignedInBindingId.Value),
                cancel
            ),
        };
    }

    private async Task<IReadOnlyList<ProofChoice>> ProofsAsync(
        UnbindPlan plan,
        HashSet<Factor> given,
        UnbindRequest request,
        LoadedAccount loaded,
        AccountCipher cipher,
        Actor actor,
        PortalDbContext db,
        CancellationToken cancel
    )
    {
        var boundTo = Codes.BoundTo(actor.SessionId);
        var subject = request.Id.ToByteArray();
        var open = await db
            .Challenges.AsNoTracking()
            .Where(c => c.BoundTo == boundTo && c.Purpose == ChallengePurpose.Unbind && c.Subject == subject && c.ClosedAt == null)
            .ToListAsync(cancel);
        return
        [
            .. plan.Factors.Select(factor =>
            {
                // The quickest set it belongs to, counting what is already given.
                var route = plan
                    .Routes.Where(r => r.Factors.Contains(factor))
                    .OrderBy(r => r.Factors.Count(f => !given.Contains(f)))
                    .ThenBy(r => r.Wait)
                    .First();
                var partner = route.Factors.Where(f => f != factor && !given.Contains(f)).Select(f => (Factor?)f).FirstOrDefault();
                var code = open.FirstOrDefault(c =>
                    c.BindingId == factor.BindingId && c.ExpiresAt > clock.Now && c.PlanHash.SequenceEqual(plan.Hash)
                );
                return new ProofChoice(
                    factor,
                    MaskedOf(factor.BindingId, loaded, cipher),
                    given.Contains(factor),
                    route.Wait,
                    partner,
                    OnItsWay(code)
                );
            }),
        ];
    }

    private CodeOnItsWay? OnItsWay(Challenge? code) =>
        code is null
            ? null
            : new CodeOnItsWay(
                code.ExpiresAt,
                code.SentAt + verification.Value.ResendAfter,
                Math.Max(0, verification.Value.AttemptsPerCode - code.Attempts)
            );

    private Choice ChoiceOf(Binding binding, LoadedAccount loaded, AccountCipher cipher)
    {
        var waitsIn = loaded.WaitingIn.TryGetValue(binding.Id, out var request) ? request : (Guid?)null;
        var capabilities = loaded.State.IsUsable(binding) ? BindingCatalogue.For(binding.Kind).Capabilities : Capabilities.None;
        return new Choice(LabelOf(binding, cipher), capabilities, walks.Plan(loaded.State, [binding.Id]).Refusals, waitsIn);
    }

    private AccountCipher CipherOf(LoadedAccount loaded) => AccountCipher.For(keys, loaded.Account.Id, loaded.Account.WrappedDataKey);

    private static BindingLabel LabelOf(Binding binding, AccountCipher cipher) =>
        new(binding.Id, binding.Kind, cipher.Open(binding).Masked(binding.Kind), binding.LastUsedAt);

    private static string? MaskedOf(Guid? bindingId, LoadedAccount loaded, AccountCipher cipher) =>
        loaded.State.Bindings.FirstOrDefault(b => b.Id == bindingId) is { } binding ? cipher.Open(binding).Masked(binding.Kind) : null;
}
