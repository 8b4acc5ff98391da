using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

/// <summary>Rule 5: a code is compared five times in all, is right once, and only for what it was sent for.</summary>
public sealed class UnbindCodeTests : IAsyncLifetime
{
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Code_by_SMS_has_six_digits_and_by_mail_eight()
    {
        var (account, walk) = await StartAsync();

        Assert.Matches("^[0-9]{6}$", await walk.SendAndReadAsync(account[BindingKind.Phone]));
        Assert.Matches("^[0-9]{8}$", await walk.SendAndReadAsync(account[BindingKind.Email]));
    }

    [Fact]
    public async Task Message_names_the_act_and_the_masked_target_only()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);

        var message = Assert.Single(portal.Gateway.Sent);

        Assert.Contains(code, message.Text, StringComparison.Ordinal);
        Assert.Contains(Masking.Phone(account[BindingKind.Phone].Subject), message.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(account[BindingKind.Phone].Subject[3..], message.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("http", message.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Wrong_code_is_refused_and_counted()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);

        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(account[BindingKind.Phone], Other(code)));

        var view = await walk.ViewAsync();
        Assert.Equal(4, view.TriesLeft);
        Assert.Equal(4, view.Proofs.Single(proof => proof.Factor == account[BindingKind.Phone].Factor).Code!.TriesLeft);
        Assert.Equal(ProveOutcome.Verified, await walk.AnswerCodeAsync(account[BindingKind.Phone], code));
    }

    [Fact]
    public async Task Code_that_was_never_sent_is_no_guess()
    {
        var (account, walk) = await StartAsync();

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(account[BindingKind.Phone], "123456"));

        Assert.Equal(5, (await walk.ViewAsync()).TriesLeft);
    }

    [Fact]
    public async Task Expired_code_is_refused_even_when_right()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(account[BindingKind.Phone], code));
    }

    [Fact]
    public async Task Code_works_once()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Email]);
        Assert.Equal(ProveOutcome.OneMore, await walk.AnswerCodeAsync(account[BindingKind.Email], code));

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(account[BindingKind.Email], code));
    }

    [Fact]
    public async Task Code_of_another_request_is_worth_nothing()
    {
        var (account, walk) = await StartAsync();
        var other = await portal.StartWalkAsync(walk.Actor, account[BindingKind.QQ]);
        var code = await other.SendAndReadAsync(account[BindingKind.Phone]);

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(account[BindingKind.Phone], code));
        Assert.Equal(ProveOutcome.Verified, await other.AnswerCodeAsync(account[BindingKind.Phone], code));
    }

    [Fact]
    public async Task Code_of_another_session_is_worth_nothing()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);
        var other = walk.From(await portal.SignInAsync(account));

        Assert.Equal(ProveOutcome.NoCode, await other.AnswerCodeAsync(account[BindingKind.Phone], code));
    }

    [Fact]
    public async Task Code_of_another_purpose_is_worth_nothing()
    {
        var account = await portal.AddAccountAsync(password: false, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
        var phone = account[BindingKind.Phone];
        var actor = await portal.SignInAsync(account, by: phone);
        var walk = await portal.StartWalkAsync(actor, account[BindingKind.QQ]);
        var browser = Guid.NewGuid();
        await portal.Accounts.SendSignInCodeAsync(phone.Subject, browser, TestAccounts.Origin);
        var signIn = await portal.CodeSentToAsync(phone);
        await portal.Passwords.SendCodeAsync(actor);
        var setPassword = await portal.CodeSentToAsync(phone);

        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(phone, signIn));
        Assert.Equal(ProveOutcome.NoCode, await walk.AnswerCodeAsync(phone, setPassword));
        var unbind = await walk.SendAndReadAsync(phone);
        if (unbind != signIn)
        {
            Assert.Null(await portal.Accounts.SignInByCodeAsync(phone.Subject, new OneTimeCode(unbind), browser, TestAccounts.Origin));
        }

        Assert.Equal(ProveOutcome.Verified, await walk.AnswerCodeAsync(phone, unbind));
    }

    [Fact]
    public async Task Sixth_guess_is_not_compared()
    {
        await using var patient = await PortalServices.StartAsync(
            new PortalServicesSetup().With(("Unbind:TriesPerRequest", "10"), ("Verification:FreeFailures", "100"))
        );
        var (account, walk) = await StartAsync(patient);
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);
        for (var guess = 1; guess <= 5; guess++)
        {
            Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(account[BindingKind.Phone], Other(code)));
        }

        Assert.Equal(ProveOutcome.NoTriesLeft, await walk.AnswerCodeAsync(account[BindingKind.Phone], code));

        // Another factor still works.
        Assert.Equal(ProveOutcome.OneMore, await walk.AnswerPasswordAsync());
    }

    [Fact]
    public async Task Resending_brings_no_tries_back()
    {
        await using var patient = await PortalServices.StartAsync(
            new PortalServicesSetup().With(("Unbind:TriesPerRequest", "10"), ("Verification:FreeFailures", "100"))
        );
        var (account, walk) = await StartAsync(patient);
        var phone = account[BindingKind.Phone];
        for (var sending = 0; sending < 2; sending++)
        {
            var code = await walk.SendAndReadAsync(phone);
            await walk.AnswerCodeAsync(phone, Other(code));
            await walk.AnswerCodeAsync(phone, Other(code));
            patient.Clock.Advance(TimeSpan.FromSeconds(60));
        }

        var sent = Assert.IsType<SendOutcome.Sent>(await walk.SendCodeAsync(phone));
        Assert.Equal(1, sent.TriesLeft);
        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(phone, Other(await patient.CodeSentToAsync(phone))));
        patient.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.IsType<SendOutcome.NoTriesLeft>(await walk.SendCodeAsync(phone));
    }

    [Fact]
    public async Task Resent_code_replaces_the_one_before()
    {
        var (account, walk) = await StartAsync();
        var first = await walk.SendAndReadAsync(account[BindingKind.Phone]);
        portal.Clock.Advance(TimeSpan.FromSeconds(60));
        var second = await walk.SendAndReadAsync(account[BindingKind.Phone]);

        if (first != second)
        {
            Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(account[BindingKind.Phone], first));
        }

        Assert.Equal(ProveOutcome.Verified, await walk.AnswerCodeAsync(account[BindingKind.Phone], second));
    }

    [Fact]
    public async Task Resending_too_soon_says_when()
    {
        var (account, walk) = await StartAsync();
        await walk.SendAndReadAsync(account[BindingKind.Phone]);
        portal.Clock.Advance(TimeSpan.FromSeconds(59));

        var refused = Assert.IsType<SendOutcome.TooSoon>(await walk.SendCodeAsync(account[BindingKind.Phone]));

        Assert.Equal(ManualClock.Noon.AddSeconds(60), refused.Until);
        Assert.Equal(0, await portal.DispatchAsync());
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<SendOutcome.Sent>(await walk.SendCodeAsync(account[BindingKind.Phone]));
    }

    [Fact]
    public async Task Five_wrong_answers_in_all_end_the_walk()
    {
        var (account, walk) = await StartAsync();
        var code = await walk.SendAndReadAsync(account[BindingKind.Phone]);
        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerPasswordAsync("not the password"));
        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(account[BindingKind.Phone], Other(code)));
        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerPasswordAsync("nor is this"));
        Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(account[BindingKind.Phone], Other(code)));

        Assert.Equal(ProveOutcome.Over, await walk.AnswerPasswordAsync("the fifth"));

        var view = await walk.ViewAsync();
        Assert.Equal((UnbindStage.Cancelled, CancelReason.TooManyTries), (view.Stage, view.Cancelled));
        Assert.Equal(ProveOutcome.Over, await walk.AnswerCodeAsync(account[BindingKind.Phone], code));
    }

    [Fact]
    public async Task Many_wrong_answers_over_several_walks_have_to_wait()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
        var actor = await portal.SignInAsync(account);
        for (var guess = 0; guess < 5; guess++)
        {
            var wrong = await portal.StartWalkAsync(actor, account.Bindings[guess % 3]);
            Assert.Equal(ProveOutcome.Wrong, await wrong.AnswerPasswordAsync("guess"));
        }

        var walk = await portal.StartWalkAsync(actor, account[BindingKind.QQ]);
        Assert.Equal(ProveOutcome.MustWait, await walk.AnswerPasswordAsync());
        portal.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ProveOutcome.Verified, await walk.AnswerPasswordAsync());
    }

    [Fact]
    public async Task Password_is_no_code_and_a_code_no_password()
    {
        var (account, walk) = await StartAsync();
        var phone = account[BindingKind.Phone];
        await walk.SendAndReadAsync(phone);

        var asCode = new ProofAnswer.Code(new OneTimeCode("123456"));
        var asPassword = new ProofAnswer.Password(new SecretText(TestAccount.Password));
        var password = new Factor(ProofMethod.Password);
        Assert.Equal(ProveOutcome.NotSuitable, await portal.Proofs.ProveAsync(walk.Actor, walk.RequestId, phone.Factor, asPassword));
        Assert.Equal(ProveOutcome.NotSuitable, await portal.Proofs.ProveAsync(walk.Actor, walk.RequestId, password, asCode));
        Assert.Equal(0, await portal.ReadAsync(db => db.Proofs.CountAsync()));
    }

    private static string Other(string code) => $"{(code[0] == '0' ? '1' : '0')}{code[1..]}";

    private Task<(TestAccount Account, TestWalk Walk)> StartAsync() => StartAsync(portal);

    private static async Task<(TestAccount Account, TestWalk Walk)> StartAsync(PortalServices portal)
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.QQ);
        return (account, await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]));
    }
}
