using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>Who asks for a code and where it shall go.</summary>
/// <param name="Destination">Keyed hash of the number or address.</param>
/// <param name="AccountId">The account, where there is one.</param>
/// <param name="Origin">Keyed hash of the network address that asks.</param>
/// <param name="Audience">A browser with a session, or anybody.</param>
public sealed record SendRequest(byte[] Destination, Guid? AccountId, byte[] Origin, SendAudience Audience);

/// <summary>Independent sending limits per destination, account, network address and day, counted from rows, so that restarts and more nodes change nothing.</summary>
public sealed class SendLimits(IOptions<VerificationOptions> options)
{
    /// <summary>Takes one sending out of every limit it falls under.</summary>
    /// <returns>Null when it may be sent; otherwise when to ask again at the latest.</returns>
    public async Task<DateTimeOffset?> TakeAsync(Change change, SendRequest request)
    {
        var limits = options.Value;
        var records = change.Db.SendRecords;
        var hour = change.Now.AddHours(-1);
        var day = change.Now.AddDays(-1);

        // Known browsers and strangers each have half of the account's day: a stranger cannot spend the owner's.
        var mine = await records
            .Where(r => r.DestinationLookup == request.Destination && r.At > day && r.Audience == request.Audience)
            .Select(r => r.At)
            .ToListAsync();
        var everyones = await records.CountAsync(r => r.DestinationLookup == request.Destination && r.At > day);
        if (mine.Count(at => at > hour) >= limits.PerDestinationHour)
        {
            return mine.Where(at => at > hour).Min().AddHours(1);
        }

        // By destination as well as by account: a number nobody bound must not be answered longer than one somebody did.
        if (
            everyones >= limits.PerDestinationDay
            || mine.Count >= limits.PerAccountDay / 2
            || await AccountIsSpentAsync(records, request, day, limits)
        )
        {
            return change.Now.AddHours(24);
        }

        if (await records.CountAsync(r => r.OriginLookup == request.Origin && r.At > hour) >= limits.PerOriginHour)
        {
            return change.Now.AddHours(1);
        }

        if (await records.CountAsync(r => r.At > day) >= limits.GlobalDay)
        {
            return change.Now.AddHours(24);
        }

        records.Add(
            new SendRecord(
                Guid.CreateVersion7(change.Now),
                request.Destination,
                request.AccountId,
                request.Origin,
                request.Audience,
                change.Now
            )
        );
        return null;
    }

    private static async Task<bool> AccountIsSpentAsync(
        DbSet<SendRecord> records,
        SendRequest request,
        DateTimeOffset day,
        VerificationOptions limits
    ) =>
        request.AccountId is { } account
        && await records.CountAsync(r => r.AccountId == account && r.Audience == request.Audience && r.At > day)
            >= limits.PerAccountDay / 2;
}
