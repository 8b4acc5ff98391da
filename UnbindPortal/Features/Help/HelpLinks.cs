namespace UnbindPortal.Features.Help;

/// <summary>Where other pages link to. Ids are stable: an operator may reword a topic, never rename it.</summary>
public static class HelpLinks
{
    /// <summary>The help page.</summary>
    public const string Page = "/help";

    /// <summary>Choosing what to unbind.</summary>
    public const string Choose = Page + "#choose";

    /// <summary>Showing that it is really you.</summary>
    public const string Verify = Page + "#verify";

    /// <summary>Reading the plan before confirming.</summary>
    public const string Confirm = Page + "#confirm";

    /// <summary>When an unbinding takes effect later.</summary>
    public const string Waiting = Page + "#waiting";

    /// <summary>Telling a genuine code message from a fraud.</summary>
    public const string Codes = Page + "#codes";

    /// <summary>The code does not arrive.</summary>
    public const string NoCode = Page + "#no-code";

    /// <summary>The phone is gone.</summary>
    public const string PhoneLost = Page + "#phone-lost";

    /// <summary>Why the last way in stays.</summary>
    public const string LastWayIn = Page + "#last-way-in";

    /// <summary>What happens to third-party apps.</summary>
    public const string Apps = Page + "#apps";

    /// <summary>Signing in again afterwards.</summary>
    public const string ComingBack = Page + "#coming-back";

    /// <summary>Setting a password.</summary>
    public const string Password = Page + "#password";

    /// <summary>Unbinding a phone number.</summary>
    public const string Phone = Page + "#phone";

    /// <summary>Unbinding an e-mail address.</summary>
    public const string Email = Page + "#email";

    /// <summary>Unbinding WeChat.</summary>
    public const string WeChat = Page + "#wechat";

    /// <summary>Unbinding QQ.</summary>
    public const string QQ = Page + "#qq";

    /// <summary>Unbinding Alipay.</summary>
    public const string Alipay = Page + "#alipay";

    /// <summary>Taking back an app's authorisation.</summary>
    public const string App = Page + "#app";

    /// <summary>The address of a topic.</summary>
    public static string ForTopic(string id) => $"{Page}#{id}";
}
