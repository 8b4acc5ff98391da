using Microsoft.Playwright;
using UnbindPortal.Support.Browser;
using UnbindPortal.Support.Processes;

namespace UnbindPortal.Walks;

/// <summary>A code as it stands in the Development inbox, with the words around it.</summary>
internal sealed record CodeMessage(string Code, string Text);

/// <summary>The Development inbox in a tab of its own.</summary>
internal sealed class Inbox(IPage tab, Person person)
{
    private const int MostReloads = 200;

    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    public IPage Tab => tab;

    private ILocator WithCode => tab.Locator("[data-testid='message'][data-code]");

    public static async Task<Inbox> OpenAsync(BrowserWalk walk, Person person) => new(await walk.NewTabAsync(), person);

    /// <summary>The newest message with a code for the person that was not read before. A message leaves a moment after the page that asked for it answers.</summary>
    public async Task<CodeMessage> NextCodeAsync()
    {
        var messages = WithCode.Filter(new() { HasText = person.Phone }).Or(WithCode.Filter(new() { HasText = person.Email }));
        for (var reload = 0; reload < MostReloads; reload++)
        {
            await tab.GotoAsync("/dev/inbox");
            var newest = messages.First;
            if (await messages.CountAsync() > 0 && await newest.GetAttributeAsync("data-code") is { } code && read.Add(code))
            {
                return new CodeMessage(code, await newest.InnerTextAsync());
            }
        }

        throw new TimeoutException($"No further code after {MostReloads} looks into the inbox.");
    }
}
