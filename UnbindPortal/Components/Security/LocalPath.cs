namespace UnbindPortal.Components.Security;

/// <summary>Where a person may be sent back to: a path on this site and nothing else.</summary>
public static class LocalPath
{
    /// <summary>Longest path taken, in characters; every page of ours is far shorter.</summary>
    public const int MaxLength = 1000;

    // "%252f%252fhost" hides two slashes behind two rounds of encoding; no honest path of ours needs a third.
    private const int MaxRoundsOfEncoding = 3;

    /// <summary><paramref name="candidate"/> if it is a path on this site, else <paramref name="fallback"/>.</summary>
    public static string Or(string? candidate, string fallback) => IsLocal(candidate) ? candidate! : fallback;

    /// <summary>
    /// Whether a browser would stay on this site: one leading slash, no second slash behind it, no backslash or control
    /// character anywhere, and the same again after undoing percent encoding.
    /// </summary>
    public static bool IsLocal(string? candidate)
    {
        if (string.IsNullOrEmpty(candidate) || candidate.Length > MaxLength)
        {
            return false;
        }

        var form = candidate;
        for (var round = 0; round <= MaxRoundsOfEncoding; round++)
        {
            if (!LooksLocal(form))
            {
                return false;
            }

            var decoded = Uri.UnescapeDataString(form);
            if (string.Equals(decoded, form, StringComparison.Ordinal))
            {
                return true;
            }

            form = decoded;
        }

        return false;
    }

    private static bool LooksLocal(string form)
    {
        if (form[0] != '/' || (form.Length > 1 && form[1] == '/'))
        {
            return false;
        }

        // Browsers read a backslash as a slash and drop tabs and line ends before they parse an address.
        return !form.Any(c => c is '\\' || char.IsControl(c));
    }
}
