using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

/// <summary>Choosing a first password. Static: a success renews the cookie.</summary>
public sealed partial class SetPasswordPage
{
    private PasswordView? view;
    private string? problem;
    private string? sent;
    private string? codeError;
    private string? passwordError;

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private IPasswordService Passwords { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<AccountOptions> Options { get; set; } = null!;

    [Inject]
    private IOptions<VerificationOptions> Verification { get; set; } = null!;

    [Inject]
    private When When { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "set-password")]
    private InputModel Input { get; set; } = null!;

    private int CodeDigits => Verification.Value.SmsCodeDigits;

    private int Minimum => Options.Value.PasswordMinimum;

    private Actor Actor => Http.User.ToActor() ?? throw new InvalidOperationException("The page is for signed-in people.");

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Input ??= new InputModel();
        view = await Passwords.FindAsync(Actor);
    }

    private Task SubmitAsync() => Input.Act is "send" ? SendCodeAsync() : SaveAsync();

    private async Task SendCodeAsync() =>
        (sent, problem) = await Passwords.SendCodeAsync(Actor) switch
        {
            SendOutcome.Sent on => (Texts["SetPasswordCodeSent", view?.Phone ?? "", When.Length(When.Until(on.ExpiresAt))].Value, null),
            SendOutcome.TooSoon soon => ((string?)null, Texts["CodeTooSoon", When.Length(When.Until(soon.Until))].Value),
            SendOutcome.NoTriesLeft => (null, Texts["BadCodeNoTriesLeft"].Value),
            SendOutcome.Limited => (null, Texts["CodeLimited"].Value),
            _ => (null, Texts["NotPossibleNow"].Value),
        };

    private async Task SaveAsync()
    {
        switch (await Passwords.SetAsync(Actor, new SecretText(Input.Password), new OneTimeCode(Input.Code)))
        {
            case SetPasswordOutcome.Done done:
                await SessionCookie.WriteAsync(Http, done.Ticket);
                Navigation.NavigateTo("/security");
                break;
            case SetPasswordOutcome.BadPassword bad:
                passwordError = Explain(bad.Problem);
                break;
            case SetPasswordOutcome.BadCode bad:
                codeError = Explain(bad.Outcome);
                break;
            case SetPasswordOutcome.NotPossible:
                problem = Texts["NotPossibleNow"];
                break;
            case SetPasswordOutcome.SignedOut:
                Navigation.NavigateTo("/login");
                break;
        }
    }

    private string Explain(PasswordProblem bad) =>
        bad switch
        {
            PasswordProblem.TooShort => Texts["PasswordTooShort", Minimum],
            PasswordProblem.TooLong => Texts["PasswordTooLong"],
            PasswordProblem.TooEasy => Texts["PasswordTooEasy"],
        };

    private string Explain(GuessOutcome bad) =>
        bad switch
        {
            GuessOutcome.Wrong or GuessOutcome.Right => Texts["BadCodeWrong"],
            GuessOutcome.NoCode => Texts["BadCodeNoCode"],
            GuessOutcome.NoTriesLeft => Texts["BadCodeNoTriesLeft"],
            GuessOutcome.MustWait => Texts["BadCodeMustWait"],
        };

    private sealed class InputModel
    {
        public string? Password { get; set; }

        public string? Code { get; set; }

        public string? Act { get; set; }
    }
}
