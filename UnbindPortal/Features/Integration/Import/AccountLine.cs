using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>A line of the accounts file, read and checked by itself.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="ExternalId">The operator's id of the account.</param>
/// <param name="UserName">What the person signs in with; made from the external id where the file gives none.</param>
/// <param name="DisplayName">What to call the person; may be empty.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Email">Canonical.</param>
/// <param name="PasswordHash">In Identity's form.</param>
/// <param name="RegisteredAt">When they registered.</param>
/// <param name="LastSignInAt">When they last signed in.</param>
/// <param name="UsualPlaces">Where they usually do.</param>
internal sealed record AccountLine(
    int Line,
    string ExternalId,
    string UserName,
    string DisplayName,
    string? Phone,
    string? Email,
    string? PasswordHash,
    DateTimeOffset? RegisteredAt,
    DateTimeOffset? LastSignInAt,
    IReadOnlyList<string> UsualPlaces
)
{
    /// <summary>Longest external id, in characters.</summary>
    public const int LongestId = 128;

    private const int LongestName = 128;
    private const int LongestUserName = 256;
    private const int MostPlaces = 20;

    /// <summary>The file's columns.</summary>
    public static CsvColumns Columns { get; } =
        new(
            ["external_id"],
            ["user_name", "display_name", "phone", "email", "password_hash", "registered_at", "last_sign_in_at", "usual_places"]
        );

    /// <summary>The identities that stand in the account's own columns.</summary>
    public IEnumerable<(BindingName Name, string Column)> OwnIdentities
    {
        get
        {
            if (Phone is not null)
            {
                yield return (new BindingName(BindingKind.Phone, Phone), "phone");
            }

            if (Email is not null)
            {
                yield return (new BindingName(BindingKind.Email, Email), "email");
            }
        }
    }

    /// <summary>Reads a line; what is wrong with it stays in <paramref name="fields"/>.</summary>
    public static AccountLine Read(CsvLine line, FieldRules fields)
    {
        var externalId = fields.Text("external_id", LongestId, required: true);
        var userName = fields.Text("user_name", LongestUserName);
        return new AccountLine(
            line.Number,
            externalId,
            userName.Length > 0 ? userName : externalId,
            fields.Text("display_name", LongestName),
            fields.Phone("phone"),
            fields.Email("email"),
            fields.PasswordHash("password_hash"),
            fields.Time("registered_at"),
            fields.Time("last_sign_in_at"),
            fields.List("usual_places", MostPlaces, LongestName)
        );
    }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(AccountLine)} {Line}";
}
