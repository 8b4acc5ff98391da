namespace UnbindPortal.Domain;

/// <summary>The section of the security centre a kind is listed under.</summary>
public enum BindingGroup
{
    /// <summary>Phones and e-mail addresses.</summary>
    Contact,

    /// <summary>What only signs in.</summary>
    SignIn,

    /// <summary>Authorised third-party apps.</summary>
    Apps,
}

/// <summary>Everything the portal says about one kind of binding, apart from its texts (`BindingTexts`, keyed by the kind's name).</summary>
/// <param name="Kind">The kind described.</param>
/// <param name="Mark">Name of the mark drawn beside it.</param>
/// <param name="Group">Where the security centre lists it.</param>
/// <param name="Capabilities">What a usable binding of this kind is good for.</param>
/// <param name="IsPlatform">Signs in through another company's platform, which the operator switches on or off.</param>
public sealed record BindingKindInfo(BindingKind Kind, string Mark, BindingGroup Group, Capabilities Capabilities, bool IsPlatform = false);

/// <summary>The one place that describes every kind of binding.</summary>
public static class BindingCatalogue
{
    private static readonly Dictionary<BindingKind, BindingKindInfo> Infos = new BindingKindInfo[]
    {
        new(BindingKind.Phone, "phone", BindingGroup.Contact, Capabilities.SignIn | Capabilities.Recovery | Capabilities.Notice),
        new(BindingKind.Email, "mail", BindingGroup.Contact, Capabilities.Recovery | Capabilities.Notice),
        new(BindingKind.WeChat, "wx", BindingGroup.SignIn, Capabilities.SignIn, IsPlatform: true),
        new(BindingKind.QQ, "qq", BindingGroup.SignIn, Capabilities.SignIn, IsPlatform: true),
        new(BindingKind.Alipay, "ali", BindingGroup.SignIn, Capabilities.SignIn, IsPlatform: true),
        new(BindingKind.App, "app", BindingGroup.Apps, Capabilities.None),
        new(BindingKind.Passkey, "key", BindingGroup.SignIn, Capabilities.SignIn),
        new(BindingKind.Authenticator, "key", BindingGroup.SignIn, Capabilities.None),
        new(BindingKind.Device, "device", BindingGroup.SignIn, Capabilities.None),
    }.ToDictionary(info => info.Kind);

    /// <summary>Every kind, in the order people read them.</summary>
    public static IReadOnlyCollection<BindingKindInfo> All => Infos.Values;

    /// <summary>The description of <paramref name="kind"/>.</summary>
    public static BindingKindInfo For(BindingKind kind) => Infos[kind];
}
