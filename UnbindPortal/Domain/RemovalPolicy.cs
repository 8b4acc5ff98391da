using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace UnbindPortal.Domain;

/// <summary>What a row of the removal table may ask for. Written in options as `own`, `passkey`, `phone-code`, …</summary>
public enum Needed
{
    /// <summary>The thing that goes proves itself: a code to that phone or address, a sign-in at that platform, that passkey.</summary>
    Own,

    /// <summary>A passkey other than one that goes.</summary>
    Passkey,

    /// <summary>A code to any bound phone.</summary>
    PhoneCode,

    /// <summary>A code to any bound e-mail address.</summary>
    EmailCode,

    /// <summary>A code to any bound phone or address.</summary>
    AnyCode,

    /// <summary>A fresh sign-in at any bound platform.</summary>
    Platform,

    /// <summary>The password.</summary>
    Password,

    /// <summary>An authenticator code.</summary>
    Totp,

    /// <summary>A recovery code.</summary>
    RecoveryCode,

    /// <summary>Any one proof at all.</summary>
    Any,
}

/// <summary>
/// Which proof removes what, and how long it then waits: the table of the design, replaceable row by row through options. Text form of a
/// row: sufficient ways separated by `, `; a pair joined by `+`, for example `own, passkey, password+any-code`.
/// </summary>
public sealed class RemovalPolicy
{
    private const string Platforms = "passkey, phone-code, own, password, email-code+recovery-code";
    private const string Strong = "passkey, own, phone-code+password, email-code+recovery-code";

    private static readonly Dictionary<BindingKind, string> Defaults = new()
    {
        [BindingKind.Phone] = "own, passkey, platform, password+any-code, email-code+recovery-code, totp+password",
        [BindingKind.Email] = "passkey, phone-code, platform, own+password, email-code+recovery-code, totp+password",
        [BindingKind.WeChat] = Platforms,
        [BindingKind.QQ] = Platforms,
        [BindingKind.Alipay] = Platforms,
        [BindingKind.Passkey] = Strong,
        [BindingKind.Authenticator] = Strong,
        [BindingKind.App] = "any",
        [BindingKind.Device] = "any",
    };

    private readonly Dictionary<BindingKind, Needed[][]> _rows;
    private readonly TimeSpan _lastContactWait;

    /// <summary>The default table with <paramref name="overrides"/> put over it.</summary>
    /// <param name="overrides">Rows in text form, by kind.</param>
    /// <param name="lastContactWait">How long the last phone or e-mail waits when something else proved it.</param>
    /// <exception cref="FormatException">A row cannot be read; the message names it.</exception>
    public RemovalPolicy(IReadOnlyDictionary<BindingKind, string> overrides, TimeSpan lastContactWait)
    {
        _lastContactWait = lastContactWait;
        var texts = Defaults.ToDictionary(row => row.Key, row => overrides.GetValueOrDefault(row.Key, row.Value));
        _rows = texts.ToDictionary(row => row.Key, row => Parse(row.Key, row.Value));
        var canonical = string.Join('\n', texts.OrderBy(row => row.Key).Select(row => $"{(int)row.Key}={row.Value}"));
        var hash = SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{canonical}\nlast={(long)lastContactWait.TotalSeconds}"))
        );
        Version = Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>The default table, with the default wait of 72 hours.</summary>
    public static RemovalPolicy Default { get; } = new(new Dictionary<BindingKind, string>(), TimeSpan.FromHours(72));

    /// <summary>Names this exact table; part of every plan hash, so that a changed table voids the plans made under the old one.</summary>
    public string Version { get; }

    /// <summary>Does <paramref name="proved"/> suffice to remove <paramref name="binding"/>?</summary>
    public bool Suffices(Binding binding, IReadOnlyCollection<Factor> proved, AccountState state) =>
        _rows[binding.Kind].Any(way => Meets(way, binding, proved, state));

    /// <summary>How long removing <paramref name="binding"/> within <paramref name="going"/> waits when proved by <paramref name="proved"/>.</summary>
    public TimeSpan WaitFor(Binding binding, IReadOnlyCollection<Guid> going, IReadOnlyCollection<Factor> proved, AccountState state)
    {
        // One nobody ever proved protects nothing. A suspended one waits like any other: reporting it lost is no way round a wait.
        if (binding.Kind is not (BindingKind.Phone or BindingKind.Email) || binding.ProvedAt is null)
        {
            return TimeSpan.Zero;
        }

        var provedByItself = proved.Any(f => Is(Needed.Own, f, binding, state) || f.Method is ProofMethod.Passkey);
        var phoneForEmail = binding.Kind is BindingKind.Email && proved.Any(f => f.Method is ProofMethod.SmsCode);
        var lastOfItsKind = !state.Staying(Capabilities.Notice, going).Any(b => b.Kind == binding.Kind);
        return provedByItself || phoneForEmail || !lastOfItsKind ? TimeSpan.Zero : _lastContactWait;
    }

    // Every requirement of a way must be met by a factor of its own: one code never counts twice in a pair.
    private static bool Meets(Needed[] way, Binding binding, IReadOnlyCollection<Factor> proved, AccountState state) =>
        way switch
        {
            [var only] => proved.Any(f => Is(only, f, binding, state)),
            [var first, var second] => proved.Any(f =>
                Is(first, f, binding, state) && proved.Any(s => s != f && Is(second, s, binding, state))
            ),
            _ => false,
        };

    private static bool Is(Needed needed, Factor factor, Binding binding, AccountState state) =>
        needed switch
        {
            Needed.Own => factor.BindingId == binding.Id,
            Needed.Passkey => factor.Method is ProofMethod.Passkey && factor.BindingId != binding.Id,
            Needed.PhoneCode => factor.Method is ProofMethod.SmsCode,
            Needed.EmailCode => factor.Method is ProofMethod.EmailCode,
            Needed.AnyCode => factor.Method is ProofMethod.SmsCode or ProofMethod.EmailCode,
            Needed.Platform => factor.Method is ProofMethod.PlatformSignIn,
            Needed.Password => factor.Method is ProofMethod.Password,
            Needed.Totp => factor.Method is ProofMethod.Totp,
            Needed.RecoveryCode => factor.Method is ProofMethod.RecoveryCode,
            Needed.Any => true,
        };

    private static Needed[][] Parse(BindingKind kind, string row)
    {
        var ways = row.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ways.Length == 0)
        {
            throw new FormatException($"Unbind:Policy:{kind} is empty: nothing could ever be removed.");
        }

        return [.. ways.Select(way => ParseWay(kind, way))];
    }

    private static Needed[] ParseWay(BindingKind kind, string way)
    {
        var parts = way.Split('+', StringSplitOptions.TrimEntries);
        var needs = parts.Select(part => Named(kind, part)).ToArray();
        if (needs.Length > 2)
        {
            throw new FormatException($"Unbind:Policy:{kind}: '{way}' asks for more than two proofs.");
        }

        // A pair of them counts as one: whoever reads the mailbox reads both codes.
        return kind is BindingKind.App or BindingKind.Device || !needs.All(need => MailMeets(need, kind))
            ? needs
            : throw new FormatException($"Unbind:Policy:{kind}: '{way}' lets e-mail codes alone remove a way in or a recovery method.");
    }

    private static bool MailMeets(Needed need, BindingKind kind) =>
        need is Needed.EmailCode or Needed.AnyCode or Needed.Any || (need is Needed.Own && kind is BindingKind.Email);

    private static Needed Named(BindingKind kind, string part) =>
        Enum.TryParse<Needed>(part.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var needed)
        && part.All(c => char.IsAsciiLetter(c) || c is '-') // numbers would be read as values
            ? needed
            : throw new FormatException($"Unbind:Policy:{kind}: '{part}' is not a proof.");
}
