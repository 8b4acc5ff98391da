using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

/// <summary>Signing in and out. Known, unknown, locked and closed accounts get the same answers in the same time.</summary>
public interface IAccountService
{
    /// <summary>Signs in by user name, phone or e-mail with the password.</summary>
    /// <returns>The ticket for the cookie, or null: wrong, unknown, waiting or closed, which all look alike.</returns>
    Task<SessionTicket?> SignInByPasswordAsync(string? name, SecretText password, RequestOrigin origin, CancellationToken cancel = default);

    /// <summary>Sends a sign-in code to a phone. A number nobody bound gets the same answer and no message.</summary>
    /// <param name="phone">The number in E.164 form.</param>
    /// <param name="browser">Random id of the browser that asks; the code works only there.</param>
    /// <param name="origin">Where the request comes from.</param>
    /// <param name="cancel">Gives up.</param>
    Task<SendOutcome> SendSignInCodeAsync(string phone, Guid browser, RequestOrigin origin, CancellationToken cancel = default);

    /// <summary>Signs in by phone with the code sent to it.</summary>
    /// <returns>The ticket for the cookie, or null: whatever is wrong looks alike.</returns>
    Task<SessionTicket?> SignInByCodeAsync(
        string phone,
        OneTimeCode code,
        Guid browser,
        RequestOrigin origin,
        CancellationToken cancel = default
    );
}

/// <inheritdoc cref="IAccountService" />
internal sealed partial class AccountService(
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    PortalSessions sessions,
    Codes codes,
    Passwords passwords,
    FailureBudgets budgets,
    KeyRing keys,
    ILookupNormalizer normalizer,
    ILogger<AccountService> logger
) : IAccountService
{
    public async Task<SessionTicket?> SignInByPasswordAsync(
        string? name,
        SecretText password,
        RequestOrigin origin,
        CancellationToken cancel = default
    )
    {
        var typed = PlainText.WellFormed(name).Trim();
        var found = await FindByNameAsync(typed, cancel);
        var whose = found?.AccountId.ToString("N") ?? $"name/{normalizer.NormalizeName(typed)}";
        var wait = await changes.RunAsync(
            ScopeOf(found?.AccountId),
            change => budgets.ChargeAsync(change, whose, SendAudience.Stranger),
            cancel
        );

        // Compared even while waiting: how long an answer takes must not tell one from the other.
        var check = await passwords.CheckAsync(found?.PasswordHash, new SecretText(PasswordRule.Normal(password)), cancel);
        if (wait is not null || found is null || check is PasswordVerificationResult.Failed)
        {
            LogRefused(logger, found?.AccountId, wait is null ? "Wrong" : "MustWait");
            return null;
        }

        var better =
            check is PasswordVerificationResult.SuccessRehashNeeded
                ? await passwords.HashAsync(new SecretText(PasswordRule.Normal(password)), cancel)
                : null;
        return await changes.RunAsync(
            ChangeScope.Account(found.AccountId),
            change => OpenByPasswordAsync(change, found, whose, better, origin),
            cancel
        );
    }

    public Task<SendOutcome> SendSignInCodeAsync(string phone, Guid browser, RequestOrigin origin, CancellationToken cancel = default)
    {
        var lookup = LookupOf(BindingKind.Phone, phone);
        return changes.RunAsync(
            ChangeScope.None,
            async change =>
            {
                var (account, binding) = await FindPhoneAsync(change, lookup);
                var named = binding is null ? [] : new[] { new NamedBinding(BindingKind.Phone, Masking.Phone(phone)) };
                var message = new CodeMessage(ProofMethod.SmsCode, MessageTemplate.SignInCode, account, phone, named);
                var request = new SendRequest(lookup, account?.Id, sessions.OriginLookup(origin.Address), SendAudience.Stranger);
                return await codes.SendAsync(change, SignInBy(lookup, browser, account?.Id, binding?.Id), request, message, []);
            },
            cancel
        );
    }

    public async Task<SessionTicket?> SignInByCodeAsync(
        string phone,
        OneTimeCode code,
        Guid browser,
        RequestOrigin origin,
        CancellationToken cancel = default
    )
    {
        var lookup = LookupOf(BindingKind.Phone, phone);
        var (attempt, whose) = await changes.RunAsync(
            ChangeScope.None,
            async change =>
            {
                var (account, _) = await FindPhoneAsync(change, lookup);
                var payer = account?.Id.ToString("N") ?? $"phone/{Convert.ToHexString(lookup)}";
                return await budgets.ChargeAsync(change, payer, SendAudience.Stranger) is null
                    ? (await codes.TakeAttemptAsync(change, SignInBy(lookup, browser, account?.Id, null), lookup, []), payer)
                    : (Attempt.Refused(GuessOutcome.MustWait), payer);
            },
            cancel
        );
        if (attempt.Outcome is not GuessOutcome.Wrong || !codes.Matches(attempt, code))
        {
            LogRefused(logger, null, attempt.Outcome.ToString());
            return null;
        }

        return await changes.RunAsync(ChangeScope.None, change => OpenByCodeAsync(change, attempt, whose, lookup, origin), cancel);
    }

    private async Task<SessionTicket?> OpenByPasswordAsync(
        Change change,
        Found found,
        string whose,
        string? betterHash,
        RequestOrigin origin
    )
    {
        var user = await change.Db.Users.SingleOrDefaultAsync(u => u.Id == found.AccountId);
        var account = await change.AccountAsync(found.AccountId);
        await budgets.RefundAsync(change, whose, SendAudience.Stranger);
        if (account?.Status is not AccountStatus.Active || user?.PasswordHash is null || user.PasswordHash != found.PasswordHash)
        {
            return null;
        }

        user.PasswordHash = betterHash ?? user.PasswordHash;
        return sessions.Open(change, account, SignInMethod.Password, null, origin);
    }

    private async Task<SessionTicket?> OpenByCodeAsync(Change change, Attempt attempt, string whose, byte[] lookup, RequestOrigin origin)
    {
        if (!await Codes.UseAsync(change, attempt))
        {
            return null;
        }

        await budgets.RefundAsync(change, whose, SendAudience.Stranger);
        var (account, binding) = await FindPhoneAsync(change, lookup);
        if (account is null || binding is null)
        {
            return null;
        }

        binding.Used(change.Now);
        binding.Proved(change.Now);
        return sessions.Open(change, account, SignInMethod.SmsCode, binding.Id, origin);
    }

    // The phone as a way in: live, verified, not suspended, on an active account. Anything else is nobody's number.
    private static async Task<(Domain.Account? Account, Binding? Binding)> FindPhoneAsync(Change change, byte[] lookup)
    {
        var found = await (
            from identity in change.Db.LiveIdentities
            where identity.Lookup == lookup
            join binding in change.Db.Bindings on identity.BindingId equals binding.Id
            join account in change.Db.Accounts on identity.AccountId equals account.Id
            select new { account, binding }
        ).SingleOrDefaultAsync();
        return found is { binding.IsSound: true, account.Status: AccountStatus.Active } ? (found.account, found.binding) : (null, null);
    }

    private async Task<Found?> FindByNameAsync(string name, CancellationToken cancel)
    {
        byte[][] lookups =
        [
            .. new[] { (BindingKind.Phone, Canonical.Phone(name)), (BindingKind.Email, Canonical.Email(name)) }
                .Where(candidate => candidate.Item2 is not null)
                .Select(candidate => LookupOf(candidate.Item1, candidate.Item2!)),
        ];
        var normal = normalizer.NormalizeName(name);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var owner = await db
            .LiveIdentities.Where(i => lookups.Contains(i.Lookup))
            .Select(i => (Guid?)i.AccountId)
            .FirstOrDefaultAsync(cancel);
        var user = await db
            .Users.AsNoTracking()
            .Where(u => u.Id == owner || (owner == null && u.NormalizedUserName == normal))
            .Select(u => new { u.Id, u.PasswordHash })
            .FirstOrDefaultAsync(cancel);
        return user is null ? null : new Found(user.Id, user.PasswordHash);
    }

    private byte[] LookupOf(BindingKind kind, string subject) => IdentityLookup.Of(keys, kind, subject);

    private static ChallengeFor SignInBy(byte[] lookup, Guid browser, Guid? account, Guid? binding) =>
        new(ChallengePurpose.SignIn, account, lookup, Codes.BoundTo(browser), binding);

    private static ChangeScope ScopeOf(Guid? account) => account is { } id ? ChangeScope.Account(id) : ChangeScope.None;

    [LoggerMessage(Level = LogLevel.Information, Message = "Sign-in refused for account {AccountId}: {Outcome}")]
    private static partial void LogRefused(ILogger logger, Guid? accountId, string outcome);

    private sealed record Found(Guid AccountId, string? PasswordHash)
    {
        public override string ToString() => nameof(Found);
    }
}
