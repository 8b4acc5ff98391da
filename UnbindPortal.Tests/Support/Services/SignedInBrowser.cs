using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Domain;
using UnbindPortal.Support.Processes;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Support.Services;

/// <summary>A browser of a real portal, signed in by a cookie that was made beforehand over the same data folder.</summary>
public sealed partial class SignedInBrowser(Actor actor, string cookie)
{
    public Actor Actor { get; } = actor;

    /// <summary>Opens a session and makes its cookie for each account, in one change.</summary>
    public static async Task<IReadOnlyList<SignedInBrowser>> OpenAsync(PortalServices portal, IReadOnlyList<TestAccount> accounts)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var scheme = portal.Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var tickets = new List<SessionTicket>();
        await portal.ChangeAsync(async change =>
        {
            foreach (var account in accounts)
            {
                var owner = await change.Db.Accounts.SingleAsync(a => a.Id == account.Id);
                tickets.Add(portal.Sessions.Open(change, owner, SignInMethod.Password, null, TestAccounts.Origin));
            }
        });
        return
        [
            .. tickets.Select(ticket =>
            {
                var principal = ticket.ToPrincipal(ticket.DisplayName ?? "");
                var value = scheme.TicketDataFormat.Protect(new AuthenticationTicket(principal, IdentityConstants.ApplicationScheme));
                return new SignedInBrowser(new Actor(ticket.AccountId, ticket.SessionId), $"{scheme.Cookie.Name}={value}");
            }),
        ];
    }

    /// <summary>Reads the confirm page; answers what to post to confirm it.</summary>
    public async Task<Func<Task<HttpResponseMessage>>> ReadConfirmPageAsync(PortalProcess portal, Guid requestId)
    {
        ArgumentNullException.ThrowIfNull(portal);
        var path = $"/unbind/{requestId}/confirm";
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
        using var page = await client.SendAsync(request);
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.IsSuccessStatusCode, $"{path} answered {(int)page.StatusCode} {page.Headers.Location}");
        var antiforgery = page.Headers.GetValues("Set-Cookie").Select(set => set.Split(';')[0]);
        var cookies = string.Join("; ", antiforgery.Append(cookie));
        var form = html[html.IndexOf($"action=\"{path}\"", StringComparison.Ordinal)..];
        var fields = Field()
            .Matches(form[..form.IndexOf("</form>", StringComparison.Ordinal)])
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value, StringComparer.Ordinal);
        Assert.Equal(["__RequestVerificationToken", "planHash", "wait"], fields.Keys.Order(StringComparer.Ordinal));
        return () => PostAsync(portal, path, cookies, fields);
    }

    private static async Task<HttpResponseMessage> PostAsync(
        PortalProcess portal,
        string path,
        string cookies,
        IReadOnlyDictionary<string, string> fields
    )
    {
        using var client = portal.NewClient();
        using var content = new FormUrlEncodedContent(fields);
        using var post = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = content,
            Headers =
            {
                { "Cookie", cookies },
                { "Sec-Fetch-Site", "same-origin" },
                { "Origin", portal.BaseAddress.GetLeftPart(UriPartial.Authority) },
            },
        };
        return await client.SendAsync(post);
    }

    [GeneratedRegex(
        "<input[^>]*name=\"(?<name>[^\"]+)\"[^>]*value=\"(?<value>[^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Field();
}
