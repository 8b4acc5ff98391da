using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>Takes over some accounts within one change. What is refused is found before anything is written, so one line never takes others with it.</summary>
internal sealed class ImportBatch(
    Change change,
    KeyRing keys,
    ILookupNormalizer normalizer,
    IReadOnlySet<BindingKind> enabledPlatforms,
    string accountsFile,
    string bindingsFile
)
{
    private readonly ImportSummary _summary = new();
    private readonly List<Refusal> _refusals = [];
    private readonly Dictionary<string, Guid> _owners = []; // live identity, in hex → account
    private readonly Dictionary<string, Guid> _userNames = []; // normalized
    private Dictionary<string, Domain.Account> _accounts = []; // by external id
    private Dictionary<Guid, PortalUser> _users = [];
    private Dictionary<Guid, List<Binding>> _bindings = [];
    private ILookup<Guid, AppDependency> _dependencies = Enumerable.Empty<AppDependency>().ToLookup(d => d.AppBindingId);

    public async Task<(ImportSummary, List<Refusal>)> ApplyAsync(IReadOnlyList<ImportAccount> batch, CancellationToken cancel)
    {
        await LoadAsync(batch, cancel);
        foreach (var account in batch)
        {
            Apply(account);
        }

        return (_summary, _refusals);
    }

    private async Task LoadAsync(IReadOnlyList<ImportAccount> batch, CancellationToken cancel)
    {
        var db = change.Db;
        string[] externalIds = [.. batch.Select(a => a.Line.ExternalId)];
        _accounts = await db.Accounts.Where(a => externalIds.Contains(a.ExternalId)).ToDictionaryAsync(a => a.ExternalId!, cancel);
        Guid[] ids = [.. _accounts.Values.Select(a => a.Id)];
        _users = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, cancel);
        _bindings = (await db.Bindings.Where(b => ids.Contains(b.AccountId)).ToListAsync(cancel))
            .GroupBy(b => b.AccountId)
            .ToDictionary(group => group.Key, group => group.ToList());
        _dependencies = (await db.AppDependencies.Where(d => ids.Contains(d.AccountId)).ToListAsync(cancel)).ToLookup(d => d.AppBindingId);

        string[] names = [.. batch.Select(a => NormalName(a.Line))];
        foreach (
            var user in await db
                .Users.Where(u => names.Contains(u.NormalizedUserName))
                .Select(u => new { u.Id, u.NormalizedUserName })
                .ToListAsync(cancel)
        )
        {
            _userNames[user.NormalizedUserName!] = user.Id;
        }

        byte[][] lookups =
        [
            .. batch.SelectMany(a =>
                IdentitiesOf(a).Where(n => n.Kind is not BindingKind.App).Select(n => IdentityLookup.Of(keys, n.Kind, n.Subject))
            ),
        ];
        foreach (var identity in await db.LiveIdentities.AsNoTracking().Where(i => lookups.Contains(i.Lookup)).ToListAsync(cancel))
        {
            _owners[Convert.ToHexString(identity.Lookup)] = identity.AccountId;
        }
    }

    private void Apply(ImportAccount import)
    {
        var line = import.Line;
        var existing = _accounts.GetValueOrDefault(line.ExternalId);
        var id = existing?.Id ?? Guid.CreateVersion7(change.Now);
        if (RefusalOf(line, existing?.Id) is { } refusal)
        {
            _refusals.Add(refusal);
            _refusals.AddRange(import.Bindings.Select(b => new Refusal(bindingsFile, b.Line, "account", RefusalReason.AccountRefused)));
            return;
        }

        var cipher = existing is null ? null : change.CipherFor(existing);
        var account = existing ?? Create(id, line, out cipher);
        var changed = existing is null || Update(account, line, cipher!);
        changed |= AddBindings(account, import, cipher!);
        account.ActivateIfReachable(IsReachable(account.Id));
        Count(account, existing is null, changed);
    }

    private Refusal? RefusalOf(AccountLine line, Guid? existing)
    {
        if (_userNames.TryGetValue(NormalName(line), out var named) && named != existing)
        {
            return new Refusal(accountsFile, line.Line, "user_name", RefusalReason.UserNameTaken);
        }

        foreach (var (name, column) in line.OwnIdentities)
        {
            if (OwnerOf(name) is { } owner && owner != existing)
            {
                var masked = new BindingIdentity(name.Subject, null, []).Masked(name.Kind);
                return new Refusal(accountsFile, line.Line, column, RefusalReason.BelongsToAnother, masked);
            }
        }

        return null;
    }

    private Domain.Account Create(Guid id, AccountLine line, out AccountCipher cipher)
    {
        (cipher, var wrapped) = AccountCipher.New(keys, id);
        var profile = cipher.Seal(new AccountProfile(NameToShow(line), line.UsualPlaces));
        var account = new Domain.Account(id, line.ExternalId, wrapped, profile, line.RegisteredAt ?? change.Now, AccountStatus.Inactive);
        account.KnownSignIn(line.LastSignInAt);
        var user = new PortalUser
        {
            Id = id,
            UserName = line.UserName,
            NormalizedUserName = NormalName(line),
            PasswordHash = line.PasswordHash,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        change.Db.Accounts.Add(account);
        change.Db.Users.Add(user);
        _users[id] = user;
        _userNames[user.NormalizedUserName] = id;
        _accounts[line.ExternalId] = account;
        return account;
    }

    // A newer export knows more; what the owner did in the portal stays.
    private bool Update(Domain.Account account, AccountLine line, AccountCipher cipher)
    {
        var changed = false;
        var profile = cipher.OpenProfile(account.SealedProfile);
        if (profile.DisplayName != NameToShow(line) || !profile.UsualPlaces.SequenceEqual(line.UsualPlaces))
        {
            account.UpdateProfile(cipher.Seal(new AccountProfile(NameToShow(line), line.UsualPlaces)));
            changed = true;
        }

        if (line.LastSignInAt > (account.LastSignInAt ?? DateTimeOffset.MinValue))
        {
            account.KnownSignIn(line.LastSignInAt);
            changed = true;
        }

        if (_users[account.Id] is { PasswordHash: null } user && line.PasswordHash is not null)
        {
            user.PasswordHash = line.PasswordHash;
            changed = true;
        }

        return changed;
    }

    private bool AddBindings(Domain.Account account, ImportAccount import, AccountCipher cipher)
    {
        var mine = BindingsOf(account.Id);
        var changed = false;
        foreach (var own in import.Line.OwnIdentities.Where(own => import.Bindings.All(b => b.Name != own.Name)))
        {
            // The operator's own column: verified when the person registered.
            var at = import.Line.RegisteredAt ?? change.Now;
            changed |= Put(new BindingLine(import.Line.Line, "", own.Name, "", at, at, null, [], []), mine, account, cipher);
        }

        foreach (var line in import.Bindings)
        {
            if (line.Name.Kind is not BindingKind.App && OwnerOf(line.Name) is { } owner && owner != account.Id)
            {
                var masked = new BindingIdentity(line.Name.Subject, null, []).Masked(line.Name.Kind);
                _refusals.Add(new Refusal(bindingsFile, line.Line, "subject", RefusalReason.BelongsToAnother, masked));
                continue;
            }

            changed |= Put(line, mine, account, cipher);
        }

        foreach (var line in import.Bindings.Where(b => b.DependsOn.Count > 0))
        {
            changed |= AddDependencies(line, mine, account);
        }

        return changed;
    }

    private bool Put(BindingLine line, List<Binding> mine, Domain.Account account, AccountCipher cipher)
    {
        var lookup = LookupOf(line.Name, account.Id);
        var same = mine.Where(b => b.Lookup.AsSpan().SequenceEqual(lookup)).ToArray();
        if (same.FirstOrDefault(b => b.IsLive) is { } live)
        {
            _summary.BindingsKept++;
            return TakeNewer(live, line);
        }

        if (same.Length > 0)
        {
            _summary.BindingsKeptRemoved++;
            return false;
        }

        var id = Guid.CreateVersion7(change.Now);
        var identity = new BindingIdentity(line.Name.Subject, line.DisplayName.Length > 0 ? line.DisplayName : null, line.Scopes);
        var binding = new Binding(id, account.Id, line.Name.Kind, lookup, cipher.Seal(id, identity), line.BoundAt ?? account.RegisteredAt);
        binding.KnownHistory(line.ProvedAt, line.LastUsedAt);
        change.Db.Bindings.Add(binding);
        change.Db.LiveIdentities.Add(
            new LiveIdentity
            {
                Lookup = lookup,
                AccountId = account.Id,
                BindingId = id,
            }
        );
        _owners[Convert.ToHexString(lookup)] = account.Id;
        mine.Add(binding);
        _summary.BindingsNew++;
        return true;
    }

    private static bool TakeNewer(Binding live, BindingLine line)
    {
        var proved = Later(live.ProvedAt, line.ProvedAt);
        var used = Later(live.LastUsedAt, line.LastUsedAt);
        if (proved == live.ProvedAt && used == live.LastUsedAt)
        {
            return false;
        }

        live.KnownHistory(proved, used);
        return true;
    }

    private bool AddDependencies(BindingLine line, List<Binding> mine, Domain.Account account)
    {
        var changed = false;
        if (Live(line.Name) is not { } app)
        {
            return false; // refused, or its owner removed it
        }

        foreach (var (name, entry) in line.DependsOn.Select((name, at) => (name, at + 1)))
        {
            if (Live(name) is not { } on)
            {
                var removed = mine.Any(b => b.Lookup.AsSpan().SequenceEqual(LookupOf(name, account.Id)));
                if (!removed)
                {
                    _refusals.Add(new Refusal(bindingsFile, line.Line, "depends_on", RefusalReason.UnknownDependency, $"{entry}"));
                }
            }
            else if (_dependencies[app.Id].All(d => d.OnBindingId != on.Id))
            {
                change.Db.AppDependencies.Add(new AppDependency(account.Id, app.Id, on.Id));
                changed = true;
            }
        }

        return changed;

        Binding? Live(BindingName name) =>
            mine.FirstOrDefault(b => b.IsLive && b.Lookup.AsSpan().SequenceEqual(LookupOf(name, account.Id)));
    }

    private bool IsReachable(Guid accountId)
    {
        var state = new AccountState(
            accountId,
            AccountStatus.Active,
            _users[accountId].PasswordHash is not null,
            BindingsOf(accountId),
            [],
            new HashSet<Guid>(),
            enabledPlatforms
        );
        return state.WaysIn([]).Count > 0;
    }

    private void Count(Domain.Account account, bool isNew, bool changed)
    {
        if (isNew || changed)
        {
            change.Record(new AccountImported(account.Id, BindingsOf(account.Id).Count(b => b.IsLive)));
        }

        _ = (isNew, changed) switch
        {
            (true, _) => _summary.AccountsNew++,
            (false, true) => _summary.AccountsUpdated++,
            (false, false) => _summary.AccountsUnchanged++,
        };
    }

    private List<Binding> BindingsOf(Guid accountId)
    {
        if (!_bindings.TryGetValue(accountId, out var bindings))
        {
            _bindings[accountId] = bindings = [];
        }

        return bindings;
    }

    private Guid? OwnerOf(BindingName name) =>
        _owners.TryGetValue(Convert.ToHexString(IdentityLookup.Of(keys, name.Kind, name.Subject)), out var owner) ? owner : null;

    private byte[] LookupOf(BindingName name, Guid accountId) => IdentityLookup.Of(keys, name.Kind, name.Subject, accountId);

    private string NormalName(AccountLine line) => normalizer.NormalizeName(line.UserName)!;

    private static string NameToShow(AccountLine line) => line.DisplayName.Length > 0 ? line.DisplayName : line.UserName;

    private static IEnumerable<BindingName> IdentitiesOf(ImportAccount account) =>
        account.Line.OwnIdentities.Select(own => own.Name).Concat(account.Bindings.Select(b => b.Name));

    private static DateTimeOffset? Later(DateTimeOffset? known, DateTimeOffset? told) =>
        known is null || told > known ? told ?? known : known;
}
