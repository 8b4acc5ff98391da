using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;

namespace UnbindPortal.Support.Http;

/// <summary>Somebody with an account of their own: a phone, an e-mail address, three platforms and an app.</summary>
public sealed record Person(Guid Id, string UserName, string Phone, string Email, IReadOnlyDictionary<BindingKind, Guid> Bindings)
{
    public const string Password = "copper-window-51-rain";

    private static int _people;

    /// <summary>Makes one in the running portal.</summary>
    /// <param name="portal">The portal.</param>
    /// <param name="status">How the account stands.</param>
    /// <param name="hash">The hash of the password; null for one as the portal makes them, empty for no password.</param>
    public static async Task<Person> InAsync(PortalServer portal, AccountStatus status = AccountStatus.Active, string? hash = null)
    {
        ArgumentNullException.ThrowIfNull(portal);
        hash ??= portal.Get<IPasswordHasher<PortalUser>>().HashPassword(new PortalUser(), Password);
        var number = Interlocked.Increment(ref _people);
        var phone = string.Create(CultureInfo.InvariantCulture, $"+86137{number:D8}");
        var email = string.Create(CultureInfo.InvariantCulture, $"someone{number}@example.cn");
        var person = new Person(Guid.NewGuid(), $"someone{number}", phone, email, NewIds());
        await portal.ChangeAsync(change =>
        {
            person.Add(change, portal.Get<KeyRing>(), hash, status);
            return Task.CompletedTask;
        });
        return person;
    }

    /// <summary>Who acts in the newest session.</summary>
    public async Task<Actor> ActorAsync(PortalServer portal)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var session = await portal.ReadAsync(db =>
            db.Sessions.Where(s => s.AccountId == Id && s.EndedAt == null).OrderByDescending(s => s.StartedAt).FirstAsync()
        );
        return new Actor(Id, session.Id);
    }

    /// <summary>Starts to unbind in the newest session.</summary>
    public async Task<Guid> PlanAsync(PortalServer portal, params BindingKind[] kinds)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var actor = await ActorAsync(portal);
        var started = await portal.Get<IUnbindService>().StartAsync(actor, [.. kinds.Select(kind => Bindings[kind])]);
        return Assert.IsType<StartOutcome.Started>(started).RequestId;
    }

    /// <summary>Starts to unbind in the newest session and proves it with the password; Confirm waits.</summary>
    public async Task<Guid> ProveAsync(PortalServer portal, params BindingKind[] kinds)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var request = await PlanAsync(portal, kinds);
        var answer = new ProofAnswer.Password(new SecretText(Password));
        var factor = new Factor(ProofMethod.Password);
        var actor = await ActorAsync(portal);
        Assert.Equal(ProveOutcome.Verified, await portal.Get<IUnbindProofs>().ProveAsync(actor, request, factor, answer));
        return request;
    }

    private static Dictionary<BindingKind, Guid> NewIds() =>
        new[]
        {
            BindingKind.Phone,
            BindingKind.Email,
            BindingKind.WeChat,
            BindingKind.QQ,
            BindingKind.Alipay,
            BindingKind.App,
        }.ToDictionary(kind => kind, _ => Guid.NewGuid());

    private void Add(Change change, KeyRing keys, string hash, AccountStatus status)
    {
        var (cipher, wrapped) = AccountCipher.New(keys, Id);
        var since = change.Now.AddYears(-1);
        change.Db.Accounts.Add(new Account(Id, UserName, wrapped, cipher.Seal(new AccountProfile(UserName, [])), since, status));
        change.Db.Users.Add(
            new PortalUser
            {
                Id = Id,
                UserName = UserName,
                NormalizedUserName = UserName.ToUpperInvariant(),
                PasswordHash = hash.Length > 0 ? hash : null,
                SecurityStamp = Id.ToString("N"),
            }
        );
        foreach (var (kind, id) in Bindings)
        {
            var subject = kind switch
            {
                BindingKind.Phone => Phone,
                BindingKind.Email => Email,
                _ => $"{UserName}-{kind}",
            };
            var lookup = IdentityLookup.Of(keys, kind, subject, Id);
            var shown = kind is BindingKind.Phone or BindingKind.Email ? null : $"{kind} of {UserName}";
            var binding = new Binding(id, Id, kind, lookup, cipher.Seal(id, new BindingIdentity(subject, shown, [])), since);
            binding.KnownHistory(since, null);
            change.Db.Bindings.Add(binding);
            change.Db.LiveIdentities.Add(
                new LiveIdentity
                {
                    Lookup = lookup,
                    AccountId = Id,
                    BindingId = id,
                }
            );
        }
    }
}
