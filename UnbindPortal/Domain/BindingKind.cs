namespace UnbindPortal.Domain;

/// <summary>What a binding is. The values are stored: never renumber them.</summary>
public enum BindingKind
{
    /// <summary>A mobile number in E.164 form.</summary>
    Phone = 1,

    /// <summary>An e-mail address.</summary>
    Email = 2,

    /// <summary>A WeChat identity (openid, and unionid where the platform gives one).</summary>
    WeChat = 3,

    /// <summary>A QQ Connect identity.</summary>
    QQ = 4,

    /// <summary>An Alipay identity.</summary>
    Alipay = 5,

    /// <summary>A third-party app the person authorised.</summary>
    App = 6,

    /// <summary>A WebAuthn passkey.</summary>
    Passkey = 7,

    /// <summary>A TOTP authenticator (RFC 6238).</summary>
    Authenticator = 8,

    /// <summary>A remembered device with its sessions.</summary>
    Device = 9,
}

/// <summary>What a binding is good for while it is usable.</summary>
[Flags]
public enum Capabilities
{
    /// <summary>Good for nothing the portal counts (an authorised app).</summary>
    None = 0,

    /// <summary>A way in.</summary>
    SignIn = 1,

    /// <summary>Helps to get the account back.</summary>
    Recovery = 2,

    /// <summary>Receives notices about the account.</summary>
    Notice = 4,
}
