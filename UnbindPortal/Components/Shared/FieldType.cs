namespace UnbindPortal.Components.Shared;

/// <summary>What a <see cref="PortalField"/> takes.</summary>
public enum FieldType
{
    /// <summary>Any one line.</summary>
    Text,

    /// <summary>A password, not shown.</summary>
    Password,

    /// <summary>A phone number.</summary>
    Phone,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>Words to look for.</summary>
    Search,
}
