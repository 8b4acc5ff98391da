using System.Globalization;
using System.Text;

namespace UnbindPortal.Domain;

/// <summary>The readable part of a binding. Lives encrypted in storage and in clear only while a page or message is made.</summary>
/// <param name="Subject">E.164 number, canonical address, or the platform's or app's subject.</param>
/// <param name="DisplayName">The platform's nickname or the app's name.</param>
/// <param name="Scopes">What an app may see or do.</param>
public sealed record BindingIdentity(string Subject, string? DisplayName, IReadOnlyList<string> Scopes)
{
    /// <summary>The masked form people see: enough to recognise, not enough to use.</summary>
    public string Masked(BindingKind kind) =>
        kind switch
        {
            BindingKind.Phone => Masking.Phone(Subject),
            BindingKind.Email => Masking.Email(Subject),
            BindingKind.App => DisplayName ?? Masking.Subject(Subject),
            _ => DisplayName is { Length: > 0 } name ? Masking.Name(name) : Masking.Subject(Subject),
        };

    /// <inheritdoc />
    public override string ToString() => nameof(BindingIdentity);
}

/// <summary>Name and habits of an account's owner, as the operator's export gave them. Encrypted in storage.</summary>
/// <param name="DisplayName">What to call them.</param>
/// <param name="UsualPlaces">Where they usually sign in.</param>
public sealed record AccountProfile(string DisplayName, IReadOnlyList<string> UsualPlaces)
{
    /// <inheritdoc />
    public override string ToString() => nameof(AccountProfile);
}

/// <summary>How identities are masked on screen and in messages.</summary>
public static class Masking
{
    /// <summary>`+8613812345678` → `138 **** 5678`; other countries keep the code and the last two digits.</summary>
    public static string Phone(string e164) =>
        e164.StartsWith("+86", StringComparison.Ordinal) && e164.Length == 14 ? $"{e164[3..6]} **** {e164[10..]}"
        : e164.Length > 6 ? $"{e164[..3]} **** {e164[^2..]}"
        : "****";

    /// <summary>`lin@example.cn` → `l***@example.cn`.</summary>
    public static string Email(string address)
    {
        var at = address.LastIndexOf('@');
        return at > 0 ? $"{First(address)}***{address[at..]}" : "***";
    }

    /// <summary>`晓风残月` → `晓**`: the first character and no hint of the length.</summary>
    public static string Name(string name) => $"{First(name)}**";

    /// <summary>`12345689` → `12***89`.</summary>
    public static string Subject(string subject) => subject.Length > 5 ? $"{subject[..2]}***{subject[^2..]}" : "***";

    private static string First(string text) => StringInfo.GetNextTextElement(text);
}

/// <summary>One comparison policy for phones and addresses: the same text always gives the same canonical form, or null when it is none.</summary>
public static class Canonical
{
    private const int Longest = 254; // RFC 5321 §4.5.3.1.3: a path of 256 with its brackets
    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// E.164, with +86 assumed for the eleven digits of a Chinese mobile number (1[3-9] and nine more). Blanks, dashes, brackets and
    /// full-width digits are forgiven.
    /// </summary>
    public static string? Phone(string? typed)
    {
        var normal = PlainText.WellFormed(typed).Normalize(NormalizationForm.FormKC);
        var text = new string([.. normal.Where(c => c is not (' ' or '-' or '(' or ')' or '.'))]);
        if (text.StartsWith("00", StringComparison.Ordinal))
        {
            text = $"+{text[2..]}";
        }

        if (IsChineseMobile(text))
        {
            return $"+86{text}";
        }

        var digits = text.Length > 0 ? text[1..] : "";
        var plausible = text.StartsWith('+') && digits.Length is >= 7 and <= 15 && digits.All(char.IsAsciiDigit) && digits[0] != '0';
        return plausible && (!text.StartsWith("+86", StringComparison.Ordinal) || IsChineseMobile(text[3..])) ? text : null;
    }

    /// <summary>The domain in lower case and punycode; the local part in lower case; nothing else is folded (no dots, no plus).</summary>
    public static string? Email(string? typed)
    {
        var text = (typed ?? "").Trim();
        var at = text.LastIndexOf('@');
        if (at is < 1 or > 64 || at == text.Length - 1 || text.Length > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return null;
        }

        try
        {
            var domain = Idn.GetAscii(text[(at + 1)..]).ToLowerInvariant();
            var canonical = $"{text[..at].ToLowerInvariant()}@{domain}";
            var plausible = domain.Contains('.', StringComparison.Ordinal) && !domain.EndsWith('.') && canonical.Length <= Longest;
            return plausible && !text[..at].Contains('@', StringComparison.Ordinal) ? canonical : null;
        }
        catch (ArgumentException)
        {
            return null; // not a domain name
        }
    }

    private static bool IsChineseMobile(string digits) =>
        digits.Length == 11 && digits[0] == '1' && digits[1] is >= '3' and <= '9' && digits.All(char.IsAsciiDigit);
}

/// <summary>Text from outside.</summary>
internal static class PlainText
{
    /// <summary>
    /// The text with half characters (a lone surrogate, which a browser's connection can carry) and U+FFFE, which is none, replaced by U+FFFD:
    /// normalising would throw.
    /// </summary>
    public static string WellFormed(string? typed) => string.Concat((typed ?? "").EnumerateRunes()).Replace('\uFFFE', '\uFFFD');
}

/// <summary>Who acts: a session of an account. Never taken from a route, form or component parameter.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="SessionId">The session.</param>
public readonly record struct Actor(Guid AccountId, Guid SessionId);
