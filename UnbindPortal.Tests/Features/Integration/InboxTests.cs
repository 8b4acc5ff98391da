using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using UnbindPortal.Trust.Notices;

namespace UnbindPortal.Features.Integration;

/// <summary>The Development inbox on the real process.</summary>
[Collection(RealProcesses.Collection)]
public sealed class InboxTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public async Task Development_shows_messages_newest_first_and_passes_over_broken_files()
    {
        var noon = ManualClock.Noon;
        Put(new WordedMessage(Guid.CreateVersion7(noon), MessageChannel.Sms, "+8613800005678", "", "Older <b>text</b>", "123456", noon));
        var later = noon.AddMinutes(1);
        Put(new WordedMessage(Guid.CreateVersion7(later), MessageChannel.Email, "lin@example.cn", "Subject", "Newer", null, later));
        foreach (var (name, text) in new[] { ("a", "{"), ("b", "{}"), ("c", "[]"), ("d", "null"), ("e", "{\"Channel\":99}") })
        {
            await File.WriteAllTextAsync(folder[$"inbox/{name}.json"], text);
        }

        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });
        using var client = portal.NewClient();
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/dev/inbox"));

        var messages = page.QuerySelectorAll("[data-testid=message]");
        Assert.Equal([null, "123456"], messages.Select(message => message.GetAttribute("data-code")));
        Assert.All(
            ["lin@example.cn", "Subject", "Newer"],
            word => Assert.Contains(word, messages[0].TextContent, StringComparison.Ordinal)
        );
        Assert.All(
            ["+8613800005678", "Older <b>text</b>"],
            word => Assert.Contains(word, messages[1].TextContent, StringComparison.Ordinal)
        );
    }

    [LinuxFact]
    public async Task Development_shows_at_most_fifty_and_says_so()
    {
        for (var i = 0; i < 51; i++)
        {
            var at = ManualClock.Noon.AddSeconds(i);
            Put(new WordedMessage(Guid.CreateVersion7(at), MessageChannel.Sms, "+8613800005678", "", "Text", $"{i:D6}", at));
        }

        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });
        using var client = portal.NewClient();
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/dev/inbox"));

        var messages = page.QuerySelectorAll("[data-testid=message]");
        Assert.Equal(50, messages.Length);
        Assert.Equal("000050", messages[0].GetAttribute("data-code"));
    }

    [LinuxFact]
    public async Task Outside_Development_there_are_no_inbox_no_demo_and_no_greeting()
    {
        Put(new WordedMessage(Guid.NewGuid(), MessageChannel.Sms, "+8613800005678", "", "Text", "123456", ManualClock.Noon));
        var setup = new PortalSetup
        {
            DataFolder = folder.FullPath,
            Environment = "Production",
            Variables = new Dictionary<string, string> { ["Delivery__Folder"] = folder["inbox"] },
        };
        await using var portal = await PortalProcess.StartAsync(setup);
        using var client = portal.NewClient();

        foreach (var path in new[] { "/dev/inbox", "/DEV/Inbox", "/dev/inbox/", "/dev/%69nbox" })
        {
            using var answer = await client.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("123456", text, StringComparison.Ordinal);
        }

        Assert.Equal(await WordsAsync(client, "/no-such-page"), await WordsAsync(client, "/dev/inbox"));
        Assert.DoesNotContain(portal.Log, line => line.Contains("chen", StringComparison.Ordinal));
        await portal.StopAsync();
        await using var services = await PortalServices.StartAsync(new() { DataFolder = folder.FullPath });
        Assert.Equal(0L, await services.ScalarAsync("SELECT COUNT(*) FROM Accounts"));
    }

    [LinuxFact]
    public async Task Development_greets_with_its_address_and_the_demo_accounts()
    {
        await using var portal = await PortalProcess.StartAsync(new PortalSetup { DataFolder = folder.FullPath });

        await portal.WaitForLogAsync($"UnbindPortal  {portal.BaseAddress.ToString().TrimEnd('/')}");
        await portal.WaitForLogAsync("lin, wang, support, lead, auditor   password lantern-river-42-moon");
        await portal.WaitForLogAsync("/dev/inbox");
    }

    private static async Task<string> WordsAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync()).Body!.TextContent;
    }

    private void Put(WordedMessage message)
    {
        Directory.CreateDirectory(folder["inbox"]);
        File.WriteAllBytes(folder[$"inbox/{message.Id:N}.json"], JsonSerializer.SerializeToUtf8Bytes(message));
    }
}
