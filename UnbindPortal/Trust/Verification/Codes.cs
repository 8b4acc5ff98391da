using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Verification;

/// <summary>How asking for a code ended.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>On its way, or (said in the same words) addressed to a number nobody bound.</summary>
    /// <param name="ExpiresAt">When it stops counting.</param>
    /// <param name="ResendAt">When another may be asked for.</param>
    /// <param name="TriesLeft">Comparisons left.</param>
    public sealed record Sent(DateTimeOffset ExpiresAt, DateTimeOffset ResendAt, int TriesLeft) : SendOutcome;

    /// <summary>The last one is too fresh.</summary>
    /// <param name="Until">When another may be asked for.</param>
    public sealed record TooSoon(DateTimeOffset Until) : SendOutcome;

    /// <summary>A sending limit is reached; other methods still work.</summary>
    /// <param name="Until">When to ask again at the latest.</param>
    public sealed record Limited(DateTimeOffset Until) : SendOutcome;

    /// <summary>No tries are left, and a fresh code would not bring any back.</summary>
    public sealed record NoTriesLeft : SendOutcome;

    /// <summary>Nothing to send to: gone, not the caller's, or the walk is over.</summary>
    public sealed record NotAvailable : SendOutcome;

    /// <summary>The session has ended.</summary>
    public sealed record SignedOut : SendOutcome;
}

/// <summary>What a code message is to say and where it goes; null destination for a number nobody bound.</summary>
/// <param name="Method">By SMS or e-mail.</param>
/// <param name="Template">The words.</param>
/// <param name="Account">Whose; null sends nothing.</param>
/// <param name="To">The full number or address.</param>
/// <param name="About">What it is about, masked.</param>
public sealed record CodeMessage(
    ProofMethod Method,
    MessageTemplate Template,
    Account? Account,
    string To,
    IReadOnlyList<NamedBinding> About
)
{
    /// <inheritdoc />
    public override string ToString() => nameof(CodeMessage);
}

/// <summary>One attempt taken from a code, committed before the comparison.</summary>
/// <param name="Outcome"><see cref="GuessOutcome.Wrong"/> when the comparison may go ahead.</param>
/// <param name="ChallengeId">The code's challenge.</param>
/// <param name="CodeHash">What to compare with.</param>
public sealed record Attempt(GuessOutcome Outcome, Guid ChallengeId, byte[] CodeHash)
{
    /// <summary>Nothing to compare.</summary>
    public static Attempt Refused(GuessOutcome outcome) => new(outcome, Guid.Empty, []);
}

/// <summary>Sends one-time codes and compares answers. Sending, taking an attempt and using a code up each happen inside a change of the caller.</summary>
public sealed class Codes(KeyRing keys, SendLimits limits, IOptions<VerificationOptions> options)
{
    /// <summary>Sends a fresh code in place of any open one for the same thing; the tries already spent stay spent.</summary>
    public async Task<SendOutcome> SendAsync(Change change, ChallengeFor asked, SendRequest request, CodeMessage message, byte[] planHash)
    {
        var settings = options.Value;
        var challenge = await FindAsync(change, asked, request.Destination);
        if (challenge is not null && change.Now < challenge.SentAt + settings.ResendAfter)
        {
            return new SendOutcome.TooSoon(challenge.SentAt + settings.ResendAfter);
        }

        if (challenge?.Attempts >= settings.AttemptsPerCode && change.Now < challenge.CreatedAt + settings.AttemptMemory)
        {
            return new SendOutcome.NoTriesLeft();
        }

        if (await limits.TakeAsync(change, request) is { } until)
        {
            return new SendOutcome.Limited(until);
        }

        if (challenge is not null && change.Now >= challenge.CreatedAt + settings.AttemptMemory)
        {
            challenge.Close(change.Now);
            await change.Db.SaveChangesAsync(); // frees the place in the unique index for the fresh one
            challenge = null;
        }

        if (challenge is null)
        {
            challenge = new Challenge(Guid.CreateVersion7(change.Now), asked, message.Method, request.Destination, change.Now);
            change.Db.Challenges.Add(challenge);
        }

        Issue(change, challenge, message, planHash, settings);
        return new SendOutcome.Sent(challenge.ExpiresAt, change.Now + settings.ResendAfter, settings.AttemptsPerCode - challenge.Attempts);
    }

    /// <summary>Takes one attempt. Commit the change before calling <see cref="Matches"/>.</summary>
    public async Task<Attempt> TakeAttemptAsync(Change change, ChallengeFor asked, byte[] destination, byte[] planHash)
    {
        var challenge = await FindAsync(change, asked, destination);
        if (challenge is null)
        {
            return Attempt.Refused(GuessOutcome.NoCode);
        }

        var outcome = challenge.TakeAttempt(planHash, options.Value.AttemptsPerCode, change.Now);
        return new Attempt(outcome, challenge.Id, challenge.CodeHash);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(Attempt attempt, OneTimeCode typed) =>
        CryptographicOperations.FixedTimeEquals(attempt.CodeHash, keys.CodeHash(attempt.ChallengeId, typed.Reveal()));

    /// <summary>Uses the code up; false when another answer was quicker.</summary>
    public static async Task<bool> UseAsync(Change change, Attempt attempt)
    {
        var challenge = await change.Db.Challenges.SingleOrDefaultAsync(c => c.Id == attempt.ChallengeId);
        return challenge?.Use(attempt.CodeHash, change.Now) is true;
    }

    /// <summary>The keyed hash that binds a code to a session or, before sign-in, to a browser.</summary>
    public static byte[] BoundTo(Guid sessionOrBrowser) => SHA256.HashData(sessionOrBrowser.ToByteArray());

    private void Issue(Change change, Challenge challenge, CodeMessage message, byte[] planHash, VerificationOptions settings)
    {
        var code = OneTimeCode.Draw(settings.DigitsFor(message.Method));
        var life = settings.LifeFor(message.Method);
        challenge.Issue(keys.CodeHash(challenge.Id, code.Reveal()), planHash, change.Now, life);
        if (message.Account is { } account)
        {
            var channel = message.Method is ProofMethod.EmailCode ? MessageChannel.Email : MessageChannel.Sms;
            var payload = new MessagePayload(
                message.Template,
                channel,
                message.To,
                change.Culture,
                message.About,
                code.Reveal(),
                challenge.ExpiresAt
            );
            change.Send(account, payload, life, atMostOnce: true);
        }
    }

    private static Task<Challenge?> FindAsync(Change change, ChallengeFor asked, byte[] destination) =>
        change.Db.Challenges.SingleOrDefaultAsync(c =>
            c.BoundTo == asked.BoundTo
            && c.Purpose == asked.Purpose
            && c.Subject == asked.Subject
            && c.DestinationLookup == destination
            && c.ClosedAt == null
        );
}
