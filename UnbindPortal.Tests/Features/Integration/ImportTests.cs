using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.Integration;

/// <summary>The import on a real database file, by its own services.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private const string AccountColumns = "external_id,user_name,display_name,phone,email,password_hash,registered_at\n";
    private const string BindingColumns = "account,kind,subject,display_name,bound_at,proved_at,last_used_at,scopes,depends_on\n";
    private const string At = "2024-05-14T09:12:00+08:00";

    private readonly TempFolder files = new();
    private readonly List<Refusal> refusals = [];
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy);

    public async Task DisposeAsync()
    {
        await portal.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task An_account_and_its_bindings_come_in_together()
    {
        var summary = await ImportAsync(
            $"a1,anna,安娜,13811110001,anna@example.cn,{Hash("a sentence nobody knows")},{At}\n",
            $"a1,WeChat,wx-1,晓,{At},{At},,,\na1,App,reader,晨读,{At},{At},,昵称|头像,Phone:13811110001|WeChat:wx-1\n"
        );

        Assert.Equal((1, 4, 0), (summary.AccountsNew, summary.BindingsNew, summary.Refused));
        var overview = await OverviewAsync("anna");
        Assert.Equal("安娜", overview.DisplayName);
        Assert.Equal(2, overview.WaysIn); // password and phone; the platforms are off
        Assert.Equal([BindingKind.Phone, BindingKind.Email, BindingKind.WeChat, BindingKind.App], overview.Bindings.Select(b => b.Kind));
        Assert.Equal(2, await portal.ReadAsync(db => db.AppDependencies.CountAsync()));
        Assert.Equal("AccountImported", await portal.ReadAsync(db => db.Ledger.Select(e => e.Action).FirstAsync()));
    }

    [Fact]
    public async Task Importing_the_same_files_again_changes_nothing()
    {
        var accounts = $"a1,anna,安娜,13811110001,anna@example.cn,,{At}\n";
        var bindings = $"a1,QQ,10001,,{At},{At},,,\n";
        await ImportAsync(accounts, bindings);
        var entries = await portal.ReadAsync(db => db.Ledger.CountAsync());

        var again = await ImportAsync(accounts, bindings);

        Assert.Equal((0, 0, 1), (again.AccountsNew, again.AccountsUpdated, again.AccountsUnchanged));
        Assert.Equal((0, 3, 0), (again.BindingsNew, again.BindingsKept, again.Refused));
        Assert.Equal(entries, await portal.ReadAsync(db => db.Ledger.CountAsync()));
    }

    [Fact]
    public async Task What_its_owner_removed_is_never_brought_back()
    {
        var accounts = $"a1,anna,安娜,13811110001,anna@example.cn,{Hash("a sentence nobody knows")},{At}\n";
        var bindings = $"a1,QQ,10001,,{At},{At},,,\n";
        await ImportAsync(accounts, bindings);
        await portal.ChangeAsync(async change =>
        {
            var qq = await change.Db.Bindings.SingleAsync(b => b.Kind == BindingKind.QQ);
            qq.Remove(change.Now);
            change.Db.LiveIdentities.Remove(await change.Db.LiveIdentities.SingleAsync(i => i.BindingId == qq.Id));
        });

        var again = await ImportAsync(accounts, bindings);

        Assert.Equal((0, 1), (again.BindingsNew, again.BindingsKeptRemoved));
        Assert.DoesNotContain(BindingKind.QQ, (await OverviewAsync("anna")).Bindings.Select(b => b.Kind));
    }

    [Theory]
    [InlineData("Identity V3", false)]
    [InlineData("Identity V2", true)]
    public async Task A_hash_of_either_form_signs_in(string _, bool version2)
    {
        await ImportAsync($"a1,anna,,,,{Hash("a sentence nobody knows", version2)},{At}\n", "");

        Assert.NotNull(await portal.Accounts.SignInByPasswordAsync("anna", new SecretText("a sentence nobody knows"), TestAccounts.Origin));
    }

    [Fact]
    public async Task A_password_that_is_set_is_not_overwritten()
    {
        await ImportAsync($"a1,anna,,,,{Hash("the first sentence")},{At}\n", "");

        await ImportAsync($"a1,anna,,,,{Hash("another sentence")},{At}\n", "");

        Assert.NotNull(await portal.Accounts.SignInByPasswordAsync("anna", new SecretText("the first sentence"), TestAccounts.Origin));
    }

    [Theory]
    [InlineData("a1,anna,,12345,,,\n", "phone", "NotAPhone")]
    [InlineData("a1,anna,,,not-an-address,,\n", "email", "NotAnEmail")]
    [InlineData("a1,anna,,,,bm90IGEgaGFzaA==,\n", "password_hash", "NotAPasswordHash")]
    [InlineData("a1,anna,,,,,yesterday\n", "registered_at", "NotATime")]
    [InlineData(",anna,,,,,\n", "external_id", "Missing")]
    [InlineData("a1,anna,\u202Egnp,,,,\n", "display_name", "Unprintable")]
    public async Task A_bad_account_line_is_refused_with_its_bindings_and_takes_no_other_along(string bad, string column, string reason)
    {
        var summary = await ImportAsync($"{bad}b1,berta,,13811110002,,,{At}\n", $"a1,QQ,10001,,{At},{At},,,\nb1,QQ,10002,,{At},{At},,,\n");

        Assert.Equal((1, 2), (summary.AccountsNew, summary.BindingsNew));
        var first = refusals[0];
        Assert.Equal((2, column, reason), (first.Line, first.Column, first.Reason.ToString()));
        Assert.Contains(refusals, r => r.Line == 2 && r.Reason is RefusalReason.AccountRefused or RefusalReason.UnknownAccount);
    }

    [Fact]
    public async Task A_bad_binding_line_leaves_the_account_and_its_other_bindings()
    {
        var summary = await ImportAsync(
            $"a1,anna,,13811110001,,,{At}\n",
            $"a1,Fax,1,,{At},{At},,,\na1,QQ,10001,,{At},{At},,,\nnobody,QQ,10002,,{At},{At},,,\na1,QQ,10001,,{At},{At},,,\n"
        );

        Assert.Equal((1, 2, 3), (summary.AccountsNew, summary.BindingsNew, summary.Refused));
        Assert.Equal(
            [(2, RefusalReason.UnknownKind), (5, RefusalReason.DuplicateIdentity), (4, RefusalReason.UnknownAccount)],
            refusals.Select(r => (r.Line, r.Reason))
        );
    }

    [Fact]
    public async Task An_identity_of_another_account_is_refused_without_saying_whose()
    {
        await ImportAsync($"a1,anna,,13811110001,,,{At}\n", "");

        await ImportAsync($"b1,berta,,13811110001,,,{At}\nc1,carl,,13811110003,,,{At}\n", $"c1,Phone,13811110001,,{At},{At},,,\n");

        Assert.Equal([RefusalReason.BelongsToAnother, RefusalReason.BelongsToAnother], refusals.Select(r => r.Reason));
        Assert.All(refusals, r => Assert.DoesNotContain("13811110001", r.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("anna", string.Concat(refusals), StringComparison.Ordinal);
        Assert.Equal(2, await portal.ReadAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task A_taken_user_name_and_a_second_line_of_one_account_are_refused()
    {
        await ImportAsync($"a1,anna,,13811110001,,,{At}\nx1,ANNA,,13811110002,,,{At}\na1,other,,,,,{At}\n", "");

        Assert.Equal(
            [(4, RefusalReason.DuplicateAccount), (3, RefusalReason.UserNameTaken)],
            refusals.Select(r => (r.Line, r.Reason)).OrderByDescending(r => r.Line)
        );
    }

    [Fact]
    public async Task A_binding_nobody_proved_counts_for_nothing_and_an_account_without_a_way_in_is_inactive()
    {
        await ImportAsync($"a1,anna,,,,,{At}\n", $"a1,Phone,13811110001,,{At},,,,\n");

        Assert.Equal(AccountStatus.Inactive, await portal.ReadAsync(db => db.Accounts.Select(a => a.Status).SingleAsync()));

        await ImportAsync($"a1,anna,,,,,{At}\n", $"a1,Phone,13811110001,,{At},{At},,,\n");

        Assert.Equal(AccountStatus.Active, await portal.ReadAsync(db => db.Accounts.Select(a => a.Status).SingleAsync()));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("user_name\n", "lacks external_id")]
    [InlineData("external_id,EXTERNAL_ID\n", "twice")]
    public async Task A_file_without_its_columns_is_refused_before_anything_is_changed(string accounts, string words)
    {
        var path = Write("accounts.csv", accounts);

        var refused = await Assert.ThrowsAsync<UnreadableFileException>(() =>
            portal.Get<Importer>().RunAsync(path, Write("bindings.csv", BindingColumns), refusals.Add, CancellationToken.None)
        );

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ReadAsync(db => db.Accounts.CountAsync()));
    }

    [Fact]
    public async Task Any_of_many_imported_accounts_can_sign_in_and_unbind()
    {
        var many = TestScale.Pick(600, 10_000);
        var hash = Hash("a sentence nobody knows");
        var accounts = string.Concat(Enumerable.Range(0, many).Select(i => $"e{i},user{i},,138{i:D8},u{i}@example.cn,{hash},{At}\n"));
        var bindings = string.Concat(
            Enumerable
                .Range(0, many)
                .Select(i =>
                    $"e{i},WeChat,wx{i},,{At},{At},,,\ne{i},QQ,qq{i},,{At},{At},,,\ne{i},App,reader,晨读,{At},{At},,昵称,Phone:138{i:D8}\n"
                )
        );

        var summary = await ImportAsync(accounts, bindings);

        Assert.Equal((many, many * 5, 0), (summary.AccountsNew, summary.BindingsNew, summary.Refused));
        foreach (var i in new[] { 0, many / 2, many - 1 })
        {
            var ticket = await portal.Accounts.SignInByPasswordAsync(
                $"138{i:D8}",
                new SecretText("a sentence nobody knows"),
                TestAccounts.Origin
            );
            var actor = new Actor(ticket!.AccountId, ticket.SessionId);
            var overview = await portal.Bindings.ListAsync(actor);
            var weChat = overview!.Bindings.Single(b => b.Kind is BindingKind.WeChat);
            var started = Assert.IsType<Unbind.StartOutcome.Started>(await portal.Unbinding.StartAsync(actor, [weChat.Id]));
            var proved = await portal.Proofs.ProveAsync(
                actor,
                started.RequestId,
                new Factor(ProofMethod.Password),
                new Unbind.ProofAnswer.Password(new SecretText("a sentence nobody knows"))
            );
            Assert.Equal(Unbind.ProveOutcome.Verified, proved);
            var view = await portal.Unbinding.FindAsync(actor, started.RequestId);
            var (confirmed, _) = await portal.Unbinding.ConfirmAsync(actor, started.RequestId, view!.PlanHash, view.Wait!.Value);
            Assert.Equal(Unbind.ConfirmOutcome.Confirmed, confirmed);
        }
    }

    private async Task<ImportSummary> ImportAsync(string accounts, string bindings)
    {
        refusals.Clear();
        return await portal
            .Get<Importer>()
            .RunAsync(
                Write("accounts.csv", AccountColumns + accounts),
                Write("bindings.csv", BindingColumns + bindings),
                refusals.Add,
                CancellationToken.None
            );
    }

    private async Task<SecurityCenter.SecurityOverview> OverviewAsync(string userName)
    {
        var id = await portal.ReadAsync(db => db.Users.Where(u => u.UserName == userName).Select(u => u.Id).SingleAsync());
        SessionTicket? ticket = null;
        await portal.ChangeAsync(async change =>
            ticket = portal.Sessions.Open(change, (await change.AccountAsync(id))!, SignInMethod.Password, null, TestAccounts.Origin)
        );
        return (await portal.Bindings.ListAsync(new Actor(id, ticket!.SessionId)))!;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(files.FullPath, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Hash(string password, bool version2 = false)
    {
        var options = new PasswordHasherOptions
        {
            CompatibilityMode = version2 ? PasswordHasherCompatibilityMode.IdentityV2 : PasswordHasherCompatibilityMode.IdentityV3,
            IterationCount = 500,
        };
        return new PasswordHasher<PortalUser>(Microsoft.Extensions.Options.Options.Create(options)).HashPassword(
            new PortalUser(),
            password
        );
    }
}
