using UnbindPortal.Domain;

namespace UnbindPortal.Data.Protection;

/// <summary>How identities are named for the keyed lookup: equal identities, and only they, have equal names.</summary>
public static class IdentityLookup
{
    /// <summary>The purpose that keeps kinds (and, for platforms and apps, issuers) apart.</summary>
    public static string PurposeOf(BindingKind kind, string issuer = "") => issuer.Length == 0 ? $"identity/{kind}" : $"identity/{kind}/{issuer}";

    /// <summary>The lookup of an identity.</summary>
    public static byte[] Of(KeyRing keys, BindingKind kind, string subject) => keys.Lookup(PurposeOf(kind), subject);
}
