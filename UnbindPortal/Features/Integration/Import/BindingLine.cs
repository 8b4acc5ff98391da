using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>How the files name an identity.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Subject">E.164, canonical address, or the platform's or app's own id (`issuer:subject` where an issuer is given).</param>
internal readonly record struct BindingName(BindingKind Kind, string Subject)
{
    /// <inheritdoc />
    public override string ToString() => Kind.ToString();
}

/// <summary>A line of the bindings file, read and checked by itself.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Account">The account's external id.</param>
/// <param name="Name">The identity.</param>
/// <param name="DisplayName">The platform's nickname or the app's name; may be empty.</param>
/// <param name="BoundAt">Since when it is bound.</param>
/// <param name="ProvedAt">When its owner last proved to hold it; null means never, and then it counts for nothing.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="Scopes">What an app may see or do.</param>
/// <param name="DependsOn">What an app leans on.</param>
internal sealed record BindingLine(
    int Line,
    string Account,
    BindingName Name,
    string DisplayName,
    DateTimeOffset? BoundAt,
    DateTimeOffset? ProvedAt,
    DateTimeOffset? LastUsedAt,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<BindingName> DependsOn
)
{
    private const int LongestText = 128;
    private const int LongestSubject = 256;
    private const int MostEntries = 50;

    // Passkeys, authenticators and devices come with secrets that no export can carry.
    private static readonly Dictionary<string, BindingKind> Importable = new[]
    {
        BindingKind.Phone,
        BindingKind.Email,
        BindingKind.WeChat,
        BindingKind.QQ,
        BindingKind.Alipay,
        BindingKind.App,
    }.ToDictionary(kind => kind.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The file's columns.</summary>
    public static CsvColumns Columns { get; } =
        new(["account", "kind", "subject", "proved_at"], ["display_name", "bound_at", "last_used_at", "scopes", "depends_on", "issuer"]);

    /// <summary>The kinds that can be imported, as the file names them.</summary>
    public static IEnumerable<string> Kinds => Importable.Keys;

    /// <summary>Reads a line; what is wrong with it stays in <paramref name="fields"/>.</summary>
    public static BindingLine Read(CsvLine line, FieldRules fields)
    {
        var account = fields.Text("account", AccountLine.LongestId, required: true);
        var name = ReadName(fields);
        var scopes = fields.List("scopes", MostEntries, LongestText);
        var dependsOn = ReadDependencies(fields);
        if (name.Kind is not BindingKind.App && scopes.Count + dependsOn.Count > 0)
        {
            fields.Refuse(scopes.Count > 0 ? "scopes" : "depends_on", RefusalReason.OnlyForApps);
        }

        return new BindingLine(
            line.Number,
            account,
            name,
            fields.Text("display_name", LongestText),
            fields.Time("bound_at"),
            fields.Time("proved_at"),
            fields.Time("last_used_at"),
            scopes,
            dependsOn
        );
    }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(BindingLine)} {Line}";

    private static BindingName ReadName(FieldRules fields)
    {
        if (!Importable.TryGetValue(fields.Text("kind", LongestText), out var kind))
        {
            fields.Refuse("kind", RefusalReason.UnknownKind);
            return default;
        }

        var subject = kind switch
        {
            BindingKind.Phone => fields.Phone("subject"),
            BindingKind.Email => fields.Email("subject"),
            _ => fields.Text("subject", LongestSubject),
        };
        if (string.IsNullOrEmpty(subject))
        {
            fields.Refuse("subject", RefusalReason.Missing);
        }

        var issuer = fields.Text("issuer", LongestText);
        if (issuer.Length > 0 && (!BindingCatalogue.For(kind).IsPlatform || issuer.AsSpan().ContainsAny(":|")))
        {
            fields.Refuse("issuer", RefusalReason.BadIssuer);
        }

        return new BindingName(kind, issuer.Length > 0 ? $"{issuer}:{subject}" : subject ?? "");
    }

    private static List<BindingName> ReadDependencies(FieldRules fields)
    {
        var names = new List<BindingName>();
        foreach (var entry in fields.List("depends_on", MostEntries, 2 * LongestSubject))
        {
            var parts = entry.Split(':', 2, StringSplitOptions.TrimEntries);
            var isKnown = Importable.TryGetValue(parts[0], out var kind) && kind is not BindingKind.App && parts.Length == 2;
            var subject = kind switch
            {
                BindingKind.Phone => Canonical.Phone(parts[^1]),
                BindingKind.Email => Canonical.Email(parts[^1]),
                _ => parts[^1],
            };
            if (!isKnown || subject is null)
            {
                fields.Refuse("depends_on", RefusalReason.UnknownDependency, $"{names.Count + 1}");
                return [];
            }

            names.Add(new BindingName(kind, subject));
        }

        return names;
    }
}
