using System.Net;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Processes;
using UnbindPortal.Support.Requirements;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Unbind;

/// <summary>
/// The real process, killed where it stands under a stream of confirms, again and again over the same folder: what was acknowledged is
/// there, and nothing is there by half.
/// </summary>
[Collection(RealProcesses.Collection)]
public sealed class CrashTests : IDisposable
{
    private const int ConfirmsARound = 24;
    private const int AtOnce = 6;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public async Task Killed_under_a_stream_of_confirms_it_keeps_what_it_acknowledged_and_nothing_by_half()
    {
        var (acknowledged, done, undone) = (0, 0, 0);
        PortalProcess? portal = null;
        try
        {
            for (var kill = 0; kill < TestScale.Pick(5, 50); kill++)
            {
                var walks = await PrepareAsync();
                portal = await StartAsync(portal);
                var acknowledgedNow = await ConfirmAndKillAsync(portal, walks);

                var doneNow = await CheckAsync(walks, acknowledgedNow);
                acknowledged += acknowledgedNow.Count;
                done += doneNow;
                undone += walks.Count - doneNow;
            }
        }
        finally
        {
            await (portal?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        // Else the kills came too early or too late to prove anything.
        Assert.True(acknowledged > 0 && undone > 0, $"{acknowledged} acknowledged, {done} done, {undone} not done");
    }

    private async Task<IReadOnlyList<Prepared>> PrepareAsync()
    {
        await using var services = await ServicesAsync();
        var accounts = await services.AddAccountsAsync(
            ConfirmsARound,
            false,
            BindingKind.Phone,
            BindingKind.WeChat,
            BindingKind.Email,
            BindingKind.Phone
        );
        var browsers = await SignedInBrowser.OpenAsync(services, accounts);
        var walks = await services.GivenVerifiedAsync(
            browsers.Zip(accounts, (browser, account) => (browser.Actor, account.Bindings.Take(2).ToArray()))
        );
        return [.. walks.Select((walk, i) => new Prepared(accounts[i], browsers[i], walk.RequestId))];
    }

    private async Task<PortalProcess> StartAsync(PortalProcess? portal)
    {
        if (portal is not null)
        {
            await portal.StartAgainAsync();
            return portal;
        }

        return await PortalProcess.StartAsync(
            new PortalSetup
            {
                DataFolder = folder.FullPath,
                Environment = "Production",
                Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["Delivery__Folder"] = folder["out"] },
            }
        );
    }

    /// <summary>Kills at a random acknowledgement, while others are on their way; answers the requests acknowledged.</summary>
    private static async Task<IReadOnlySet<Guid>> ConfirmAndKillAsync(PortalProcess portal, IReadOnlyList<Prepared> walks)
    {
        var posts = new List<(Guid RequestId, Func<Task<HttpResponseMessage>> Post)>();
        foreach (var walk in walks)
        {
            posts.Add((walk.RequestId, await walk.Browser.ReadConfirmPageAsync(portal, walk.RequestId)));
        }

        var killAfter = Random.Shared.Next(ConfirmsARound - AtOnce);
        var enough = new TaskCompletionSource();
        var acknowledged = new HashSet<Guid>();
        var stream = Parallel.ForEachAsync(
            posts,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (post, _) =>
            {
                try
                {
                    using var answer = await post.Post();
                    Assert.Equal(
                        (HttpStatusCode.SeeOther, $"/unbind/{post.RequestId}/done"),
                        (answer.StatusCode, $"{answer.Headers.Location}")
                    );
                    lock (acknowledged)
                    {
                        acknowledged.Add(post.RequestId);
                        if (acknowledged.Count > killAfter)
                        {
                            enough.TrySetResult();
                        }
                    }
                }
                catch (HttpRequestException) when (enough.Task.IsCompleted)
                {
                    // Killed before it answered: nothing was promised.
                }
            }
        );
        await Task.WhenAny(enough.Task, stream);
        await portal.KillHardAsync();
        await stream;
        return acknowledged;
    }

    private async Task<int> CheckAsync(IReadOnlyList<Prepared> walks, IReadOnlySet<Guid> acknowledged)
    {
        await using var services = await ServicesAsync();
        Assert.Equal("ok", await services.ScalarAsync("PRAGMA integrity_check"));
        Assert.Null(await services.ScalarAsync("PRAGMA foreign_key_check"));
        var done = 0;
        foreach (var walk in walks)
        {
            var isDone = await services.ReadAsync(db =>
                db.UnbindRequests.AnyAsync(r => r.Id == walk.RequestId && r.Stage == UnbindStage.Done)
            );
            Assert.True(isDone || !acknowledged.Contains(walk.RequestId), "An acknowledged confirm is gone.");
            Assert.Equal(isDone ? (2, 0, 1, 3) : (0, 2, 0, 0), await TracesAsync(services, walk));
            done += isDone ? 1 : 0;
        }

        return done;
    }

    // Everything a confirm writes beside the request itself.
    private static Task<(int Removed, int Identities, int Entries, int Notices)> TracesAsync(PortalServices services, Prepared walk) =>
        services.ReadAsync(async db =>
        {
            var going = walk.Account.Bindings.Take(2).Select(b => b.Id).ToList();
            return (
                await db.Bindings.CountAsync(b => going.Contains(b.Id) && b.RemovedAt != null),
                await db.LiveIdentities.CountAsync(i => going.Contains(i.BindingId)),
                await db.Ledger.CountAsync(e => e.RequestId == walk.RequestId && e.Action == nameof(BindingsRemoved)),
                await db.Outbox.CountAsync(m => m.AccountId == walk.Account.Id && m.Template == MessageTemplate.Unbound)
            );
        });

    private Task<PortalServices> ServicesAsync() =>
        PortalServices.StartAsync(
            PortalServicesSetup.Roomy with
            {
                DataFolder = folder.FullPath,
                StartAt = TimeProvider.System.GetUtcNow(),
            }
        );

    private sealed record Prepared(TestAccount Account, SignedInBrowser Browser, Guid RequestId);
}
