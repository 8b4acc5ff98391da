using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>What the portal holds of everything a batch names, read in a handful of queries and kept up to date while the batch is applied.</summary>
internal sealed class ImportKnown(Change change, KeyRing keys, ILookupNormalizer normalizer)
{
    // SQLite takes some 32,000 parameters a statement; short statements are also translated once and used again.
    private const int LookupsPerQuery = 500;

    private readonly Dictionary<string, Guid> _owners = []; // live identity, in hex → account
    private readonly Dictionary<string, Guid> _userNames = []; // normalized → account
    private Dictionary<string, Domain.Account> _accounts = []; // by external id
    private Dictionary<Guid, PortalUser> _users = [];
    private Dictionary<Guid, List<Binding>> _bindings = []; // removed ones too
    private HashSet<(Guid App, Guid On)> _dependencies = [];

    /// <summary>Reads.</summary>
    public async Task LoadAsync(IReadOnlyList<ImportAccount> batch, CancellationToken cancel)
    {
        var db = change.Db;
        string[] externalIds = [.. batch.Select(a => a.Line.ExternalId)];
        _accounts = await db.Accounts.Where(a => externalIds.Contains(a.ExternalId)).ToDictionaryAsync(a => a.ExternalId!, cancel);
        Guid[] ids = [.. _accounts.Values.Select(a => a.Id)];
        _users = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, cancel);
        _bindings = (await db.Bindings.Where(b => ids.Contains(b.AccountId)).ToListAsync(cancel))
            .GroupBy(b => b.AccountId)
            .ToDictionary(group => group.Key, group => group.ToList());
        _dependencies = (await db.AppDependencies.AsNoTracking().Where(d => ids.Contains(d.AccountId)).ToListAsync(cancel))
            .Select(d => (d.AppBindingId, d.OnBindingId))
            .ToHashSet();

        string[] names = [.. batch.Select(a => NormalName(a.Line.UserName))];
        var named = db.Users.AsNoTracking().Where(u => names.Contains(u.NormalizedUserName));
        foreach (var user in await named.Select(u => new { u.Id, u.NormalizedUserName }).ToListAsync(cancel))
        {
            _userNames[user.NormalizedUserName!] = user.Id;
        }

        foreach (var lookups in batch.SelectMany(SharedLookups).Chunk(LookupsPerQuery))
        {
            var live = await db.LiveIdentities.AsNoTracking().Where(i => lookups.Contains(i.Lookup)).ToListAsync(cancel);
            live.ForEach(identity => _owners[Convert.ToHexString(identity.Lookup)] = identity.AccountId);
        }
    }

    /// <summary>The account of an external id.</summary>
    public Domain.Account? Account(string externalId) => _accounts.GetValueOrDefault(externalId);

    /// <summary>What Identity keeps of an account.</summary>
    public PortalUser User(Guid accountId) => _users[accountId];

    /// <summary>All an account has and had.</summary>
    public IReadOnlyList<Binding> BindingsOf(Guid accountId) => _bindings.GetValueOrDefault(accountId) ?? [];

    /// <summary>The binding of an identity: the live one, or else a removed one; null when the account never had it.</summary>
    public Binding? Find(Guid accountId, BindingName name)
    {
        var lookup = IdentityLookup.Of(keys, name.Kind, name.Subject, accountId);
        return BindingsOf(accountId).Where(b => b.Lookup.AsSpan().SequenceEqual(lookup)).OrderByDescending(b => b.IsLive).FirstOrDefault();
    }

    /// <summary>Whether a live identity is somebody else's (rule 6). Everybody may authorise the same app.</summary>
    public bool BelongsToAnother(BindingName name, Guid? accountId) =>
        name.Kind is not BindingKind.App
        && _owners.TryGetValue(Convert.ToHexString(IdentityLookup.Of(keys, name.Kind, name.Subject)), out var owner)
        && owner != accountId;

    /// <summary>Whether a user name is somebody else's.</summary>
    public bool IsNameOfAnother(string userName, Guid? accountId) =>
        _userNames.TryGetValue(NormalName(userName), out var owner) && owner != accountId;

    /// <summary>Makes an account.</summary>
    public void Add(Domain.Account account, string userName, string? passwordHash)
    {
        var user = new PortalUser
        {
            Id = account.Id,
            UserName = userName,
            NormalizedUserName = NormalName(userName),
            PasswordHash = passwordHash,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        change.Db.Accounts.Add(account);
        change.Db.Users.Add(user);
        _accounts[account.ExternalId!] = account;
        _users[account.Id] = user;
        _userNames[user.NormalizedUserName] = account.Id;
    }

    /// <summary>Ties an identity to an account.</summary>
    public Binding Add(Domain.Account account, BindingName name, BindingIdentity identity, DateTimeOffset boundAt)
    {
        var id = Guid.CreateVersion7(change.Now);
        var lookup = IdentityLookup.Of(keys, name.Kind, name.Subject, account.Id);
        var binding = new Binding(id, account.Id, name.Kind, lookup, change.CipherFor(account).Seal(id, identity), boundAt);
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
        if (!_bindings.TryGetValue(account.Id, out var bindings))
        {
            _bindings[account.Id] = bindings = [];
        }

        bindings.Add(binding);
        return binding;
    }

    /// <summary>Notes that an app leans on another binding; false when that is known.</summary>
    public bool AddDependency(Binding app, Binding on)
    {
        if (!_dependencies.Add((app.Id, on.Id)))
        {
            return false;
        }

        change.Db.AppDependencies.Add(new AppDependency(app.AccountId, app.Id, on.Id));
        return true;
    }

    private IEnumerable<byte[]> SharedLookups(ImportAccount account) =>
        account
            .Line.OwnIdentities.Select(own => own.Name)
            .Concat(account.Bindings.Select(b => b.Name))
            .Where(name => name.Kind is not BindingKind.App)
            .Select(name => IdentityLookup.Of(keys, name.Kind, name.Subject));

    private string NormalName(string userName) => normalizer.NormalizeName(userName)!;
}
