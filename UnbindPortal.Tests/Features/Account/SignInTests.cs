using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Account;

public sealed class SignInTests : IAsyncLifetime
{
    private static readonly Guid Browser = Guid.NewGuid();
    private PortalServices portal = null!;
    private TestAccount account = null!;

    public async Task InitializeAsync()
    {
        portal = await PortalServices.StartAsync();
        account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
    }

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task User_name_phone_and_mail_each_sign_in_with_the_password()
    {
        var phone = account[BindingKind.Phone].Subject;
        string[] names =
        [
            account.UserName,
            account.UserName.ToUpperInvariant(),
            $" {account.UserName} ",
            phone,
            phone[3..],
            $"{phone[3..6]} {phone[6..10]} {phone[10..]}",
            account[BindingKind.Email].Subject,
            account[BindingKind.Email].Subject.ToUpperInvariant(),
        ];
        foreach (var name in names)
        {
            var ticket = await ByPasswordAsync(name);

            Assert.Equal(account.Id, ticket?.AccountId);
            Assert.Equal(account.UserName, ticket!.DisplayName);
            Assert.True(await portal.Sessions.IsValidAsync(new Actor(account.Id, ticket.SessionId), ticket.Secret, CancellationToken.None));
        }

        var sessions = await portal.ReadAsync(db => db.Sessions.ToListAsync());
        Assert.All(sessions, session => Assert.Equal((SignInMethod.Password, null), (session.SignedInBy, session.SignedInBindingId)));
        Assert.Equal(names.Length, await portal.ReadAsync(db => db.Ledger.CountAsync(e => e.Action == nameof(SignedIn))));
    }

    [Fact]
    public async Task Phone_signs_in_by_a_code()
    {
        var phone = account[BindingKind.Phone];
        Assert.IsType<SendOutcome.Sent>(await portal.Accounts.SendSignInCodeAsync(phone.Subject, Browser, TestAccounts.Origin));
        var code = await portal.CodeSentToAsync(phone);

        var ticket = await ByCodeAsync(phone, code);

        Assert.Equal(account.Id, ticket?.AccountId);
        var session = await portal.ReadAsync(db => db.Sessions.SingleAsync());
        Assert.Equal((SignInMethod.SmsCode, (Guid?)phone.Id), (session.SignedInBy, session.SignedInBindingId));
        var binding = await portal.ReadAsync(db => db.Bindings.SingleAsync(b => b.Id == phone.Id));
        Assert.Equal((ManualClock.Noon, ManualClock.Noon), (binding.ProvedAt!.Value, binding.LastUsedAt!.Value));
    }

    [Fact]
    public async Task Sign_in_code_works_once_and_only_in_the_browser_that_asked()
    {
        var phone = account[BindingKind.Phone];
        await portal.Accounts.SendSignInCodeAsync(phone.Subject, Browser, TestAccounts.Origin);
        var code = new OneTimeCode(await portal.CodeSentToAsync(phone));

        Assert.Null(await portal.Accounts.SignInByCodeAsync(phone.Subject, code, Guid.NewGuid(), TestAccounts.Origin));
        Assert.NotNull(await portal.Accounts.SignInByCodeAsync(phone.Subject, code, Browser, TestAccounts.Origin));
        Assert.Null(await portal.Accounts.SignInByCodeAsync(phone.Subject, code, Browser, TestAccounts.Origin));
    }

    [Fact]
    public async Task Expired_sign_in_code_is_refused_even_when_right()
    {
        var phone = account[BindingKind.Phone];
        await portal.Accounts.SendSignInCodeAsync(phone.Subject, Browser, TestAccounts.Origin);
        var code = await portal.CodeSentToAsync(phone);
        portal.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(await ByCodeAsync(phone, code));
    }

    [Fact]
    public async Task Wrong_unknown_and_closed_look_alike()
    {
        var closed = await portal.AddAccountAsync(password: true, BindingKind.Phone);
        var withoutPassword = await portal.AddAccountAsync(password: false, BindingKind.Phone);
        var phone = closed[BindingKind.Phone];
        await portal.Accounts.SendSignInCodeAsync(phone.Subject, Browser, TestAccounts.Origin);
        var code = await portal.CodeSentToAsync(phone);
        await portal.ChangeAsync(async change => (await change.AccountAsync(closed.Id))!.Close());

        Assert.Null(await ByPasswordAsync(account.UserName, "not the password"));
        Assert.Null(await ByPasswordAsync("nobody"));
        Assert.Null(await ByPasswordAsync(""));
        Assert.Null(await ByPasswordAsync(withoutPassword.UserName));
        Assert.Null(await ByPasswordAsync(withoutPassword.UserName, ""));
        Assert.Null(await ByPasswordAsync(closed.UserName));
        Assert.Null(await ByCodeAsync(phone, code));
        Assert.Equal(0, await portal.ReadAsync(db => db.Sessions.CountAsync()));
    }

    [Fact]
    public async Task Number_nobody_proved_is_no_way_in()
    {
        var phone = await portal.AddBindingAsync(account, BindingKind.Phone, proved: false);

        Assert.IsType<SendOutcome.Sent>(await portal.Accounts.SendSignInCodeAsync(phone.Subject, Browser, TestAccounts.Origin));

        Assert.Equal(0, await portal.DispatchAsync());
        Assert.Null(await ByCodeAsync(phone, "123456"));
    }

    [Fact]
    public async Task Mail_address_receives_no_sign_in_code()
    {
        await portal.Accounts.SendSignInCodeAsync(account[BindingKind.Email].Subject, Browser, TestAccounts.Origin);

        Assert.Equal(0, await portal.DispatchAsync());
    }

    [Fact]
    public async Task Failures_bring_waits_that_grow_to_an_hour()
    {
        for (var failure = 0; failure < 5; failure++)
        {
            Assert.Null(await ByPasswordAsync(account.UserName, "guess"));
        }

        foreach (var wait in new[] { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600 })
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(wait - 1));
            Assert.Null(await ByPasswordAsync(account.UserName)); // even the right one
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(await ByPasswordAsync(account.UserName, "guess"));
        }

        portal.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task Failures_are_forgotten_after_a_quiet_quarter_of_an_hour()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var failure = 0; failure < 4; failure++)
            {
                Assert.Null(await ByPasswordAsync(account.UserName, "guess"));
            }

            portal.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.NotNull(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task Right_answer_takes_back_its_own_charge_and_no_other()
    {
        for (var failure = 0; failure < 4; failure++)
        {
            Assert.Null(await ByPasswordAsync(account.UserName, "guess"));
        }

        Assert.NotNull(await ByPasswordAsync(account.UserName));
        Assert.NotNull(await ByPasswordAsync(account.UserName));
        Assert.Null(await ByPasswordAsync(account.UserName, "guess"));
        Assert.Null(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task Strangers_failures_do_not_stop_the_owner_in_a_known_browser()
    {
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        for (var failure = 0; failure < 10; failure++)
        {
            await ByPasswordAsync(account.UserName, "guess");
        }

        Assert.Null(await ByPasswordAsync(account.UserName));
        Assert.Equal(ProveOutcome.OneMore, await walk.AnswerPasswordAsync());
    }

    [Fact]
    public async Task Owners_failures_do_not_stop_a_sign_in_elsewhere()
    {
        var walk = await portal.StartWalkAsync(await portal.SignInAsync(account), account[BindingKind.Phone]);
        for (var failure = 0; failure < 5; failure++)
        {
            await walk.AnswerPasswordAsync("guess");
        }

        Assert.NotNull(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task Failures_survive_a_restart()
    {
        for (var failure = 0; failure < 5; failure++)
        {
            await ByPasswordAsync(account.UserName, "guess");
        }

        await portal.RestartAsync();

        Assert.Null(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task Hash_of_fewer_rounds_is_replaced_at_sign_in()
    {
        var old = new PasswordHasher<PortalUser>(
            Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 100 })
        ).HashPassword(new PortalUser(), TestAccount.Password);
        await SetHashAsync(old);

        Assert.NotNull(await ByPasswordAsync(account.UserName));

        var hash = await HashAsync();
        Assert.NotEqual(old, hash);
        Assert.NotNull(await ByPasswordAsync(account.UserName));
        Assert.Equal(hash, await HashAsync());
    }

    [Fact]
    public async Task Hash_of_the_old_form_is_replaced_at_sign_in()
    {
        var old = new PasswordHasher<PortalUser>(
            Microsoft.Extensions.Options.Options.Create(
                new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV2 }
            )
        ).HashPassword(new PortalUser(), TestAccount.Password);
        await SetHashAsync(old);

        Assert.NotNull(await ByPasswordAsync(account.UserName));

        Assert.Equal(0x01, Convert.FromBase64String(await HashAsync())[0]);
        Assert.NotNull(await ByPasswordAsync(account.UserName));
    }

    [Fact]
    public async Task New_hashes_take_210000_rounds_of_SHA512()
    {
        await using var product = await PortalServices.StartAsync(new PortalServicesSetup { HashIterations = null });

        var hash = Convert.FromBase64String(product.Get<IPasswordHasher<PortalUser>>().HashPassword(new PortalUser(), "any"));

        // Identity's V3 form: marker, pseudo-random function (2 = HMAC-SHA512) and rounds, big-endian.
        Assert.Equal((0x01, 2u, 210_000u), (hash[0], BigEndian(hash, 1), BigEndian(hash, 5)));
        static uint BigEndian(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
    }

    [Fact]
    public async Task Password_is_the_same_however_its_characters_are_composed()
    {
        var composed = "caf\u00e9-window-51-rain";
        await SetHashAsync(portal.Get<IPasswordHasher<PortalUser>>().HashPassword(new PortalUser(), composed));

        Assert.NotNull(await ByPasswordAsync(account.UserName, "cafe\u0301-window-51-rain"));
    }

    private Task<SessionTicket?> ByPasswordAsync(string name, string password = TestAccount.Password) =>
        portal.Accounts.SignInByPasswordAsync(name, new SecretText(password), TestAccounts.Origin);

    private Task<SessionTicket?> ByCodeAsync(TestBinding phone, string code) =>
        portal.Accounts.SignInByCodeAsync(phone.Subject, new OneTimeCode(code), Browser, TestAccounts.Origin);

    private Task SetHashAsync(string hash) =>
        portal.ChangeAsync(async change => (await change.Db.Users.SingleAsync(u => u.Id == account.Id)).PasswordHash = hash);

    private Task<string> HashAsync() =>
        portal.ReadAsync(db => db.Users.Where(u => u.Id == account.Id).Select(u => u.PasswordHash!).SingleAsync());
}
