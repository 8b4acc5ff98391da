using System.Globalization;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>
/// Takes over some accounts within one change. What is refused is found before anything of it is written, so one line never takes others
/// with it.
/// </summary>
internal sealed class ImportBatch(
    Change change,
    KeyRing keys,
    ImportKnown known,
    IReadOnlySet<BindingKind> enabledPlatforms,
    string accountsFile,
    string bindingsFile
)
{
    private readonly ImportSummary _summary = new();
    private readonly List<Refusal> _refusals = [];

    public async Task<(ImportSummary Counts, List<Refusal> Refusals)> ApplyAsync(
        IReadOnlyList<ImportAccount> batch,
        CancellationToken cancel
    )
    {
        await known.LoadAsync(batch, cancel);
        foreach (var account in batch)
        {
            Apply(account);
        }

        return (_summary, _refusals);
    }

    private void Apply(ImportAccount import)
    {
        var existing = known.Account(import.Line.ExternalId);
        if (existing is { Status: AccountStatus.Closed })
        {
            // Closing took everything off it; an export does not undo that.
            _summary.AccountsUnchanged++;
            _summary.BindingsKeptRemoved += Wanted(import, existing).Count();
            return;
        }

        if (RefusalOf(import.Line, existing?.Id) is { } refusal)
        {
            _refusals.Add(refusal);
            _refusals.AddRange(import.Bindings.Select(b => new Refusal(bindingsFile, b.Line, "account", RefusalReason.AccountRefused)));
            return;
        }

        var account = existing ?? Create(import.Line);
        var changed = existing is not null && Update(account, import.Line);
        foreach (var line in Wanted(import, account).OrderBy(line => line.Name.Kind is BindingKind.App)) // what apps lean on first
        {
            changed |= Put(account, line);
        }

        var before = account.Status;
        account.ActivateIfReachable(IsReachable(account.Id));
        Count(account, existing is null, changed || account.Status != before);
    }

    private Refusal? RefusalOf(AccountLine line, Guid? existing)
    {
        if (known.IsNameOfAnother(line.UserName, existing))
        {
            return new Refusal(accountsFile, line.Line, "user_name", RefusalReason.UserNameTaken);
        }

        foreach (var (name, column) in line.OwnIdentities)
        {
            if (IsTaken(name, existing))
            {
                return new Refusal(accountsFile, line.Line, column, RefusalReason.BelongsToAnother, Masked(name));
            }
        }

        return null;
    }

    // What its owner removed here and somebody else holds now is no conflict: it stays removed.
    private bool IsTaken(BindingName name, Guid? accountId) =>
        known.BelongsToAnother(name, accountId) && (accountId is not { } id || known.Find(id, name) is null);

    private Domain.Account Create(AccountLine line)
    {
        var id = Guid.CreateVersion7(change.Now);
        var (cipher, wrapped) = AccountCipher.New(keys, id);
        var name = line.DisplayName.Length > 0 ? line.DisplayName : line.UserName;
        var profile = cipher.Seal(new AccountProfile(name, line.UsualPlaces));
        var account = new Domain.Account(id, line.ExternalId, wrapped, profile, line.RegisteredAt ?? change.Now, AccountStatus.Inactive);
        account.KnownSignIn(line.LastSignInAt);
        known.Add(account, line.UserName, line.PasswordHash);
        return account;
    }

    // A newer export knows more; what it leaves empty, and what the owner did in the portal, stays.
    private bool Update(Domain.Account account, AccountLine line)
    {
        var changed = false;
        var cipher = change.CipherFor(account);
        var profile = cipher.OpenProfile(account.SealedProfile);
        var told = new AccountProfile(
            line.DisplayName.Length > 0 ? line.DisplayName : profile.DisplayName,
            line.UsualPlaces.Count > 0 ? line.UsualPlaces : profile.UsualPlaces
        );
        if (told.DisplayName != profile.DisplayName || !told.UsualPlaces.SequenceEqual(profile.UsualPlaces))
        {
            account.UpdateProfile(cipher.Seal(told));
            changed = true;
        }

        if (Later(account.LastSignInAt, line.LastSignInAt) is var signIn && signIn != account.LastSignInAt)
        {
            account.KnownSignIn(signIn);
            changed = true;
        }

        if (known.User(account.Id) is { PasswordHash: null } user && line.PasswordHash is not null)
        {
            user.PasswordHash = line.PasswordHash;
            changed = true;
        }

        return changed;
    }

    // The bindings file knows more of an identity than the account's own columns, where a number counts as verified at registration.
    private IEnumerable<BindingLine> Wanted(ImportAccount import, Domain.Account account)
    {
        var at = import.Line.RegisteredAt ?? account.RegisteredAt;
        return import
            .Line.OwnIdentities.Where(own => import.Bindings.All(b => b.Name != own.Name))
            .Select(own => new BindingLine(import.Line.Line, import.Line.ExternalId, own.Name, "", at, at, null, [], []))
            .Concat(import.Bindings);
    }

    private bool Put(Domain.Account account, BindingLine line)
    {
        if (IsTaken(line.Name, account.Id))
        {
            _refusals.Add(new Refusal(bindingsFile, line.Line, "subject", RefusalReason.BelongsToAnother, Masked(line.Name)));
            return false;
        }

        var leansOn = line.DependsOn.Select(name => known.Find(account.Id, name)).ToArray();
        if (Array.IndexOf(leansOn, null) is >= 0 and var missing)
        {
            var entry = (missing + 1).ToString(CultureInfo.InvariantCulture);
            _refusals.Add(new Refusal(bindingsFile, line.Line, "depends_on", RefusalReason.UnknownDependency, entry));
            return false;
        }

        var binding = known.Find(account.Id, line.Name);
        if (binding is { IsLive: false })
        {
            _summary.BindingsKeptRemoved++;
            return false;
        }

        var isNew = binding is null;
        binding ??= known.Add(account, line.Name, IdentityOf(line), line.BoundAt ?? account.RegisteredAt);
        _summary.BindingsNew += isNew ? 1 : 0;
        _summary.BindingsKept += isNew ? 0 : 1;
        var changed = Update(account, binding, line) || isNew;
        foreach (var on in leansOn.OfType<Binding>().Where(on => on.IsLive))
        {
            changed |= known.AddDependency(binding, on);
        }

        return changed;
    }

    private bool Update(Domain.Account account, Binding binding, BindingLine line)
    {
        var proved = Later(binding.ProvedAt, line.ProvedAt);
        var used = Later(binding.LastUsedAt, line.LastUsedAt);
        var isNewer = proved != binding.ProvedAt || used != binding.LastUsedAt;
        if (isNewer)
        {
            binding.KnownHistory(proved, used);
        }

        return Describe(account, binding, line) || isNewer;
    }

    private bool Describe(Domain.Account account, Binding binding, BindingLine line)
    {
        var cipher = change.CipherFor(account);
        var identity = cipher.Open(binding);
        var told = identity with
        {
            DisplayName = line.DisplayName.Length > 0 ? line.DisplayName : identity.DisplayName,
            Scopes = line.Scopes.Count > 0 ? line.Scopes : identity.Scopes,
        };
        if (told.DisplayName == identity.DisplayName && told.Scopes.SequenceEqual(identity.Scopes))
        {
            return false;
        }

        binding.Describe(cipher.Seal(binding.Id, told));
        return true;
    }

    private bool IsReachable(Guid accountId)
    {
        var live = known.BindingsOf(accountId).Where(b => b.IsLive).ToArray();
        var hasPassword = known.User(accountId).PasswordHash is not null;
        return new AccountState(accountId, AccountStatus.Active, hasPassword, live, [], new HashSet<Guid>(), enabledPlatforms)
                .WaysIn([])
                .Count > 0;
    }

    private void Count(Domain.Account account, bool isNew, bool changed)
    {
        if (isNew || changed)
        {
            change.Record(new AccountImported(account.Id, known.BindingsOf(account.Id).Count(b => b.IsLive)));
        }

        _summary.AccountsNew += isNew ? 1 : 0;
        _summary.AccountsUpdated += !isNew && changed ? 1 : 0;
        _summary.AccountsUnchanged += !isNew && !changed ? 1 : 0;
    }

    private static BindingIdentity IdentityOf(BindingLine line) =>
        new(line.Name.Subject, line.DisplayName.Length > 0 ? line.DisplayName : null, line.Scopes);

    private static string Masked(BindingName name) => new BindingIdentity(name.Subject, null, []).Masked(name.Kind);

    private static DateTimeOffset? Later(DateTimeOffset? known, DateTimeOffset? told) => known is null || told > known ? told : known;
}
