using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Integration;

/// <summary>What a first import takes over and what it refuses.</summary>
public sealed class ImportRuleTests : IAsyncLifetime
{
    private const string Neighbour = "good,good,Good,13600000001,good@example.cn,,,,";
    private readonly ImportFiles files = new();
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync();

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Account_comes_in_with_everything_the_files_know()
    {
        var summary = await files.TakeAsync(
            portal,
            "a1,lin,Lin,138 0000 5678,Lin@Example.cn,,2020-05-14T09:12:00+08:00,2026-02-27 21:40:00,Hangzhou|Shanghai",
            """
            a1,App,ride,Ride diary,2024-04-20,2024-04-21,2025-10-26,phone number|nickname,Phone:13800005678|wechat:wx1:openid-1,
            a1,WeChat,openid-1,Moon,2021-02-11T22:30Z,2021-02-12,,,,wx1
            a1,phone,+8613800005678,,2020-05-15,2025-11-03,2026-02-20,,,
            """
        );

        Assert.Equal((1, 4), (summary.AccountsNew, summary.BindingsNew));
        var account = await portal.ImportedAsync("a1");
        Assert.Equal(("lin", AccountStatus.Active, "Lin"), (account.UserName, account.Status, account.Profile.DisplayName));
        Assert.Equal(["Hangzhou", "Shanghai"], account.Profile.UsualPlaces);
        Assert.Equal(Utc(2020, 5, 14, 1, 12), account.RegisteredAt);
        Assert.Equal(Utc(2026, 2, 27, 21, 40), account.LastSignInAt);

        var phone = account[BindingKind.Phone];
        Assert.Equal("+8613800005678", phone.Identity.Subject);
        Assert.Equal((Utc(2020, 5, 15), Utc(2025, 11, 3), Utc(2026, 2, 20)), (phone.Row.BoundAt, phone.Row.ProvedAt, phone.Row.LastUsedAt));
        var email = account[BindingKind.Email];
        Assert.Equal("lin@example.cn", email.Identity.Subject);
        Assert.Equal(account.RegisteredAt, email.Row.ProvedAt);
        Assert.Equal(
            ("wx1:openid-1", "Moon"),
            (account[BindingKind.WeChat].Identity.Subject, account[BindingKind.WeChat].Identity.DisplayName)
        );
        var app = account[BindingKind.App];
        Assert.Equal(["phone number", "nickname"], app.Identity.Scopes);
        var leansOn = await portal.ReadAsync(db =>
            db.AppDependencies.Where(d => d.AppBindingId == app.Row.Id).Select(d => d.OnBindingId).ToListAsync()
        );
        Assert.Equal(new[] { phone.Row.Id, account[BindingKind.WeChat].Row.Id }.Order(), leansOn.Order());
        var entry = Assert.Single(await portal.ReadAsync(db => db.Ledger.ToListAsync()));
        Assert.Equal((nameof(AccountImported), account.Id), (entry.Action, entry.AccountId));
    }

    [Theory]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV2)]
    [InlineData(PasswordHasherCompatibilityMode.IdentityV3)]
    public async Task Password_signs_in_by_user_name_phone_and_mail(PasswordHasherCompatibilityMode form)
    {
        await files.TakeAsync(portal, $"a1,lin,Lin,13800005678,lin@example.cn,{ImportFiles.Hash(form: form)},,,");

        foreach (var name in new[] { "lin", "13800005678", "lin@example.cn" })
        {
            Assert.NotNull(await portal.Accounts.SignInByPasswordAsync(name, new SecretText(TestAccount.Password), TestAccounts.Origin));
        }
    }

    [Theory]
    [InlineData("a1,,,13800005678,,,,,", "", AccountStatus.Active)]
    [InlineData("a1,,,,lin@example.cn,,,,", "", AccountStatus.Inactive)]
    [InlineData("a1,,,13800005678,,,,,", "a1,Phone,13800005678,,,,,,,", AccountStatus.Inactive)]
    [InlineData("a1,,,,,,,,", "a1,WeChat,openid,,,2024-01-01,,,,", AccountStatus.Inactive)]
    [InlineData("a1,,,,,,,,", "a1,Phone,13800005678,,,2024-01-01,,,,", AccountStatus.Active)]
    public async Task Account_is_active_when_it_has_a_way_in(string account, string binding, AccountStatus status)
    {
        await files.TakeAsync(portal, account, binding);

        var imported = await portal.ImportedAsync("a1");
        Assert.Equal((status, "a1"), (imported.Status, imported.UserName));
    }

    [Fact]
    public async Task Platform_that_is_switched_on_is_a_way_in()
    {
        await portal.RestartAsync(("Platforms:Enabled:0", "WeChat"));

        await files.TakeAsync(portal, "a1,,,,,,,,", "a1,WeChat,openid,,,2024-01-01,,,,");

        Assert.Equal(AccountStatus.Active, (await portal.ImportedAsync("a1")).Status);
    }

    [Theory]
    [InlineData("a1,,,12345,,,,,", "accounts.csv:3: phone: not a phone number")]
    [InlineData("a1,,,,lin@,,,,", "accounts.csv:3: email: not an e-mail address")]
    [InlineData("a1,,,,,,14/05/2020,,", "accounts.csv:3: registered_at: not an ISO 8601 time")]
    [InlineData("a1,,,,,,,2999-01-01,", "accounts.csv:3: last_sign_in_at: lies in the future")]
    [InlineData("a1,,,,,cGFzc3dvcmQ=,,,", "accounts.csv:3: password_hash: neither empty nor a password hash")]
    [InlineData("a1,,,,,not base64,,,", "accounts.csv:3: password_hash: neither empty nor a password hash")]
    [InlineData("a1,GOOD,,,,,,,", "accounts.csv:3: user_name: another account has this user name")]
    [InlineData("a1,,,13600000001,,,,,", "accounts.csv:3: phone: 136 **** 0001 belongs to another account")]
    [InlineData("a1,,,,GOOD@example.cn,,,,", "accounts.csv:3: email: g***@example.cn belongs to another account")]
    [InlineData("a1,,Li\u202En,,,,,,", "accounts.csv:3: display_name: holds control characters")]
    [InlineData("a1,,\"Li\nn\",,,,,,", "accounts.csv:3: display_name: holds control characters")]
    [InlineData("a1,,,,,,", "accounts.csv:3: the line does not have exactly one value for each column")]
    [InlineData(",,,13800005678,,,,,", "accounts.csv:3: external_id: empty")]
    public async Task Account_line_is_refused_with_its_bindings_and_takes_no_other_with_it(string line, string reason)
    {
        files.Write($"{Neighbour}\n{line}", "a1,QQ,q1,,,2024-01-01,,,,\ngood,QQ,q2,,,2024-01-01,,,,");

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Contains(refused, text => text.StartsWith(reason, StringComparison.Ordinal));
        Assert.Contains(refused, text => text.StartsWith("bindings.csv:2: account: ", StringComparison.Ordinal));
        Assert.Equal(2, refused.Count);
        Assert.Equal((1, 3), (summary.AccountsNew, summary.BindingsNew));
        Assert.Null(await portal.FindImportedAsync("a1"));
    }

    [Theory]
    [InlineData("a1,Fax,123,,,,,,,", "kind: not one of Phone, Email, WeChat, QQ, Alipay, App")]
    [InlineData("a1,Passkey,123,,,,,,,", "kind: not one of")]
    [InlineData("a1,1,13800005678,,,,,,,", "kind: not one of")]
    [InlineData("a1,Phone,123,,,,,,,", "subject: not a phone number")]
    [InlineData("a1,Email,nobody,,,,,,,", "subject: not an e-mail address")]
    [InlineData("a1,QQ,,,,,,,,", "subject: empty")]
    [InlineData("a1,QQ,q1,,,yesterday,,,,", "proved_at: not an ISO 8601 time")]
    [InlineData("a1,QQ,q1,,,,2999-01-01,,,", "last_used_at: lies in the future")]
    [InlineData("a1,QQ,q1,,,,,profile,,", "scopes: only an app has this")]
    [InlineData("a1,QQ,q1,,,,,,Phone:13800005678,", "depends_on: only an app has this")]
    [InlineData("a1,App,app,,,,,,Phone:13800009999,", "depends_on: entry 1 is not bound to this account")]
    [InlineData("a1,App,app,,,,,,Phone:13800005678|App:other,", "depends_on: entry 2 is not bound to this account")]
    [InlineData("a1,App,app,,,,,,,shop", "issuer: only WeChat, QQ and Alipay have an issuer")]
    [InlineData("a1,QQ,q1,,,,,,,a:b", "issuer: only WeChat, QQ and Alipay have an issuer")]
    [InlineData("a2,QQ,q1,,,,,,,", "account: no line of the accounts file has this external id")]
    [InlineData(",QQ,q1,,,,,,,", "account: empty")]
    [InlineData("a1,Phone,13600000001,,,2024-01-01,,,,", "subject: 136 **** 0001 belongs to another account")]
    [InlineData("a1,QQ,\"q1\"x,,,,,,,", "the line does not have exactly one value for each column")]
    public async Task Binding_line_is_refused_and_takes_no_other_with_it(string line, string reason)
    {
        files.Write($"{Neighbour}\na1,,,13800005678,,,,,", $"{line}\na1,Alipay,208800001,,,2024-01-01,,,,");

        var (_, refused) = await files.RunAsync(portal);

        Assert.StartsWith($"bindings.csv:2: {reason}", Assert.Single(refused), StringComparison.Ordinal);
        var account = await portal.ImportedAsync("a1");
        Assert.Equal([BindingKind.Phone, BindingKind.Alipay], account.Bindings.Select(b => b.Row.Kind));
    }

    [Fact]
    public async Task Later_line_with_the_same_account_or_identity_is_refused()
    {
        files.Write(
            "a1,,First,,,,,,\na1,,Second,,,,,,\na2,,,,,,,,",
            "a1,QQ,q1,,,,,,,\na2,QQ,q1,,,,,,,\na1,App,app,,,,,,,\na2,App,app,,,,,,,\na2,App,app,,,,,,,"
        );

        var (_, refused) = await files.RunAsync(portal);

        Assert.Equal(
            [
                "accounts.csv:3: external_id: this external id stands further up; the first line counts",
                "bindings.csv:3: subject: this identity stands in line 2 already; the first line counts",
                "bindings.csv:6: subject: this identity stands in line 5 already; the first line counts",
            ],
            refused.Order(StringComparer.Ordinal)
        );
        Assert.Equal("First", (await portal.ImportedAsync("a1")).Profile.DisplayName);
        Assert.Equal(BindingKind.App, Assert.Single((await portal.ImportedAsync("a2")).Bindings).Row.Kind);
    }

    [Theory]
    [InlineData("external_id", 129, "external_id: longer than 128 characters")]
    [InlineData("user_name", 257, "user_name: longer than 256 characters")]
    [InlineData("display_name", 129, "display_name: longer than 128 characters")]
    [InlineData("usual_places", 129, "usual_places: longer than 128 characters")]
    public async Task Value_that_is_too_long_is_refused(string column, int length, string reason)
    {
        var values = ImportFiles.AccountColumns.Split(',').Select(name => name == column ? new string('x', length) : "");
        var line = string.Join(',', values);
        files.Write(column is "external_id" ? line : $"a1{line}");

        var (_, refused) = await files.RunAsync(portal);

        Assert.Equal($"accounts.csv:2: {reason}", Assert.Single(refused));
    }

    [Fact]
    public async Task Account_takes_a_thousand_bindings_and_no_more()
    {
        var lines = Enumerable.Range(0, Importer.MostBindings + 2).Select(i => $"a1,App,app-{i},,,,,,,");
        files.Write("a1,,,,,,,,", string.Join('\n', lines));

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Equal(Importer.MostBindings, summary.BindingsNew);
        Assert.Equal(["bindings.csv:1002", "bindings.csv:1003"], refused.Select(text => text[.."bindings.csv:1002".Length]));
    }

    [Fact]
    public async Task Identities_of_a_batch_may_outnumber_the_parameters_of_a_statement()
    {
        var many = TestScale.Pick(4, 40);
        var accounts = Enumerable.Range(0, many).Select(i => $"a{i},,,,,,,,");
        var bindings = Enumerable.Range(0, many).SelectMany(i => Enumerable.Range(0, 900).Select(j => $"a{i},QQ,q-{i}-{j},,,,,,,"));

        var summary = await files.TakeAsync(portal, string.Join('\n', accounts), string.Join('\n', bindings));

        Assert.Equal((many, many * 900), (summary.AccountsNew, summary.BindingsNew));
    }

    [Fact]
    public async Task Formula_characters_are_data()
    {
        await files.TakeAsync(portal, "a1,,=1+1,,,,,,@home|+1", "a1,QQ,-2+3,=cmd,,,,,,");

        var account = await portal.ImportedAsync("a1");
        Assert.Equal("=1+1", account.Profile.DisplayName);
        Assert.Equal(["@home", "+1"], account.Profile.UsualPlaces);
        Assert.Equal(("-2+3", "=cmd"), (account[BindingKind.QQ].Identity.Subject, account[BindingKind.QQ].Identity.DisplayName));
    }

    [Fact]
    public async Task Lines_are_counted_as_an_editor_counts_them()
    {
        files.Write("a1,,\"Lin\",,,,,,\r\n\r\na2,,\"two\nlines\",,,,,,\na3,,,,,nonsense,,,");

        var (_, refused) = await files.RunAsync(portal);

        Assert.Equal(["accounts.csv:4", "accounts.csv:6"], refused.Select(text => text[.."accounts.csv:4".Length]));
    }

    [Fact]
    public async Task Header_may_be_in_any_case_and_order_with_a_mark_and_more_columns()
    {
        await File.WriteAllTextAsync(files.Accounts, "\uFEFFShoe_Size,Email,EXTERNAL_ID\n42,lin@example.cn,a1\n");
        await File.WriteAllTextAsync(files.Bindings, "Proved_At,Subject,Kind,Account\n2024-01-01,q1,qq,a1\n");

        var (summary, refused) = await files.RunAsync(portal);

        Assert.Empty(refused);
        Assert.Equal(["accounts.csv: Shoe_Size"], summary.Ignored);
        Assert.Equal((1, 2), (summary.AccountsNew, summary.BindingsNew));
    }

    [Theory]
    [InlineData("accounts.csv", "user_name\nlin\n", "accounts.csv lacks external_id.")]
    [InlineData("bindings.csv", "account,kind\na1,QQ\n", "bindings.csv lacks subject, proved_at.")]
    [InlineData("accounts.csv", "", "accounts.csv is empty.")]
    [InlineData("accounts.csv", "external_id,External_Id\na1,a1\n", "accounts.csv names the column 'external_id' twice.")]
    [InlineData("bindings.csv", null, "bindings.csv does not exist.")]
    public async Task File_that_cannot_be_read_is_one_clear_error(string file, string? text, string message)
    {
        files.Write(Neighbour, "good,QQ,q1,,,,,,,");
        var path = file == "accounts.csv" ? files.Accounts : files.Bindings;
        File.Delete(path);
        if (text is not null)
        {
            await File.WriteAllTextAsync(path, text);
        }

        var error = await Assert.ThrowsAsync<UnreadableFileException>(() => files.RunAsync(portal));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Null(await portal.FindImportedAsync("good"));
    }

    [Fact]
    public async Task File_in_another_encoding_is_one_clear_error()
    {
        files.Write(Neighbour);
        byte[] gbk = [.. "good,QQ,q1,"u8, 0xCD, 0xED, 0xB7, 0xE7, .. ",,,,,,\n"u8];
        await File.AppendAllBytesAsync(files.Bindings, gbk);

        var error = await Assert.ThrowsAsync<UnreadableFileException>(() => files.RunAsync(portal));

        Assert.StartsWith("bindings.csv is not UTF-8.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotation_mark_that_is_never_closed_is_one_clear_error()
    {
        files.Write(Neighbour, $"good,QQ,\"q1{new string('x', 300_000)}");

        var error = await Assert.ThrowsAsync<UnreadableFileException>(() => files.RunAsync(portal));

        Assert.Contains("a quotation mark may be missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_name_no_identity_in_full()
    {
        files.Write(
            $"{Neighbour}\na1,,,13600000001,,,,,\na2,,,99913600000001,,,,,\na3,,,,,secrethash,,,",
            "good,Phone,13712345678x,,,,,,,\ngood,WeChat,openid-full-1,,,,,,,\na9,WeChat,openid-full-2,,,,,,,\na9,WeChat,openid-full-2,,,,,,,"
        );

        var (_, refused) = await files.RunAsync(portal);

        Assert.Equal(6, refused.Count);
        var text = string.Join('\n', refused);
        Assert.All(
            ["13600000001", "13712345678", "openid-full", "secrethash"],
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)
        );
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour = 0, int minute = 0) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
