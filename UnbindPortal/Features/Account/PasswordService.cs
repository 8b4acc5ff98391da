using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

/// <summary>What the page for a first password shows.</summary>
/// <param name="HasPassword">One is set already; there is nothing to do here.</param>
/// <param name="Phone">The masked phone a code would go to; null when there is none to prove it with.</param>
public sealed record PasswordView(bool HasPassword, string? Phone);

/// <summary>How choosing a first password ended.</summary>
public abstract record SetPasswordOutcome
{
    private SetPasswordOutcome() { }

    /// <summary>It is set; the cookie is renewed with the ticket.</summary>
    public sealed record Done(SessionTicket Ticket) : SetPasswordOutcome;

    /// <summary>The password itself will not do.</summary>
    public sealed record BadPassword(PasswordProblem Problem) : SetPasswordOutcome;

    /// <summary>The code will not do.</summary>
    public sealed record BadCode(GuessOutcome Outcome) : SetPasswordOutcome;

    /// <summary>There is a password already, or nothing to prove it with.</summary>
    public sealed record NotPossible : SetPasswordOutcome;

    /// <summary>The session has ended.</summary>
    public sealed record SignedOut : SetPasswordOutcome;
}

/// <summary>Choosing a first password, proved by a code to a bound phone.</summary>
public interface IPasswordService
{
    /// <summary>What the page shows; null when the session has ended.</summary>
    Task<PasswordView?> FindAsync(Actor actor, CancellationToken cancel = default);

    /// <summary>Sends the code that proves it.</summary>
    Task<SendOutcome> SendCodeAsync(Actor actor, CancellationToken cancel = default);

    /// <summary>Sets the password.</summary>
    Task<SetPasswordOutcome> SetAsync(Actor actor, SecretText chosen, OneTimeCode code, CancellationToken cancel = default);
}

/// <inheritdoc cref="IPasswordService" />
internal sealed class PasswordService(
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    PortalSessions sessions,
    Codes codes,
    Passwords passwords,
    FailureBudgets budgets,
    KeyRing keys,
    IOptions<AccountOptions> options
) : IPasswordService
{
    private static readonly HashSet<BindingKind> NoPlatforms = [];

    public async Task<PasswordView?> FindAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (
            !await sessions.IsLiveAsync(actor, cancel)
            || await db.LoadStateAsync(actor.AccountId, NoPlatforms, cancel: cancel) is not { } loaded
        )
        {
            return null;
        }

        var phone = PhoneOf(loaded);
        var cipher = phone is null ? null : AccountCipher.For(keys, loaded.Account.Id, loaded.Account.WrappedDataKey);
        return new PasswordView(loaded.State.HasPassword, phone is null ? null : cipher!.Open(phone).Masked(BindingKind.Phone));
    }

    public Task<SendOutcome> SendCodeAsync(Actor actor, CancellationToken cancel = default) =>
        changes.RunAsync<SendOutcome>(
            actor,
            new SendOutcome.SignedOut(),
            async change =>
            {
                var loaded = await change.Db.LoadStateAsync(actor.AccountId, NoPlatforms, cancel: cancel);
                if (
                    loaded is null or { State.HasPassword: true } or { State.Status: AccountStatus.Closed }
                    || PhoneOf(loaded) is not { } phone
                )
                {
                    return new SendOutcome.NotAvailable();
                }

                var number = change.CipherFor(loaded.Account).Open(phone).Subject;
                var named = new[] { new NamedBinding(BindingKind.Phone, Masking.Phone(number)) };
                var message = new CodeMessage(ProofMethod.SmsCode, MessageTemplate.SetPasswordCode, loaded.Account, number, named);
                var request = new SendRequest(phone.Lookup, actor.AccountId, change.Session!.OriginLookup, SendAudience.Known);
                return await codes.SendAsync(change, AskedBy(actor, phone), request, message, []);
            },
            cancel
        );

    public async Task<SetPasswordOutcome> SetAsync(Actor actor, SecretText chosen, OneTimeCode code, CancellationToken cancel = default)
    {
        var normal = PasswordRule.Normal(chosen);
        var (refused, attempt) = await changes.RunAsync<(SetPasswordOutcome?, Attempt?)>(
            actor,
            (new SetPasswordOutcome.SignedOut(), null),
            change => TakeAttemptAsync(change, actor, normal, cancel),
            cancel
        );
        if (refused is not null || attempt is null)
        {
            return refused ?? new SetPasswordOutcome.NotPossible();
        }

        if (attempt.Outcome is not GuessOutcome.Wrong || !codes.Matches(attempt, code))
        {
            return new SetPasswordOutcome.BadCode(attempt.Outcome);
        }

        var hash = await passwords.HashAsync(new SecretText(normal), cancel);
        return await changes.RunAsync<SetPasswordOutcome>(
            actor,
            new SetPasswordOutcome.SignedOut(),
            change => SaveAsync(change, actor, attempt, hash),
            cancel
        );
    }

    private async Task<(SetPasswordOutcome?, Attempt?)> TakeAttemptAsync(
        Change change,
        Actor actor,
        string chosen,
        CancellationToken cancel
    )
    {
        var loaded = await change.Db.LoadStateAsync(actor.AccountId, NoPlatforms, cancel: cancel);
        if (loaded is null or { State.HasPassword: true } or { State.Status: AccountStatus.Closed } || PhoneOf(loaded) is not { } phone)
        {
            return (new SetPasswordOutcome.NotPossible(), null);
        }

        var cipher = change.CipherFor(loaded.Account);
        var own = loaded.State.Bindings.Select(b => cipher.Open(b).Subject).Append(loaded.UserName);
        if (PasswordRule.Check(chosen, options.Value.PasswordMinimum, own) is { } problem)
        {
            return (new SetPasswordOutcome.BadPassword(problem), null);
        }

        return await budgets.ChargeAsync(change, actor.AccountId.ToString("N"), SendAudience.Known) is null
            ? (null, await codes.TakeAttemptAsync(change, AskedBy(actor, phone), phone.Lookup, []))
            : (null, Attempt.Refused(GuessOutcome.MustWait));
    }

    private async Task<SetPasswordOutcome> SaveAsync(Change change, Actor actor, Attempt attempt, string hash)
    {
        var user = await change.Db.Users.SingleAsync(u => u.Id == actor.AccountId);
        var account = (await change.AccountAsync(actor.AccountId))!;
        if (user.PasswordHash is not null || account.Status is AccountStatus.Closed || !await Codes.UseAsync(change, attempt))
        {
            return new SetPasswordOutcome.NotPossible();
        }

        await budgets.RefundAsync(change, actor.AccountId.ToString("N"), SendAudience.Known);
        user.PasswordHash = hash;
        account.PasswordWasSet(actor.SessionId);
        return new SetPasswordOutcome.Done(sessions.Renew(change));
    }

    private static Binding? PhoneOf(LoadedAccount loaded) =>
        loaded.State.Bindings.FirstOrDefault(b => b.Kind is BindingKind.Phone && b.IsSound);

    private static ChallengeFor AskedBy(Actor actor, Binding phone) =>
        new(ChallengePurpose.SetPassword, actor.AccountId, actor.AccountId.ToByteArray(), Codes.BoundTo(actor.SessionId), phone.Id);
}
