using UnbindPortal.Domain;

namespace UnbindPortal.Data.Protection;

/// <summary>How identities are named for the keyed lookup: equal identities, and only they, have equal names.</summary>
public static class IdentityLookup
{
    /// <summary>The lookup of an identity.</summary>
    /// <param name="keys">The key ring.</param>
    /// <param name="kind">Keeps kinds apart.</param>
    /// <param name="subject">Canonical number or address, or the platform's subject.</param>
    public static byte[] Of(KeyRing keys, BindingKind kind, string subject) => keys.Lookup($"identity/{kind}", subject);

    /// <summary>The lookup of a binding: an app's grant is one person's own, so everybody may authorise the same app.</summary>
    public static byte[] Of(KeyRing keys, BindingKind kind, string subject, Guid accountId) =>
        kind is BindingKind.App or BindingKind.Device ? keys.Lookup($"identity/{kind}/{accountId:N}", subject) : Of(keys, kind, subject);
}
