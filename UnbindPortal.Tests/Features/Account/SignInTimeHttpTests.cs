using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using UnbindPortal.Data.Identity;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Features.Account;

/// <summary>How long a refusal takes must not tell known accounts from unknown ones. Compares within one run; it claims no speed.</summary>
public sealed class SignInTimeHttpTests(SignInTimeHttpTests.CostlyPortal portal) : IClassFixture<SignInTimeHttpTests.CostlyPortal>
{
    private const int Tries = 15;

    [Fact]
    public async Task Known_and_unknown_accounts_are_refused_in_the_same_time()
    {
        var known = await Person.InAsync(portal);
        var imported = await Person.InAsync(portal, hash: CheapHash());
        using var browser = portal.NewBrowser();
        var page = await browser.GetAsync("/login");
        foreach (var warmUp in new[] { known.UserName, imported.UserName, "nobody" })
        {
            await TimeAsync(browser, page, warmUp);
        }

        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var i = 0; i < Tries; i++)
        {
            foreach (var name in new[] { known.UserName, imported.UserName, "nobody" })
            {
                times.TryAdd(name, []);
                times[name].Add(await TimeAsync(browser, page, name));
            }
        }

        var unknown = Median(times["nobody"]);
        Assert.InRange(Median(times[known.UserName]) / unknown, 0.5, 2);
        Assert.InRange(Median(times[imported.UserName]) / unknown, 0.5, 2);
    }

    private static async Task<double> TimeAsync(HttpBrowser browser, HttpAnswer page, string user)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await browser.SubmitAsync(page, "main form", ("Input.User", user), ("Input.Password", "wrong"));
        Assert.Equal(200, answer.Status);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // As another system may have made it: Identity's format with a tenth of our rounds.
    private static string CheapHash()
    {
        var options = Options.Create(new PasswordHasherOptions { IterationCount = 6_000 });
        return new PasswordHasher<PortalUser>(options).HashPassword(new PortalUser(), Person.Password);
    }

    /// <summary>Hashes dear enough to show in the time of an answer.</summary>
    public sealed class CostlyPortal : PortalServer
    {
        protected override int HashIterations => 60_000;
    }
}
