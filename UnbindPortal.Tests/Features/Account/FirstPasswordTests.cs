using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

public sealed class FirstPasswordTests : IAsyncLifetime
{
    private const string Chosen = "seven-grey-herons";
    private PortalServices portal = null!;
    private TestAccount account = null!;
    private Actor actor;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync();
        account = await portal.AddAccountAsync(password: false, BindingKind.Phone, BindingKind.Email);
        actor = await portal.SignInAsync(account, by: account[BindingKind.Phone]);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Code_to_the_phone_sets_it_and_frees_the_phone_to_go()
    {
        Assert.Equal([UnbindRefusal.LastWayIn], await portal.RefusalsAsync(actor, account[BindingKind.Phone]));
        var view = await portal.Passwords.FindAsync(actor);
        Assert.Equal((false, Masking.Phone(account[BindingKind.Phone].Subject)), (view!.HasPassword, view.Phone));

        Assert.IsType<SetPasswordOutcome.Done>(await SetAsync(Chosen, await SendAsync()));

        Assert.True((await portal.Passwords.FindAsync(actor))!.HasPassword);
        Assert.NotNull(await portal.Accounts.SignInByPasswordAsync(account.UserName, new SecretText(Chosen), TestAccounts.Origin));
        await portal.StartWalkAsync(actor, account[BindingKind.Phone]);
        Assert.Equal(1, await portal.ReadAsync(db => db.Ledger.CountAsync(e => e.Action == nameof(PasswordSet))));
        Assert.Equal(2, await portal.ReadAsync(db => db.Outbox.CountAsync(m => m.Template == MessageTemplate.PasswordChosen)));
    }

    [Fact]
    public async Task Set_password_is_not_set_again_here()
    {
        Assert.IsType<SetPasswordOutcome.Done>(await SetAsync(Chosen, await SendAsync()));

        Assert.IsType<SendOutcome.NotAvailable>(await portal.Passwords.SendCodeAsync(actor));
        Assert.IsType<SetPasswordOutcome.NotPossible>(await SetAsync("another-long-password", "123456"));
    }

    [Theory]
    [InlineData("short", PasswordProblem.TooShort)]
    [InlineData("aaaaaaaaaaaaaaaaaa", PasswordProblem.TooEasy)]
    [InlineData("abcdefghijklmnop", PasswordProblem.TooEasy)]
    [InlineData("password1234567", PasswordProblem.TooEasy)]
    public async Task Weak_password_costs_no_attempt(string weak, PasswordProblem problem)
    {
        var code = await SendAsync();

        var refused = Assert.IsType<SetPasswordOutcome.BadPassword>(await SetAsync(weak, code));

        Assert.Equal(problem, refused.Problem);
        Assert.IsType<SetPasswordOutcome.Done>(await SetAsync(Chosen, code));
    }

    [Fact]
    public async Task Password_made_of_the_own_number_is_too_easy()
    {
        var code = await SendAsync();

        var refused = Assert.IsType<SetPasswordOutcome.BadPassword>(await SetAsync($"my{account[BindingKind.Phone].Subject}", code));

        Assert.Equal(PasswordProblem.TooEasy, refused.Problem);
    }

    [Fact]
    public async Task Wrong_missing_and_expired_codes_are_refused()
    {
        Assert.Equal(GuessOutcome.NoCode, Refusal(await SetAsync(Chosen, "123456")));
        var code = await SendAsync();
        Assert.Equal(GuessOutcome.Wrong, Refusal(await SetAsync(Chosen, $"{(code[0] == '0' ? '1' : '0')}{code[1..]}")));
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(GuessOutcome.NoCode, Refusal(await SetAsync(Chosen, code)));
        Assert.False((await portal.Passwords.FindAsync(actor))!.HasPassword);
    }

    [Fact]
    public async Task Typed_twenty_times_at_once_it_is_set_once()
    {
        var code = await SendAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => SetAsync($"{Chosen}-number-{i}", code))));

        Assert.Single(outcomes.OfType<SetPasswordOutcome.Done>());
        Assert.Equal(1, await portal.ReadAsync(db => db.Ledger.CountAsync(e => e.Action == nameof(PasswordSet))));
    }

    [Fact]
    public async Task Without_a_phone_there_is_nothing_to_prove_it_with()
    {
        var mailOnly = await portal.AddAccountAsync(password: false, BindingKind.Email);
        var signedIn = await portal.SignInAsync(mailOnly);

        Assert.Null((await portal.Passwords.FindAsync(signedIn))!.Phone);
        Assert.IsType<SendOutcome.NotAvailable>(await portal.Passwords.SendCodeAsync(signedIn));
    }

    [Fact]
    public async Task Closed_account_gets_no_password()
    {
        var code = await SendAsync();
        await portal.ChangeAsync(async change => (await change.AccountAsync(account.Id))!.Close());

        Assert.IsType<SetPasswordOutcome.NotPossible>(await SetAsync(Chosen, code));
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<SendOutcome.NotAvailable>(await portal.Passwords.SendCodeAsync(actor));
    }

    private async Task<string> SendAsync()
    {
        Assert.IsType<SendOutcome.Sent>(await portal.Passwords.SendCodeAsync(actor));
        return await portal.CodeSentToAsync(account[BindingKind.Phone]);
    }

    private Task<SetPasswordOutcome> SetAsync(string password, string code) =>
        portal.Passwords.SetAsync(actor, new SecretText(password), new OneTimeCode(code));

    private static GuessOutcome Refusal(SetPasswordOutcome outcome) => Assert.IsType<SetPasswordOutcome.BadCode>(outcome).Outcome;
}
