using Microsoft.EntityFrameworkCore;

namespace UnbindPortal.Support.Http;

/// <summary>All that a request must not change by halves.</summary>
public static class PortalState
{
    /// <summary>What a person has, where their requests stand, which proofs count, how many sessions are open, and what the record holds about them.</summary>
    public static Task<string> StateOfAsync(this PortalServer portal, Person person)
    {
        ArgumentNullException.ThrowIfNull(portal);
        ArgumentNullException.ThrowIfNull(person);
        return portal.ReadAsync(async db =>
        {
            var bindings = await db.Bindings.Where(b => b.AccountId == person.Id).OrderBy(b => b.Id).ToListAsync();
            var requests = await db.UnbindRequests.Where(r => r.AccountId == person.Id).OrderBy(r => r.Id).ToListAsync();
            var proofs = await db.Proofs.Where(p => p.AccountId == person.Id).OrderBy(p => p.Id).ToListAsync();
            var sessions = await db.Sessions.CountAsync(s => s.AccountId == person.Id && s.EndedAt == null);
            var messages = await db.Outbox.CountAsync(m => m.AccountId == person.Id);
            var entries = await db.Ledger.CountAsync(e => e.AccountId == person.Id);
            return string.Join(
                '\n',
                [
                    .. bindings.Select(b => $"{b.Kind} {b.Id} gone {b.RemovedAt} version {b.Version}"),
                    .. requests.Select(r => $"request {r.Id} {r.Stage} version {r.Version} {Convert.ToHexString(r.PlanHash)}"),
                    .. proofs.Select(p => $"proof {p.Id} spent {p.SpentAt}"),
                    $"{sessions} sessions, {messages} messages, {entries} entries",
                ]
            );
        });
    }

    /// <summary>The stage of a request as stored.</summary>
    public static Task<Domain.UnbindStage> StageOfAsync(this PortalServer portal, Guid request)
    {
        ArgumentNullException.ThrowIfNull(portal);
        return portal.ReadAsync(db => db.UnbindRequests.Where(r => r.Id == request).Select(r => r.Stage).SingleAsync());
    }

    /// <summary>Whether a binding is still live.</summary>
    public static Task<bool> IsBoundAsync(this PortalServer portal, Guid binding)
    {
        ArgumentNullException.ThrowIfNull(portal);
        return portal.ReadAsync(db => db.Bindings.AnyAsync(b => b.Id == binding && b.RemovedAt == null));
    }
}
