using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using UnbindPortal.Components.Security;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

/// <summary>Signing in by password or by a code to a phone. Static: only an HTTP response can write the cookie.</summary>
public sealed partial class LoginPage
{
    // Names the browser a code was asked from before there is a session; worth nothing by itself.
    private const string BrowserCookie = "portal.browser";

    private string? problem;
    private string? sent;
    private string? phoneError;

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private IAccountService Accounts { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<AccountOptions> Options { get; set; } = null!;

    [Inject]
    private IOptions<VerificationOptions> Verification { get; set; } = null!;

    [Inject]
    private IHostEnvironment Environment { get; set; } = null!;

    [Inject]
    private When When { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    private string? By { get; set; }

    [SupplyParameterFromForm(FormName = "login")]
    private InputModel Input { get; set; } = null!;

    private bool ByCode => Input.Act is null ? By is "code" : Input.ByCode;

    private bool Sent => sent is not null;

    private int CodeDigits => Verification.Value.SmsCodeDigits;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Input ??= new InputModel();
        if (Http.User.ToActor() is not null && HttpMethods.IsGet(Http.Request.Method))
        {
            Navigation.NavigateTo(LocalPath.Or(ReturnUrl, "/security"));
        }
    }

    private Task SubmitAsync() =>
        (Input.ByCode, Input.Act) switch
        {
            (true, "send") => SendCodeAsync(),
            (true, _) => SignInByCodeAsync(),
            (false, _) => SignInByPasswordAsync(),
        };

    private async Task SignInByPasswordAsync()
    {
        var ticket = await Accounts.SignInByPasswordAsync(
            Limited(Input.User),
            new SecretText(Limited(Input.Password)),
            SessionCookie.OriginOf(Http)
        );
        await EnterAsync(ticket, "SignInRefused");
    }

    private async Task SignInByCodeAsync()
    {
        var phone = Canonical.Phone(Input.User);
        var ticket =
            phone is null || BrowserOf(Http) is not { } browser
                ? null
                : await Accounts.SignInByCodeAsync(phone, new OneTimeCode(Limited(Input.Code)), browser, SessionCookie.OriginOf(Http));
        await EnterAsync(ticket, "CodeRefused");
    }

    private async Task SendCodeAsync()
    {
        if (Canonical.Phone(Input.User) is not { } phone)
        {
            phoneError = Texts["PhoneInvalid"];
            return;
        }

        var outcome = await Accounts.SendSignInCodeAsync(phone, BrowserOf(Http) ?? NewBrowser(), SessionCookie.OriginOf(Http));
        (sent, problem) = outcome switch
        {
            SendOutcome.Sent on => (Texts["CodeSent", When.Length(When.Until(on.ExpiresAt))].Value, null),
            SendOutcome.TooSoon soon => ((string?)null, Texts["CodeTooSoon", When.Length(When.Until(soon.Until))].Value),
            _ => (null, Texts["CodeLimited"].Value),
        };
    }

    private async Task EnterAsync(SessionTicket? ticket, string refusal)
    {
        if (ticket is null)
        {
            problem = Texts[refusal];
            return;
        }

        await SessionCookie.WriteAsync(Http, ticket);
        Navigation.NavigateTo(LocalPath.Or(ReturnUrl, "/security"));
    }

    private string UrlFor(bool byCode) =>
        Navigation.GetUriWithQueryParameters(
            "/login",
            new Dictionary<string, object?> { ["by"] = byCode ? "code" : null, ["returnUrl"] = ReturnUrl }
        );

    private Guid NewBrowser()
    {
        var browser = Guid.NewGuid();
        Http.Response.Cookies.Append(
            BrowserCookie,
            browser.ToString("N"),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = Http.Request.IsHttps,
                IsEssential = true,
            }
        );
        return browser;
    }

    private static Guid? BrowserOf(HttpContext http) =>
        Guid.TryParse(http.Request.Cookies[BrowserCookie], out var browser) ? browser : null;

    // Longer than any name, password or code there is; hashing a megabyte would be work for a stranger to give us.
    private static string? Limited(string? text) => text?.Length > PasswordRule.Longest ? null : text;

    private sealed class InputModel
    {
        public string? User { get; set; }

        public string? Password { get; set; }

        public string? Code { get; set; }

        public bool ByCode { get; set; }

        public string? Act { get; set; }
    }
}
