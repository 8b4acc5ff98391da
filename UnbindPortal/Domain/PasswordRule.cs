using System.Text;

namespace UnbindPortal.Domain;

/// <summary>What is wrong with a chosen password.</summary>
public enum PasswordProblem
{
    /// <summary>Shorter than required.</summary>
    TooShort,

    /// <summary>Longer than can be taken.</summary>
    TooLong,

    /// <summary>A word everybody tries first, a repetition, a run, or the person's own name or number.</summary>
    TooEasy,
}

/// <summary>
/// Passwords by NIST SP 800-63B-4 §3.1.1.2: long, compared with what is tried first, and nothing else: no rules of composition, no expiry.
/// </summary>
public static class PasswordRule
{
    /// <summary>Longest password taken, in characters. Nothing is ever cut off.</summary>
    public const int Longest = 256;

    private static readonly string[] TriedFirst =
    [
        "password",
        "passw0rd",
        "qwerty",
        "letmein",
        "welcome",
        "iloveyou",
        "admin",
        "woaini",
        "abc123",
        "1q2w3e",
        "5201314",
        "a123456",
    ];

    /// <summary>What is wrong with <paramref name="chosen"/>, or null when it may be used.</summary>
    /// <param name="chosen">The password, in the form <see cref="Normal"/> gives.</param>
    /// <param name="shortest">Least length in characters: 15 where the password alone signs in.</param>
    /// <param name="own">User name, numbers and addresses of the person.</param>
    public static PasswordProblem? Check(string chosen, int shortest, IEnumerable<string> own)
    {
        if (chosen.Length < shortest)
        {
            return PasswordProblem.TooShort;
        }

        if (chosen.Length > Longest)
        {
            return PasswordProblem.TooLong;
        }

        var easy = TriedFirst.Concat(own.Where(word => word.Length >= 4));
        return IsPattern(chosen) || easy.Any(word => IsMadeOf(chosen, word)) ? PasswordProblem.TooEasy : null;
    }

    /// <summary>NFC, so that the same keys give the same password on every keyboard.</summary>
    public static string Normal(SecretText typed) => PlainText.WellFormed(typed.Reveal()).Normalize(NormalizationForm.FormC);

    // Few different characters, or a run up or down the alphabet or the digits.
    private static bool IsPattern(string chosen)
    {
        var steps = chosen.Zip(chosen.Skip(1), (a, b) => b - a).ToArray();
        return chosen.Distinct().Count() <= 4 || steps.Count(step => step is 1 or -1 or 0 or -9) >= steps.Length * 4 / 5;
    }

    // What is left without the word is too little to guess for.
    private static bool IsMadeOf(string chosen, string word) =>
        chosen.Replace(word, "", StringComparison.OrdinalIgnoreCase) is var rest && rest.Length < chosen.Length && rest.Length < 8;
}
