namespace UnbindPortal.Features.Integration.Import;

/// <summary>Why a line was not taken over.</summary>
internal enum RefusalReason
{
    /// <summary>More or fewer values than the header has names, or quotation marks that do not fit.</summary>
    NotWhole,

    /// <summary>A value that must be there is empty.</summary>
    Missing,

    /// <summary>Longer than the column takes.</summary>
    TooLong,

    /// <summary>More entries than the column takes.</summary>
    TooMany,

    /// <summary>Holds control characters or characters that turn the direction of text.</summary>
    Unprintable,

    /// <summary>Not a phone number.</summary>
    NotAPhone,

    /// <summary>Not an e-mail address.</summary>
    NotAnEmail,

    /// <summary>Not an ISO 8601 time.</summary>
    NotATime,

    /// <summary>Later than now.</summary>
    InTheFuture,

    /// <summary>Not a password hash of Identity's forms.</summary>
    NotAPasswordHash,

    /// <summary>Not a kind that can be imported.</summary>
    UnknownKind,

    /// <summary>Only a platform identity has an issuer, and its name holds no separator.</summary>
    BadIssuer,

    /// <summary>Only an app has these.</summary>
    OnlyForApps,

    /// <summary>The same external id stands further up.</summary>
    DuplicateAccount,

    /// <summary>The same identity stands further up.</summary>
    DuplicateIdentity,

    /// <summary>No line of the accounts file has this external id.</summary>
    UnknownAccount,

    /// <summary>The account's own line was refused.</summary>
    AccountRefused,

    /// <summary>One account has more bindings than the portal takes.</summary>
    TooManyBindings,

    /// <summary>Another account has this user name.</summary>
    UserNameTaken,

    /// <summary>The identity belongs to another account (rule 6).</summary>
    BelongsToAnother,

    /// <summary>What an app is said to depend on is not bound to its account.</summary>
    UnknownDependency,
}

/// <summary>A line that was not taken over.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, counted from 1, the header included.</param>
/// <param name="Column">The column it failed at; empty when it is about the line.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The masked identity, a limit, or the other line; never a value in full.</param>
internal sealed record Refusal(string File, int Line, string Column, RefusalReason Reason, string? Detail = null)
{
    /// <summary>The reason in words.</summary>
    public string Words =>
        Reason switch
        {
            RefusalReason.NotWhole => "the line does not have exactly one value for each column, or its quotation marks do not fit",
            RefusalReason.Missing => "empty",
            RefusalReason.TooLong => $"longer than {Detail} characters",
            RefusalReason.TooMany => $"more than {Detail} entries",
            RefusalReason.Unprintable => "holds control characters, or characters that change the direction of text",
            RefusalReason.NotAPhone => "not a phone number: eleven digits, or + and the country code",
            RefusalReason.NotAnEmail => "not an e-mail address",
            RefusalReason.NotATime => "not an ISO 8601 time such as 2024-05-14T09:12:00+08:00",
            RefusalReason.InTheFuture => "lies in the future",
            RefusalReason.NotAPasswordHash => "neither empty nor a password hash of ASP.NET Core Identity (version 2 or 3)",
            RefusalReason.UnknownKind => $"not one of {string.Join(", ", BindingLine.Kinds)}",
            RefusalReason.BadIssuer => "only WeChat, QQ and Alipay have an issuer, and it holds no ':' and no '|'",
            RefusalReason.OnlyForApps => "only an app has this",
            RefusalReason.DuplicateAccount => "this external id stands further up; the first line counts",
            RefusalReason.DuplicateIdentity => $"this identity stands in {Detail} already; the first line counts",
            RefusalReason.UnknownAccount => "no line of the accounts file has this external id",
            RefusalReason.AccountRefused => "account refused",
            RefusalReason.TooManyBindings => $"the account has more than {Detail} bindings",
            RefusalReason.UserNameTaken => "another account has this user name",
            RefusalReason.BelongsToAnother => $"{Detail} belongs to another account",
            RefusalReason.UnknownDependency => $"entry {Detail} is not bound to this account",
        };

    /// <inheritdoc />
    public override string ToString() => Column.Length > 0 ? $"{File}:{Line}: {Column}: {Words}" : $"{File}:{Line}: {Words}";
}
