using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>One budget of failures per account and audience, shared by every guessable proof, kept in storage so that a restart gives nothing back.</summary>
public sealed class FailureBudgets(KeyRing keys, IOptions<VerificationOptions> options)
{
    /// <summary>Charges a failure before anything is compared.</summary>
    /// <param name="change">An open change; commit it before comparing.</param>
    /// <param name="whose">The account's id or, for a name nobody has, the name: both wait alike.</param>
    /// <param name="audience">Known browsers and strangers have their own.</param>
    /// <returns>Null when the answer may be looked at; otherwise until when not.</returns>
    public async Task<DateTimeOffset?> ChargeAsync(Change change, string whose, SendAudience audience)
    {
        var budget = await FindAsync(change, whose, audience);
        if (budget is null)
        {
            change.Db.FailureBudgets.Add(budget = new FailureBudget(KeyFor(whose, audience)));
        }

        return budget.TryCharge(options.Value.Failures, change.Now) ? null : budget.BlockedUntil;
    }

    /// <summary>The charged answer was right: takes that charge back.</summary>
    public async Task RefundAsync(Change change, string whose, SendAudience audience) =>
        (await FindAsync(change, whose, audience))?.Refund(change.Now);

    private Task<FailureBudget?> FindAsync(Change change, string whose, SendAudience audience)
    {
        var key = KeyFor(whose, audience);
        return change.Db.FailureBudgets.SingleOrDefaultAsync(b => b.Key == key);
    }

    private byte[] KeyFor(string whose, SendAudience audience) => keys.Lookup($"budget/{audience}", whose);
}
