using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Changes;

/// <summary>Which accounts a change locks.</summary>
public sealed record ChangeScope
{
    private ChangeScope(IReadOnlyList<Guid> accounts) => Accounts = accounts;

    /// <summary>No account: counters, sweeps, keys.</summary>
    public static ChangeScope None { get; } = new([]);

    /// <summary>The accounts, in the order they are locked.</summary>
    public IReadOnlyList<Guid> Accounts { get; }

    /// <summary>One account.</summary>
    public static ChangeScope Account(Guid id) => new([id]);

    /// <summary>Several accounts, always locked in id order so that two changes cannot wait for each other.</summary>
    public static ChangeScope Several(IEnumerable<Guid> ids) => new([.. ids.Distinct().Order()]);
}

/// <summary>An open change: everything done through <see cref="Db"/> commits together with the ledger entries and messages it caused, or not at all.</summary>
public sealed class Change
{
    private readonly KeyRing _keys;
    private readonly Dictionary<Guid, AccountCipher> _ciphers = [];
    private readonly List<PortalEvent> _recorded = [];
    private readonly List<Guid> _endedSessions = [];

    internal Change(PortalDbContext db, DateTimeOffset now, string culture, KeyRing keys)
    {
        Db = db;
        Now = now;
        Culture = culture;
        _keys = keys;
    }

    /// <summary>The context of this change.</summary>
    public PortalDbContext Db { get; }

    /// <summary>The time of this change, one for all it does.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The language of whoever causes it; messages to the person are worded in it.</summary>
    public string Culture { get; }

    /// <summary>The live session that acts; null for the portal itself.</summary>
    public Session? Session { get; internal set; }

    internal IReadOnlyList<PortalEvent> Recorded => _recorded;

    /// <summary>Sessions ended by this change; their circuits are told once it is committed.</summary>
    internal IReadOnlyList<Guid> EndedSessions => _endedSessions;

    internal bool WroteMessages { get; set; }

    /// <summary>Adds an event that no aggregate raises.</summary>
    public void Record(PortalEvent happened) => _recorded.Add(happened);

    /// <summary>Ends a session, with everything that must follow.</summary>
    public void End(Session session, SessionEnd reason)
    {
        session.End(reason, Now);
        _endedSessions.Add(session.Id);
    }

    /// <summary>Opens what <paramref name="account"/>'s key protects.</summary>
    public AccountCipher CipherFor(Account account)
    {
        if (!_ciphers.TryGetValue(account.Id, out var cipher))
        {
            _ciphers[account.Id] = cipher = AccountCipher.For(_keys, account.Id, account.WrappedDataKey);
        }

        return cipher;
    }

    /// <summary>Writes a message to be sent once this change is committed.</summary>
    public void Send(Account account, MessagePayload payload, TimeSpan life, bool atMostOnce)
    {
        var id = Guid.CreateVersion7(Now);
        Db.Outbox.Add(
            new OutboxMessage
            {
                Id = id,
                AccountId = account.Id,
                Template = payload.Template,
                Channel = payload.Channel,
                SealedPayload = CipherFor(account).Seal(id, payload),
                AtMostOnce = atMostOnce,
                CreatedAt = Now,
                AvailableAt = Now,
                ExpiresAt = Now + life,
            }
        );
        WroteMessages = true;
    }

    /// <summary>The account, or null.</summary>
    public Task<Account?> AccountAsync(Guid id, CancellationToken cancel = default) =>
        Db.Accounts.SingleOrDefaultAsync(a => a.Id == id, cancel);
}
