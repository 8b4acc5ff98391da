using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>Prove it is you: the server says which proofs suffice, the person picks among those they have. The circuit holds only what is being typed.</summary>
public sealed partial class VerifyPage : IDisposable
{
    private const string ProofForm = "proof";

    private readonly Submission submission = new();
    private CodeInput? codeInput;
    private bool codeJustSent;
    private ITimer? ticking;
    private UnbindView? view;
    private Factor? picked;
    private string? typed;
    private string? password;
    private string? problem;
    private bool failed;

    /// <summary>The request, from the address. It is looked up by id and owner.</summary>
    [Parameter]
    public Guid RequestId { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private IUnbindService Unbinding { get; set; } = null!;

    [Inject]
    private IUnbindProofs Proofs { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<VerificationOptions> Verification { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private When When { get; set; } = null!;

    // What was picked; else what goes on where it stopped: a code on its way, the missing half of a pair, the best one.
    private ProofChoice? Chosen
    {
        get
        {
            var open = view!.Proofs.Where(p => !p.Given).ToArray();
            return open.FirstOrDefault(p => p.Factor == picked)
                ?? open.FirstOrDefault(p => p.Code is not null)
                ?? open.FirstOrDefault(p => view.Proofs.Any(given => given.Given && given.Partner == p.Factor))
                ?? open.FirstOrDefault();
        }
    }

    /// <inheritdoc />
    public void Dispose() => ticking?.Dispose();

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            await LoadAsync();
        }
        catch (StorageUnavailableException)
        {
            failed = true;
        }
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            ticking = Clock.CreateTimer(_ => _ = InvokeAsync(ShowTime), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }

        // The button that had the focus is gone, and what comes next is typing.
        if (codeJustSent && codeInput is not null)
        {
            codeJustSent = false;
            await codeInput.FocusAsync();
        }
    }

    // The seconds until a code may be resent, and nothing when no code is on its way.
    private void ShowTime()
    {
        if (view?.Proofs.Any(p => p.Code is not null) is true)
        {
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        if ((await Authentication).User.ToActor() is not { } actor)
        {
            return;
        }

        var found = await Unbinding.FindAsync(actor, RequestId);
        if (found is null)
        {
            Navigation.NotFound();
        }
        else if (found.Stage is not UnbindStage.Planned)
        {
            Navigation.NavigateTo(UnbindSteps.UrlFor(RequestId, found.Stage), replace: true);
        }
        else
        {
            view = found;
        }
    }

    private void Choose(ProofChoice proof)
    {
        picked = proof.Factor;
        (typed, password, problem) = (null, null, null);
    }

    private Task SendAsync() =>
        ActAsync(async actor =>
        {
            if (Chosen is { Factor.BindingId: { } bindingId } choice)
            {
                picked = choice.Factor;
                var outcome = await Proofs.SendCodeAsync(actor, RequestId, bindingId);
                if (outcome is SendOutcome.SignedOut)
                {
                    Leave();
                    return;
                }

                problem = Explain(outcome);
                codeJustSent = outcome is SendOutcome.Sent;
                typed = null;
                await LoadAsync();
            }
        });

    private Task SubmitAsync() =>
        ActAsync(async actor =>
        {
            if (Chosen is not { } choice)
            {
                return;
            }

            picked = choice.Factor;
            if (WhatIsMissing(choice) is { } missing)
            {
                problem = missing; // no try is spent on what cannot be right
                return;
            }

            ProofAnswer answer =
                choice.Factor.Method is ProofMethod.Password
                    ? new ProofAnswer.Password(new SecretText(password))
                    : new ProofAnswer.Code(new OneTimeCode(typed));
            var outcome = await Proofs.ProveAsync(actor, RequestId, choice.Factor, answer);
            if (outcome is ProveOutcome.SignedOut)
            {
                Leave();
                return;
            }

            (typed, password) = (null, null);
            if (outcome is ProveOutcome.OneMore)
            {
                picked = null;
            }

            await LoadAsync();
            problem = Explain(outcome);
        });

    private Task CancelAsync() =>
        ActAsync(async actor =>
        {
            await Unbinding.CancelAsync(actor, RequestId);
            Navigation.NavigateTo(UnbindSteps.SecurityCenter);
        });

    private Task ActAsync(Func<Actor, Task> act) =>
        submission.RunAsync(async () =>
        {
            if ((await Authentication).User.ToActor() is { } actor)
            {
                await act(actor);
            }
        });

    private string? Explain(SendOutcome outcome) =>
        outcome switch
        {
            SendOutcome.Sent or SendOutcome.SignedOut => (string?)null,
            SendOutcome.TooSoon soon => Texts["ProblemTooSoon", When.Length(When.Until(soon.Until))],
            SendOutcome.Limited => Texts["ProblemLimited"],
            SendOutcome.NoTriesLeft => Texts["ProblemNoTriesLeft"],
            SendOutcome.NotAvailable => Texts["ProblemNotAvailable"],
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };

    private string? Explain(ProveOutcome outcome) =>
        outcome switch
        {
            ProveOutcome.Verified or ProveOutcome.OneMore or ProveOutcome.SignedOut => (string?)null,
            ProveOutcome.Wrong => Texts["ProblemWrong", view?.TriesLeft ?? 0],
            ProveOutcome.NoCode => Texts["ProblemNoCode"],
            ProveOutcome.NoTriesLeft => Texts["ProblemNoTriesLeft"],
            ProveOutcome.MustWait => Texts["ProblemMustWait"],
            ProveOutcome.PlanChanged => Texts["ProblemPlanChanged"],
            ProveOutcome.NotSuitable => Texts["ProblemNotSuitable"],
            ProveOutcome.Over or ProveOutcome.NotFound => Texts["ProblemOver"],
        };

    private string? WhatIsMissing(ProofChoice choice)
    {
        if (choice.Factor.Method is ProofMethod.Password)
        {
            return string.IsNullOrEmpty(password) ? Texts["ProblemNoPassword"].Value : null;
        }

        return typed?.Length == DigitsOf(choice) ? null : Texts["ProblemIncomplete", DigitsOf(choice)].Value;
    }

    private void Leave() => Navigation.NavigateTo("/login", forceLoad: true);

    private int DigitsOf(ProofChoice choice) =>
        choice.Factor.Method is ProofMethod.EmailCode ? Verification.Value.EmailCodeDigits : Verification.Value.SmsCodeDigits;

    private string NameOf(Factor factor) => Texts[$"Proof{factor.Method}"];

    private string Names(IReadOnlyList<BindingLabel> bindings) =>
        string.Join(Shared["ListSeparator"], bindings.Select(b => $"{Kinds[b.Kind.ToString()].Value} {b.Masked}"));

    private IReadOnlyList<string> MetaOf(ProofChoice proof)
    {
        var when = proof.Wait == TimeSpan.Zero ? Texts["AtOnce"] : Texts["AfterWait", When.Length(proof.Wait)];
        return proof.Partner is { } partner && !proof.Given ? [Texts["WithPartner", NameOf(partner)], when] : [when];
    }

    private static string MarkOf(ProofChoice proof) =>
        proof.Factor.Method switch
        {
            ProofMethod.SmsCode => "phone",
            ProofMethod.EmailCode => "mail",
            ProofMethod.Password => "lock",
            ProofMethod.Passkey or ProofMethod.Totp or ProofMethod.RecoveryCode or ProofMethod.PlatformSignIn => "key",
        };

    private static string TestIdOf(ProofChoice proof) =>
        proof.Factor.Method switch
        {
            ProofMethod.Password => "proof-password",
            ProofMethod.SmsCode => "proof-sms",
            ProofMethod.EmailCode => "proof-email",
            ProofMethod.Passkey => "proof-passkey",
            ProofMethod.Totp => "proof-totp",
            ProofMethod.RecoveryCode => "proof-recovery",
            ProofMethod.PlatformSignIn => "proof-platform",
        };
}
