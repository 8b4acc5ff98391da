using System.Buffers.Binary;
using System.Globalization;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>Reads one line's values and keeps the first thing that is wrong with it. After that, everything reads as empty.</summary>
/// <param name="line">The line.</param>
/// <param name="now">Times may not lie after it.</param>
internal sealed class FieldRules(CsvLine line, DateTimeOffset now)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    private static readonly string[] TimeForms =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mmK",
        "yyyy-MM-dd' 'HH:mm:ssK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>What is wrong with the line, if anything.</summary>
    public Refusal? Refusal { get; private set; } = line.IsWhole ? null : new(line.File, line.Number, "", RefusalReason.NotWhole);

    /// <summary>Notes what is wrong; the first one counts.</summary>
    public void Refuse(string column, RefusalReason reason, string? detail = null) =>
        Refusal ??= new Refusal(line.File, line.Number, column, reason, detail);

    /// <summary>A text of at most <paramref name="longest"/> characters, trimmed.</summary>
    public string Text(string column, int longest, bool required = false)
    {
        var value = Raw(column);
        if (required && value.Length == 0)
        {
            Refuse(column, RefusalReason.Missing);
        }

        return Checked(column, value, longest);
    }

    /// <summary>Texts separated by `|`; empty ones are left out.</summary>
    public IReadOnlyList<string> List(string column, int most, int longest)
    {
        var values = Raw(column).Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (values.Length > most)
        {
            Refuse(column, RefusalReason.TooMany, most.ToString(CultureInfo.InvariantCulture));
            return [];
        }

        return [.. values.Select(value => Checked(column, value, longest))];
    }

    /// <summary>An ISO 8601 time, in UTC when it names no offset; null when empty.</summary>
    public DateTimeOffset? Time(string column)
    {
        var value = Raw(column);
        if (value.Length == 0)
        {
            return null;
        }

        const DateTimeStyles InUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(value, TimeForms, CultureInfo.InvariantCulture, InUtc, out var at))
        {
            Refuse(column, RefusalReason.NotATime);
        }
        else if (at > now + ClockSkew)
        {
            Refuse(column, RefusalReason.InTheFuture);
        }

        return at;
    }

    /// <summary>A phone number in E.164 form; null when empty.</summary>
    public string? Phone(string column) => Identity(column, Canonical.Phone, RefusalReason.NotAPhone);

    /// <summary>A canonical e-mail address; null when empty.</summary>
    public string? Email(string column) => Identity(column, Canonical.Email, RefusalReason.NotAnEmail);

    /// <summary>A hash that Identity's hasher can compare; null when empty.</summary>
    public string? PasswordHash(string column)
    {
        var value = Raw(column);
        if (value.Length > 0 && !IsPasswordHash(value))
        {
            Refuse(column, RefusalReason.NotAPasswordHash);
        }

        return value.Length > 0 ? value : null;
    }

    /// <summary>The text with everything unprintable left out, for messages.</summary>
    public static string Plain(string text) => string.Concat(text.Where(c => !IsUnprintable(c)));

    private string Raw(string column) => Refusal is null ? line.Value(column).Trim() : "";

    private string Checked(string column, string value, int longest)
    {
        if (value.Length > longest)
        {
            Refuse(column, RefusalReason.TooLong, longest.ToString(CultureInfo.InvariantCulture));
        }
        else if (value.Any(IsUnprintable))
        {
            Refuse(column, RefusalReason.Unprintable);
        }

        return value;
    }

    private string? Identity(string column, Func<string, string?> canonical, RefusalReason otherwise)
    {
        var value = Raw(column);
        if (value.Length == 0)
        {
            return null;
        }

        var found = canonical(value);
        if (found is null || found.Any(IsUnprintable))
        {
            Refuse(column, otherwise);
        }

        return found;
    }

    // Controls, line separators, and what turns the direction of text. Joiners stay: emoji are made with them.
    private static bool IsUnprintable(char c) =>
        char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    // Version 2: 0x00, 16 bytes of salt, 32 of key. Version 3: 0x01, function, iterations and salt length (big-endian), salt, key.
    private static bool IsPasswordHash(string value)
    {
        const int LongestPart = 128;
        const int HeaderOf3 = 13;
        Span<byte> bytes = stackalloc byte[HeaderOf3 + (2 * LongestPart)];
        if (!Convert.TryFromBase64String(value, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        if (bytes is [0x00, ..])
        {
            return length == 1 + 16 + 32;
        }

        if (bytes is not [0x01, ..] || length < HeaderOf3)
        {
            return false;
        }

        var function = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        return function <= 2
            && iterations is >= 1 and <= 10_000_000
            && salt is >= 16 and <= LongestPart
            && length - HeaderOf3 - salt is >= 16 and <= LongestPart;
    }
}
