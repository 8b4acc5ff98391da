using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Identity;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Integration;

/// <summary>An operator's two files, and the real importer over them.</summary>
internal sealed class ImportFiles : IDisposable
{
    public const string AccountColumns =
        "external_id,user_name,display_name,phone,email,password_hash,registered_at,last_sign_in_at,usual_places";

    public const string BindingColumns = "account,kind,subject,display_name,bound_at,proved_at,last_used_at,scopes,depends_on,issuer";

    private readonly TempFolder folder = new();

    public string Accounts => folder["accounts.csv"];

    public string Bindings => folder["bindings.csv"];

    /// <summary>A hash that costs little; its form is the usual one.</summary>
    public static string Hash(
        string password = TestAccount.Password,
        PasswordHasherCompatibilityMode form = PasswordHasherCompatibilityMode.IdentityV3
    )
    {
        var options = new PasswordHasherOptions { CompatibilityMode = form, IterationCount = 500 };
        return new PasswordHasher<PortalUser>(Microsoft.Extensions.Options.Options.Create(options)).HashPassword(
            new PortalUser(),
            password
        );
    }

    /// <summary>Writes both files: the usual headers and these lines.</summary>
    public void Write(string accounts, string bindings = "")
    {
        File.WriteAllText(Accounts, $"{AccountColumns}\n{accounts}\n");
        File.WriteAllText(Bindings, $"{BindingColumns}\n{bindings}\n");
    }

    /// <summary>Accounts with a password, a phone, an address, two platform identities and an app that leans on the phone.</summary>
    public void Generate(int accounts)
    {
        var hash = Hash();
        using var first = new StreamWriter(Accounts, append: false, Encoding.UTF8);
        using var second = new StreamWriter(Bindings, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        first.WriteLine(AccountColumns);
        second.WriteLine(BindingColumns);
        for (var i = 0; i < accounts; i++)
        {
            first.WriteLine($"ext-{i},user{i},Person {i},139{i:D8},u{i}@example.cn,{hash},2021-01-01T00:00:00Z,,Hangzhou");
        }

        // Kind by kind, so that an account's lines stand far apart.
        foreach (var kind in new[] { "App", "QQ", "WeChat", "Email", "Phone" })
        {
            for (var i = 0; i < accounts; i++)
            {
                var subject = kind switch
                {
                    "Phone" => $"139{i:D8}",
                    "Email" => $"u{i}@example.cn",
                    "App" => "reader",
                    _ => $"{kind}-{i:D8}",
                };
                var dependsOn = kind is "App" ? $"Phone:139{i:D8}" : "";
                second.WriteLine($"ext-{i},{kind},{subject},,2021-01-01,2021-01-01,2022-01-01,,{dependsOn},");
            }
        }
    }

    /// <summary>Runs the importer.</summary>
    public async Task<(ImportSummary Summary, IReadOnlyList<string> Refused)> RunAsync(PortalServices portal)
    {
        var refused = new List<string>();
        var summary = await portal
            .Get<Importer>()
            .RunAsync(Accounts, Bindings, refusal => refused.Add(refusal.ToString()), _ => { }, CancellationToken.None);
        Assert.Equal(refused.Count, summary.Refused);
        return (summary, refused);
    }

    /// <summary>Runs it on these lines and expects no refusal.</summary>
    public async Task<ImportSummary> TakeAsync(PortalServices portal, string accounts, string bindings = "")
    {
        Write(accounts, bindings);
        var (summary, refused) = await RunAsync(portal);
        Assert.Empty(refused);
        return summary;
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>An account as the portal has it, opened.</summary>
internal sealed record ImportedAccount(
    Guid Id,
    string? UserName,
    string? PasswordHash,
    AccountStatus Status,
    AccountProfile Profile,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastSignInAt,
    IReadOnlyList<(Binding Row, BindingIdentity Identity)> Bindings
)
{
    /// <summary>The only binding of a kind.</summary>
    public (Binding Row, BindingIdentity Identity) this[BindingKind kind] => Bindings.Single(binding => binding.Row.Kind == kind);

    /// <summary>The form in which the services' tests know an account.</summary>
    public TestAccount ForTests =>
        new(Id, UserName ?? "", [.. Bindings.Select(b => new TestBinding(b.Row.Id, b.Row.Kind, b.Identity.Subject))]);
}

internal static class ImportedAccounts
{
    public static async Task<ImportedAccount?> FindImportedAsync(this PortalServices portal, string externalId)
    {
        var (account, user, rows) = await portal.ReadAsync(async db =>
        {
            var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.ExternalId == externalId);
            var id = account?.Id;
            return (
                account,
                await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id),
                await db.Bindings.AsNoTracking().Where(b => b.AccountId == id).OrderBy(b => b.Kind).ToListAsync()
            );
        });
        if (account is null)
        {
            return null;
        }

        var cipher = AccountCipher.For(portal.Get<KeyRing>(), account.Id, account.WrappedDataKey);
        return new ImportedAccount(
            account.Id,
            user!.UserName,
            user.PasswordHash,
            account.Status,
            cipher.OpenProfile(account.SealedProfile),
            account.RegisteredAt,
            account.LastSignInAt,
            [.. rows.Select(row => (row, cipher.Open(row)))]
        );
    }

    public static async Task<ImportedAccount> ImportedAsync(this PortalServices portal, string externalId) =>
        await portal.FindImportedAsync(externalId) ?? throw new InvalidOperationException($"{externalId} is not there.");
}
