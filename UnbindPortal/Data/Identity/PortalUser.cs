using Microsoft.AspNetCore.Identity;

namespace UnbindPortal.Data.Identity;

/// <summary>
/// What ASP.NET Core Identity keeps of an account, under the account's own id: user name, password hash, stamp and roles. E-mail and phone
/// stay null here (bindings are the only truth), and Identity's own lock-out is off.
/// </summary>
public sealed class PortalUser : IdentityUser<Guid>;

/// <summary>A staff role.</summary>
public sealed class PortalRole : IdentityRole<Guid>
{
    /// <summary>Helps people at the desk.</summary>
    public const string Support = "Support";

    /// <summary>Second reviewer.</summary>
    public const string Lead = "Lead";

    /// <summary>Reads the record.</summary>
    public const string Auditor = "Auditor";
}
