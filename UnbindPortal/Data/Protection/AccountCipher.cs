using System.Text.Json;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Protection;

/// <summary>Opens and seals what one account's data key protects. Made per use, never kept.</summary>
public sealed class AccountCipher
{
    private readonly byte[] _key;
    private readonly Guid _accountId;

    private AccountCipher(byte[] key, Guid accountId) => (_key, _accountId) = (key, accountId);

    /// <summary>For an account in storage.</summary>
    public static AccountCipher For(KeyRing ring, Guid accountId, byte[] wrappedDataKey) =>
        new(ring.Unwrap(accountId, wrappedDataKey), accountId);

    /// <summary>For an account about to be made.</summary>
    public static (AccountCipher Cipher, byte[] WrappedKey) New(KeyRing ring, Guid accountId)
    {
        var (key, wrapped) = ring.NewDataKey(accountId);
        return (new AccountCipher(key, accountId), wrapped);
    }

    /// <summary>Seals a binding's identity; the box opens only beside that binding's id.</summary>
    public byte[] Seal(Guid bindingId, BindingIdentity identity) => Seal(identity, bindingId);

    /// <summary>Opens a binding's identity.</summary>
    public BindingIdentity Open(Binding binding) => Open<BindingIdentity>(binding.SealedIdentity, binding.Id);

    /// <summary>Seals the account's profile.</summary>
    public byte[] Seal(AccountProfile profile) => Seal(profile, _accountId);

    /// <summary>Opens the account's profile.</summary>
    public AccountProfile OpenProfile(byte[] box) => Open<AccountProfile>(box, _accountId);

    /// <summary>Seals a message's payload; the box opens only beside that message's id.</summary>
    public byte[] Seal(Guid messageId, MessagePayload payload) => Seal(payload, messageId);

    /// <summary>Opens a message's payload.</summary>
    public MessagePayload OpenMessage(Guid messageId, byte[] box) => Open<MessagePayload>(box, messageId);

    /// <summary>Seals where a session was opened from.</summary>
    public byte[] SealOrigin(Guid sessionId, SessionOrigin origin) => Seal(origin, sessionId);

    private byte[] Seal<T>(T value, Guid place) => Sealing.Seal(_key, JsonSerializer.SerializeToUtf8Bytes(value), place.ToByteArray());

    private T Open<T>(byte[] box, Guid place) => JsonSerializer.Deserialize<T>(Sealing.Open(_key, box, place.ToByteArray()))!;
}

/// <summary>Where a session was opened from.</summary>
/// <param name="Address">The network address.</param>
/// <param name="Browser">The browser's words for itself, at most 200 characters.</param>
public sealed record SessionOrigin(string Address, string Browser)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SessionOrigin);
}
