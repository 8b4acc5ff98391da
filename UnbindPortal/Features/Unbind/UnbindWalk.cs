using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>A request loaded under its account's lock, beside what the account looks like now.</summary>
/// <param name="Request">The request.</param>
/// <param name="Loaded">The account.</param>
/// <param name="Plan">The plan as it stands now; null when the rules no longer allow it.</param>
internal sealed record Walk(UnbindRequest Request, LoadedAccount Loaded, UnbindPlan? Plan);

/// <summary>Loads walks and plans them: what every act of the wizard begins with.</summary>
internal sealed class UnbindWalks(RemovalTable table, IOptions<PlatformOptions> platforms)
{
    public Task<LoadedAccount?> LoadAsync(
        PortalDbContext db,
        Guid accountId,
        DateTimeOffset? removedSince = null,
        CancellationToken cancel = default
    ) => db.LoadStateAsync(accountId, platforms.Value.EnabledSet, removedSince, cancel);

    /// <summary>The plan for a set as the account stands.</summary>
    public (UnbindPlan? Plan, IReadOnlyList<UnbindRefusal> Refusals) Plan(AccountState state, IReadOnlyCollection<Guid> going) =>
        UnbindPlan.Make(state, going, table.Policy, VerificationSetup.Offered);

    /// <summary>The walk by id and owner. Somebody else's is noted in the record and answered like none.</summary>
    public async Task<Walk?> FindAsync(Change change, Actor actor, Guid requestId, CancellationToken cancel)
    {
        var request = await change.Db.UnbindRequests.SingleOrDefaultAsync(r => r.Id == requestId && r.AccountId == actor.AccountId, cancel);
        if (request is null)
        {
            if (await change.Db.UnbindRequests.AnyAsync(r => r.Id == requestId, cancel))
            {
                change.Record(new AccessDenied(actor.AccountId, nameof(UnbindRequest), requestId));
            }

            return null;
        }

        var loaded = await LoadAsync(change.Db, actor.AccountId, cancel: cancel);
        return loaded is null ? null : new Walk(request, loaded, Plan(loaded.State, request.BindingIds).Plan);
    }

    /// <summary>Rule 2: a plan that differs voids what was proved for it, even should it change back.</summary>
    public static async Task VoidProofsAsync(Change change, Guid requestId)
    {
        var proofs = await change.Db.Proofs.Where(p => p.RequestId == requestId && p.SpentAt == null).ToListAsync();
        proofs.ForEach(proof => proof.Spend(change.Now));
    }
}
