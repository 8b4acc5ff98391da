using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Support.Services;

/// <summary>A binding of a test's account, with its identity in clear.</summary>
public sealed record TestBinding(Guid Id, BindingKind Kind, string Subject)
{
    /// <summary>The proof that goes through it.</summary>
    public Factor Factor => new(Kind is BindingKind.Email ? ProofMethod.EmailCode : ProofMethod.SmsCode, Id);
}

/// <summary>An account made for a test.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UserName">Its user name.</param>
/// <param name="Bindings">Its bindings, in the order they were asked for.</param>
public sealed record TestAccount(Guid Id, string UserName, IReadOnlyList<TestBinding> Bindings)
{
    /// <summary>The password of every account that has one.</summary>
    public const string Password = "copper-window-51-rain";

    /// <summary>The only, or first, binding of a kind.</summary>
    public TestBinding this[BindingKind kind] => Bindings.First(binding => binding.Kind == kind);
}

/// <summary>Makes accounts and sessions the quick way: as many as wanted in one change.</summary>
public static class TestAccounts
{
    private static int identities;

    /// <summary>Where test sessions come from unless a test says otherwise.</summary>
    public static RequestOrigin Origin { get; } = new("192.0.2.1", "Test browser");

    /// <summary>One account with a binding for each kind. An app leans on the first phone.</summary>
    public static async Task<TestAccount> AddAccountAsync(this PortalServices portal, bool password, params BindingKind[] kinds) =>
        (await portal.AddAccountsAsync(1, password, kinds))[0];

    /// <summary>Many alike.</summary>
    public static async Task<IReadOnlyList<TestAccount>> AddAccountsAsync(
        this PortalServices portal,
        int count,
        bool password,
        params BindingKind[] kinds
    )
    {
        var hash = password ? portal.Get<IPasswordHasher<PortalUser>>().HashPassword(new PortalUser(), TestAccount.Password) : null;
        var accounts = new List<TestAccount>(count);
        await portal.ChangeAsync(change =>
        {
            for (var i = 0; i < count; i++)
            {
                accounts.Add(Add(change, portal.Get<KeyRing>(), hash, kinds));
            }

            return Task.CompletedTask;
        });
        return accounts;
    }

    /// <summary>One more binding.</summary>
    public static async Task<TestBinding> AddBindingAsync(
        this PortalServices portal,
        TestAccount account,
        BindingKind kind,
        string? subject = null,
        bool proved = true
    )
    {
        ArgumentNullException.ThrowIfNull(account);
        TestBinding? added = null;
        await portal.ChangeAsync(async change =>
        {
            var owner = (await change.AccountAsync(account.Id))!;
            added = AddBinding(change, portal.Get<KeyRing>(), owner, change.CipherFor(owner), kind, subject ?? NewSubject(kind), proved);
        });
        return added!;
    }

    /// <summary>Opens a session, by the password or by a binding.</summary>
    public static async Task<Actor> SignInAsync(
        this PortalServices portal,
        TestAccount account,
        TestBinding? by = null,
        RequestOrigin? origin = null
    ) => (await portal.SignInAsync([account], _ => by, origin))[0];

    /// <summary>Opens one session for each account.</summary>
    public static async Task<IReadOnlyList<Actor>> SignInAsync(
        this PortalServices portal,
        IReadOnlyList<TestAccount> accounts,
        Func<TestAccount, TestBinding?>? by = null,
        RequestOrigin? origin = null
    )
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var actors = new List<Actor>(accounts.Count);
        await portal.ChangeAsync(async change =>
        {
            var ids = accounts.Select(account => account.Id).ToHashSet();
            var owners = await change.Db.Accounts.Where(owner => ids.Contains(owner.Id)).ToDictionaryAsync(owner => owner.Id);
            foreach (var account in accounts)
            {
                var binding = by?.Invoke(account);
                var method = binding is null ? SignInMethod.Password : SignInMethod.SmsCode;
                var ticket = portal.Sessions.Open(change, owners[account.Id], method, binding?.Id, origin ?? Origin);
                actors.Add(new Actor(account.Id, ticket.SessionId));
            }
        });
        return actors;
    }

    private static TestAccount Add(Change change, KeyRing keys, string? hash, BindingKind[] kinds)
    {
        var id = Guid.CreateVersion7(change.Now);
        var name = $"person{Interlocked.Increment(ref identities)}";
        var (cipher, wrapped) = AccountCipher.New(keys, id);
        var registered = change.Now.AddYears(-1);
        var owner = new Account(id, name, wrapped, cipher.Seal(new AccountProfile(name, [])), registered, AccountStatus.Active);
        change.Db.Accounts.Add(owner);
        change.Db.Users.Add(
            new PortalUser
            {
                Id = id,
                UserName = name,
                NormalizedUserName = name.ToUpperInvariant(),
                PasswordHash = hash,
                SecurityStamp = id.ToString("N"),
            }
        );
        var bindings = kinds.Select(kind => AddBinding(change, keys, owner, cipher, kind, NewSubject(kind), proved: true)).ToList();
        foreach (var app in bindings.Where(binding => binding.Kind is BindingKind.App))
        {
            if (bindings.FirstOrDefault(binding => binding.Kind is BindingKind.Phone) is { } phone)
            {
                change.Db.AppDependencies.Add(new AppDependency(id, app.Id, phone.Id));
            }
        }

        return new TestAccount(id, name, bindings);
    }

    private static TestBinding AddBinding(
        Change change,
        KeyRing keys,
        Account owner,
        AccountCipher cipher,
        BindingKind kind,
        string subject,
        bool proved
    )
    {
        var id = Guid.CreateVersion7(change.Now);
        var lookup = IdentityLookup.Of(keys, kind, subject, owner.Id);
        var identity = new BindingIdentity(subject, kind is BindingKind.App ? $"App {subject}" : null, []);
        var binding = new Binding(id, owner.Id, kind, lookup, cipher.Seal(id, identity), owner.RegisteredAt);
        binding.KnownHistory(proved ? owner.RegisteredAt : null, null);
        change.Db.Bindings.Add(binding);
        change.Db.LiveIdentities.Add(
            new LiveIdentity
            {
                Lookup = lookup,
                AccountId = owner.Id,
                BindingId = id,
            }
        );
        return new TestBinding(id, kind, subject);
    }

    private static string NewSubject(BindingKind kind)
    {
        var number = Interlocked.Increment(ref identities);
        return kind switch
        {
            BindingKind.Phone => string.Create(CultureInfo.InvariantCulture, $"+86139{number:D8}"),
            BindingKind.Email => string.Create(CultureInfo.InvariantCulture, $"reader{number}@example.cn"),
            _ => string.Create(CultureInfo.InvariantCulture, $"subject-{number:D8}"),
        };
    }
}
