namespace UnbindPortal.Domain;

/// <summary>What a message says. Values are stored; the words are resources of Trust/Notices.</summary>
public enum MessageTemplate
{
    /// <summary>A code to sign in with.</summary>
    SignInCode = 1,

    /// <summary>A code that proves an unbind plan.</summary>
    UnbindCode = 2,

    /// <summary>A code to choose a first password.</summary>
    SetPasswordCode = 3,

    /// <summary>Bindings were removed.</summary>
    Unbound = 11,

    /// <summary>A removal was confirmed and waits.</summary>
    UnbindWaits = 12,

    /// <summary>A waiting removal was cancelled.</summary>
    UnbindCancelled = 13,

    /// <summary>A waiting removal lapsed: the rules no longer allowed it.</summary>
    UnbindLapsed = 14,

    /// <summary>A first password was chosen.</summary>
    PasswordChosen = 15,
}

/// <summary>How a message leaves. Values are stored.</summary>
public enum MessageChannel
{
    /// <summary>By SMS.</summary>
    Sms = 1,

    /// <summary>By e-mail.</summary>
    Email = 2,
}

/// <summary>One thing named in a message, masked.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Masked">Its masked identity.</param>
public sealed record NamedBinding(BindingKind Kind, string Masked);

/// <summary>Everything needed to word and address one message. Encrypted in storage and emptied once sent or expired.</summary>
/// <param name="Template">What it says.</param>
/// <param name="Channel">How it leaves.</param>
/// <param name="To">The full number or address.</param>
/// <param name="Culture">The reader's language (`zh-CN` or `en`).</param>
/// <param name="Bindings">What it is about.</param>
/// <param name="Code">The code, where it carries one.</param>
/// <param name="At">When it happened, or when a wait ends.</param>
public sealed record MessagePayload(
    MessageTemplate Template,
    MessageChannel Channel,
    string To,
    string Culture,
    IReadOnlyList<NamedBinding> Bindings,
    string? Code,
    DateTimeOffset? At
)
{
    /// <inheritdoc />
    public override string ToString() => nameof(MessagePayload);
}

/// <summary>Storage could not take or give data. Nothing was half done; trying again later is safe.</summary>
/// <param name="trouble">What is wrong.</param>
/// <param name="inner">The storage engine's own error.</param>
public sealed class StorageUnavailableException(StorageTrouble trouble, Exception inner)
    : Exception($"Storage is unavailable: {trouble}", inner)
{
    /// <summary>What is wrong.</summary>
    public StorageTrouble Trouble { get; } = trouble;
}

/// <summary>What can be wrong with storage.</summary>
public enum StorageTrouble
{
    /// <summary>Locked by somebody else for longer than we wait.</summary>
    Busy,

    /// <summary>The disk, or the size set for the database, is full.</summary>
    Full,

    /// <summary>It may be read but not written.</summary>
    ReadOnly,

    /// <summary>The file is gone or cannot be opened.</summary>
    Missing,

    /// <summary>The file is damaged or no database of ours.</summary>
    Damaged,
}
