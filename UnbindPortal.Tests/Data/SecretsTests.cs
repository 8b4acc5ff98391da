using System.Text;
using Microsoft.Extensions.Logging;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Data;

/// <summary>Rule 10: numbers, addresses, codes and passwords are readable in no file of the data folder but the key ring's, and in no log.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task Nothing_secret_is_readable_in_storage_or_log()
    {
        using var folder = new TempFolder();
        var secrets = new List<string>();
        CapturedLogs logs;
        await using (
            var portal = await PortalServices.StartAsync(
                new PortalServicesSetup { DataFolder = folder.FullPath, LogLevel = LogLevel.Trace }
            )
        )
        {
            secrets.AddRange(await LiveThroughEverythingAsync(portal));
            logs = portal.Logs;
            AssertAbsent(secrets, folder);
            await portal.DispatchAsync();
            AssertAbsent(secrets, folder);
        }

        AssertAbsent(secrets, folder);
        Assert.True(logs.Lines.Count > 100, "The log was not captured.");
        Assert.All(secrets, secret => Assert.DoesNotContain(logs.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Scan_finds_what_is_there()
    {
        using var folder = new TempFolder();
        await using var portal = await PortalServices.StartAsync(new PortalServicesSetup { DataFolder = folder.FullPath });
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone);

        Assert.Throws<Xunit.Sdk.TrueException>(() => AssertAbsent([account.UserName], folder));
    }

    private static async Task<IReadOnlyList<string>> LiveThroughEverythingAsync(PortalServices portal)
    {
        var account = await portal.AddAccountAsync(
            password: true,
            BindingKind.Phone,
            BindingKind.Email,
            BindingKind.WeChat,
            BindingKind.App
        );
        var phone = account[BindingKind.Phone];
        var codes = new List<string>();

        await portal.Accounts.SendSignInCodeAsync(phone.Subject, Guid.NewGuid(), TestAccounts.Origin);
        codes.Add(await portal.CodeSentToAsync(phone));
        await portal.Accounts.SignInByPasswordAsync(phone.Subject, new SecretText("a-wrong-password-93"), TestAccounts.Origin);
        var ticket = await portal.Accounts.SignInByPasswordAsync(phone.Subject, new SecretText(TestAccount.Password), TestAccounts.Origin);
        var actor = new Actor(account.Id, ticket!.SessionId);
        var walk = await portal.StartWalkAsync(actor, phone, account[BindingKind.WeChat]);
        await walk.AnswerPasswordAsync("another-wrong-one-77");
        codes.Add(await walk.SendAndReadAsync(account[BindingKind.Email]));
        codes.Add(await walk.SendAndReadAsync(phone));
        Assert.Equal(ProveOutcome(), await walk.AnswerCodeAsync(phone, codes[^1]));
        await walk.ConfirmAsync();
        await portal.Bindings.ListAsync(actor);

        // Short codes turn up in ids and times by chance: looked for only where they would be written as they are.
        return
        [
            phone.Subject,
            phone.Subject[3..],
            account[BindingKind.Email].Subject,
            account[BindingKind.WeChat].Subject,
            TestAccount.Password,
            "a-wrong-password-93",
            "another-wrong-one-77",
            ticket.Secret,
            TestAccounts.Origin.Address,
            TestAccounts.Origin.Browser,
            .. codes.Select(code => $"\"{code}\""),
            .. codes.Where(code => code.Length == 8),
        ];

        static Features.Unbind.ProveOutcome ProveOutcome() => Features.Unbind.ProveOutcome.Verified;
    }

    private static void AssertAbsent(IReadOnlyList<string> secrets, TempFolder folder)
    {
        var files = Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("portal.db", StringComparison.Ordinal));
        foreach (var file in files.Where(file => Path.GetFileName(file) is not ("keyring.json" or "portal.lock")))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            foreach (var secret in secrets)
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"'{secret}' stands in {file}");
                Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)) < 0, $"'{secret}' stands in {file}");
            }
        }
    }
}
