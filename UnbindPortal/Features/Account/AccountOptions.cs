using System.ComponentModel.DataAnnotations;

namespace UnbindPortal.Features.Account;

/// <summary>Signing in and passwords: the configuration section `Account`.</summary>
public sealed class AccountOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Account";

    /// <summary>Least length of a new password, 8 to 64 characters. 15 where a password alone signs in (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [Range(8, 64)]
    public int PasswordMinimum { get; set; } = 15;

    /// <summary>Shown on the sign-in page, in Development only.</summary>
    public string DemoPassword { get; set; } = "";
}
