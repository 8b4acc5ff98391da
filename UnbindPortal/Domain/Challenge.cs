using System.Security.Cryptography;

namespace UnbindPortal.Domain;

/// <summary>What a code is for; a code of one purpose is never looked up by another. Values are stored.</summary>
public enum ChallengePurpose
{
    /// <summary>Signing in by phone.</summary>
    SignIn = 1,

    /// <summary>Proving an unbind plan.</summary>
    Unbind = 2,

    /// <summary>Choosing a first password.</summary>
    SetPassword = 3,
}

/// <summary>How an answer to a challenge ended.</summary>
public enum GuessOutcome
{
    /// <summary>Right, and used up.</summary>
    Right,

    /// <summary>Wrong; more tries are left.</summary>
    Wrong,

    /// <summary>No open code: none was sent, it expired, was used, or belongs to something else.</summary>
    NoCode,

    /// <summary>No tries are left for this code.</summary>
    NoTriesLeft,

    /// <summary>Too many wrong answers lately over all methods; wait before the next.</summary>
    MustWait,
}

/// <summary>A one-time code as typed or drawn. Prints only its type's name, so that it cannot reach a log.</summary>
public readonly struct OneTimeCode : IEquatable<OneTimeCode>
{
    private readonly string _digits;

    /// <summary>A code somebody typed; blanks and full-width digits are forgiven.</summary>
    public OneTimeCode(string? typed) =>
        _digits = string.Concat((typed ?? "").Where(char.IsDigit).Select(c => (int)char.GetNumericValue(c)).Where(d => d is >= 0 and <= 9));

    /// <summary>The digits, for the message and the hash only.</summary>
    public string Reveal() => _digits ?? "";

    /// <summary>Draws a code of <paramref name="length"/> digits, uniform, leading zeros kept.</summary>
    public static OneTimeCode Draw(int length) => new(RandomNumberGenerator.GetString("0123456789", length));

    /// <inheritdoc />
    public override string ToString() => nameof(OneTimeCode);

    /// <inheritdoc />
    public bool Equals(OneTimeCode other) => string.Equals(Reveal(), other.Reveal(), StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is OneTimeCode other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Reveal());
}

/// <summary>
/// A code that was sent and waits to be typed back. Bound to one account, purpose, plan and session; compared at most a fixed number of
/// times in all, whatever is resent; right at most once (rule 5).
/// </summary>
public sealed class Challenge
{
    private Challenge() { }

    /// <summary>A challenge about to be sent.</summary>
    public Challenge(Guid id, ChallengeFor asked, ProofMethod method, byte[] destination, DateTimeOffset now)
    {
        Id = id;
        Purpose = asked.Purpose;
        AccountId = asked.AccountId;
        Subject = asked.Subject;
        BoundTo = asked.BoundTo;
        BindingId = asked.BindingId;
        Method = method;
        DestinationLookup = destination;
        CreatedAt = now;
    }

    /// <summary>Opaque id.</summary>
    public Guid Id { get; private set; }

    /// <summary>What the code is for.</summary>
    public ChallengePurpose Purpose { get; private set; }

    /// <summary>Whose account; null for a number nobody bound, which gets the same answers and no message.</summary>
    public Guid? AccountId { get; private set; }

    /// <summary>What exactly it answers: the request, the account, or the number.</summary>
    public byte[] Subject { get; private set; } = [];

    /// <summary>Hash of the session or, before sign-in, the browser that asked.</summary>
    public byte[] BoundTo { get; private set; } = [];

    /// <summary>The plan it was asked for; empty where there is none.</summary>
    public byte[] PlanHash { get; private set; } = [];

    /// <summary>The binding the code went to.</summary>
    public Guid? BindingId { get; private set; }

    /// <summary>By SMS or by e-mail.</summary>
    public ProofMethod Method { get; private set; }

    /// <summary>Keyed hash of the destination.</summary>
    public byte[] DestinationLookup { get; private set; } = [];

    /// <summary>Keyed hash of the code (HMAC-SHA256 with a key outside the database).</summary>
    public byte[] CodeHash { get; private set; } = [];

    /// <summary>When the first code was asked for.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the latest code was sent.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>When the latest code stops counting.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Comparisons so far, over every code of this challenge.</summary>
    public int Attempts { get; private set; }

    /// <summary>Set once answered or void.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Puts a fresh code in place of the old one. The attempts stay as they are: resending never refills them.</summary>
    public void Issue(byte[] codeHash, byte[] planHash, DateTimeOffset now, TimeSpan life)
    {
        CodeHash = codeHash;
        PlanHash = planHash;
        SentAt = now;
        ExpiresAt = now + life;
    }

    /// <summary>Takes one of the attempts before anything is compared; committed on its own, so that no interleaving gets more.</summary>
    /// <returns><see cref="GuessOutcome.Wrong"/> when the comparison may go ahead (it counts as wrong until shown right).</returns>
    public GuessOutcome TakeAttempt(ReadOnlySpan<byte> planHash, int allowed, DateTimeOffset now)
    {
        if (ClosedAt is not null || now >= ExpiresAt || !planHash.SequenceEqual(PlanHash))
        {
            return GuessOutcome.NoCode;
        }

        if (Attempts >= allowed)
        {
            return GuessOutcome.NoTriesLeft;
        }

        Attempts++;
        return GuessOutcome.Wrong;
    }

    /// <summary>Uses it up. False when another answer was quicker, or a newer code has replaced the one that was compared.</summary>
    public bool Use(ReadOnlySpan<byte> comparedHash, DateTimeOffset now)
    {
        if (ClosedAt is not null || now >= ExpiresAt || !comparedHash.SequenceEqual(CodeHash))
        {
            return false;
        }

        ClosedAt = now;
        return true;
    }

    /// <summary>Makes it void.</summary>
    public void Close(DateTimeOffset now) => ClosedAt ??= now;
}

/// <summary>What a code is asked for.</summary>
/// <param name="Purpose">The purpose.</param>
/// <param name="AccountId">The account; null when nobody bound the number.</param>
/// <param name="Subject">What exactly it answers.</param>
/// <param name="BoundTo">Hash of the session or browser.</param>
/// <param name="BindingId">The binding it goes to.</param>
public sealed record ChallengeFor(ChallengePurpose Purpose, Guid? AccountId, byte[] Subject, byte[] BoundTo, Guid? BindingId);

/// <summary>
/// The shared budget of failures of one account (or of one unknown name) for one audience: known browsers and strangers have their own,
/// so that a stranger cannot spend the owner's. Waits grow; nothing is ever locked for good.
/// </summary>
public sealed class FailureBudget
{
    private FailureBudget() { }

    /// <summary>An untouched budget.</summary>
    public FailureBudget(byte[] key) => Key = key;

    /// <summary>Keyed hash of whose budget it is.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Failures since the last quiet period.</summary>
    public int Failures { get; private set; }

    /// <summary>The latest failure.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>No answer is looked at before this.</summary>
    public DateTimeOffset BlockedUntil { get; private set; }

    /// <summary>Charges a failure in advance. False while blocked, and then nothing is charged.</summary>
    public bool TryCharge(FailureLimits limits, DateTimeOffset now)
    {
        if (now < BlockedUntil)
        {
            return false;
        }

        // Quiet is counted from the end of the wait: else a wait longer than it would end with a clean slate.
        if (now - (BlockedUntil > LastAt ? BlockedUntil : LastAt) >= limits.Quiet)
        {
            Failures = 0;
        }

        Failures++;
        LastAt = now;
        if (Failures >= limits.Free)
        {
            BlockedUntil = now + limits.WaitAfter(Failures);
        }

        return true;
    }

    /// <summary>The charged answer was right: takes that one charge back, and no other.</summary>
    public void Refund(FailureLimits limits, DateTimeOffset now)
    {
        Failures = Math.Max(0, Failures - 1);
        BlockedUntil = Failures >= limits.Free ? BlockedUntil : now;
    }
}

/// <summary>How a failure budget grows.</summary>
/// <param name="Free">Failures before the first wait.</param>
/// <param name="FirstWait">The first wait; each further failure doubles it.</param>
/// <param name="LongestWait">No wait is longer.</param>
/// <param name="Quiet">After so long without a failure the count starts again.</param>
public sealed record FailureLimits(int Free, TimeSpan FirstWait, TimeSpan LongestWait, TimeSpan Quiet)
{
    /// <summary>The wait after the n-th failure.</summary>
    public TimeSpan WaitAfter(int failures)
    {
        var doublings = Math.Clamp(failures - Free, 0, 20);
        var wait = FirstWait * Math.Pow(2, doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}

/// <summary>One message that was asked for, kept to count by: destination, account and network address.</summary>
public sealed class SendRecord
{
    private SendRecord() { }

    /// <summary>A message just allowed.</summary>
    public SendRecord(Guid id, byte[] destination, Guid? accountId, byte[] origin, SendAudience audience, DateTimeOffset at)
    {
        Id = id;
        DestinationLookup = destination;
        AccountId = accountId;
        OriginLookup = origin;
        Audience = audience;
        At = at;
    }

    /// <summary>Opaque id.</summary>
    public Guid Id { get; private set; }

    /// <summary>Keyed hash of the destination.</summary>
    public byte[] DestinationLookup { get; private set; } = [];

    /// <summary>The account, where there is one.</summary>
    public Guid? AccountId { get; private set; }

    /// <summary>Keyed hash of the network address that asked.</summary>
    public byte[] OriginLookup { get; private set; } = [];

    /// <summary>Who asked.</summary>
    public SendAudience Audience { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private set; }
}

/// <summary>Whose quota a message counts against. Values are stored.</summary>
public enum SendAudience
{
    /// <summary>A browser with a session of the account.</summary>
    Known = 1,

    /// <summary>Anybody else.</summary>
    Stranger = 2,
}

/// <summary>A plain-text password on its way to the hash. Prints only its type's name.</summary>
/// <param name="typed">What was typed.</param>
public readonly struct SecretText(string? typed)
{
    /// <summary>The text, for hashing only.</summary>
    public string Reveal() => typed ?? "";

    /// <inheritdoc />
    public override string ToString() => nameof(SecretText);
}
