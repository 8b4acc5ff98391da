using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;

namespace UnbindPortal.Data;

/// <summary>An account with everything the rules need to know of it.</summary>
/// <param name="Account">The account.</param>
/// <param name="State">What the rules see.</param>
/// <param name="UserName">Its user name.</param>
/// <param name="WaitingIn">For each binding that waits to be removed, the request it waits in.</param>
/// <param name="RecentlyRemoved">Bindings removed within the window asked for, for the limit on going back and forth.</param>
public sealed record LoadedAccount(
    Account Account,
    AccountState State,
    string UserName,
    IReadOnlyDictionary<Guid, Guid> WaitingIn,
    IReadOnlyList<Binding> RecentlyRemoved
);

/// <summary>Reads an account's state in two queries, however many bindings it has.</summary>
public static class AccountStates
{
    /// <summary>Loads the state of account <paramref name="accountId"/>, or null when there is none.</summary>
    /// <param name="db">A context; inside a change the entities are tracked and the account is locked.</param>
    /// <param name="accountId">The account; always the acting session's own.</param>
    /// <param name="enabledPlatforms">Platforms the operator switched on.</param>
    /// <param name="removedSince">Also bring bindings removed after this.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LoadedAccount?> LoadStateAsync(
        this PortalDbContext db,
        Guid accountId,
        IReadOnlySet<BindingKind> enabledPlatforms,
        DateTimeOffset? removedSince = null,
        CancellationToken cancel = default
    )
    {
        var owner = await db
            .Accounts.Where(a => a.Id == accountId)
            .Join(
                db.Users,
                a => a.Id,
                u => u.Id,
                (account, user) =>
                    new
                    {
                        account,
                        HasPassword = user.PasswordHash != null,
                        user.UserName,
                    }
            )
            .SingleOrDefaultAsync(cancel);
        if (owner is null)
        {
            return null;
        }

        var rows = await db
            .Bindings.Where(b => b.AccountId == accountId && (b.RemovedAt == null || (removedSince != null && b.RemovedAt >= removedSince)))
            .OrderBy(b => b.Kind)
            .ThenBy(b => b.Id)
            .Select(binding => new
            {
                binding,
                WaitsIn = db
                    .UnbindRequestItems.Where(i => i.BindingId == binding.Id && i.Waiting)
                    .Select(i => (Guid?)i.RequestId)
                    .FirstOrDefault(),
                LeansOn = db.AppDependencies.Where(d => d.AppBindingId == binding.Id).ToList(),
            })
            .AsSingleQuery()
            .ToListAsync(cancel);

        var waiting = rows.Where(row => row.WaitsIn is not null).ToDictionary(row => row.binding.Id, row => row.WaitsIn!.Value);
        var state = new AccountState(
            accountId,
            owner.account.Status,
            owner.HasPassword,
            [.. rows.Select(row => row.binding).Where(b => b.IsLive)],
            [.. rows.SelectMany(row => row.LeansOn)],
            waiting.Keys.ToHashSet(),
            enabledPlatforms
        );
        return new LoadedAccount(
            owner.account,
            state,
            owner.UserName ?? "",
            waiting,
            [.. rows.Select(row => row.binding).Where(b => !b.IsLive)]
        );
    }
}
