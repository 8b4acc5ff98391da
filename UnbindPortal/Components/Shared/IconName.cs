namespace UnbindPortal.Components.Shared;

/// <summary>The line icons there are. Each is drawn in <see cref="Icon"/>.</summary>
public enum IconName
{
    /// <summary>A shield with a tick: safe.</summary>
    Shield,

    /// <summary>Leads onward.</summary>
    Chevron,

    /// <summary>Done, stays.</summary>
    Check,

    /// <summary>Goes away.</summary>
    Cross,

    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Mind this.</summary>
    Warning,

    /// <summary>When.</summary>
    Clock,

    /// <summary>Connected to something.</summary>
    Link,

    /// <summary>A passkey.</summary>
    Key,

    /// <summary>A phone.</summary>
    Phone,

    /// <summary>An e-mail address.</summary>
    Mail,

    /// <summary>A computer or other device.</summary>
    Device,

    /// <summary>A password.</summary>
    Lock,

    /// <summary>A person.</summary>
    Person,

    /// <summary>Again.</summary>
    Refresh,

    /// <summary>Leave the session.</summary>
    SignOut,

    /// <summary>A question.</summary>
    Help,

    /// <summary>Look for something.</summary>
    Search,

    /// <summary>Nothing here.</summary>
    Inbox,
}
