using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Unbind;

/// <summary>The same things at the same moment, over and over, on a real file.</summary>
public sealed class UnbindRaceTests : IAsyncLifetime
{
    private PortalServices portal = null!;

    public async Task InitializeAsync() => portal = await PortalServices.StartAsync(PortalServicesSetup.Roomy);

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Two_unbinds_at_once_leave_every_account_a_way_in()
    {
        var accounts = await AddTwoWayAccountsAsync();
        var actors = await portal.SignInAsync(accounts, account => account.Bindings[0]);
        var walks = await portal.GivenVerifiedAsync(
            accounts.SelectMany((account, i) => new[] { (actors[i], account.Bindings[0]), (actors[i], account.Bindings[1]) })
        );

        var outcomes = new ConcurrentBag<ConfirmOutcome>();
        await Parallel.ForEachAsync(
            walks.Chunk(2),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (pair, _) =>
            {
                foreach (var outcome in await Task.WhenAll(pair.Select(walk => Task.Run(walk.ConfirmAsync))))
                {
                    outcomes.Add(outcome);
                }
            }
        );

        Assert.Equal(0, await AccountsWithoutWayInAsync());
        Assert.Equal(accounts.Count, outcomes.Count(outcome => outcome is ConfirmOutcome.Confirmed));
        Assert.All(
            outcomes,
            outcome => Assert.Contains(outcome, new[] { ConfirmOutcome.Confirmed, ConfirmOutcome.NotPossible, ConfirmOutcome.Over })
        );
        Assert.Equal(accounts.Count, await portal.ReadAsync(db => db.Bindings.CountAsync(b => b.RemovedAt != null)));
    }

    /// <summary>What the test above is there for: look, then write, with nothing held in between. It must fail here, or it proves nothing.</summary>
    [Fact]
    public async Task Looking_first_and_writing_later_leaves_accounts_without_a_way_in()
    {
        var accounts = await AddTwoWayAccountsAsync();
        foreach (var account in accounts)
        {
            using var bothHaveLooked = new Barrier(2);
            await Task.WhenAll(
                account.Bindings.Take(2).Select(binding => Task.Run(() => RemoveNaively(account.Id, binding.Id, bothHaveLooked)))
            );
        }

        Assert.Equal(accounts.Count, await AccountsWithoutWayInAsync());
    }

    [Fact]
    public async Task Confirm_twenty_times_at_once_commits_once()
    {
        for (var round = 0; round < TestScale.Pick(5, 50); round++)
        {
            var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.Email);
            var actor = await portal.SignInAsync(account);
            var walk = (await portal.GivenVerifiedAsync([(actor, account[BindingKind.Phone])]))[0];
            var shown = await walk.ViewAsync();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 20)
                    .Select(_ => Task.Run(() => portal.Unbinding.ConfirmAsync(actor, walk.RequestId, shown.PlanHash, shown.Wait!.Value)))
            );

            Assert.All(answers, answer => Assert.Equal(ConfirmOutcome.Confirmed, answer.Outcome));
            Assert.Single(answers, answer => answer.Ticket is not null);
            Assert.Equal(
                1,
                await portal.ReadAsync(db =>
                    db.Ledger.CountAsync(e => e.RequestId == walk.RequestId && e.Action == nameof(BindingsRemoved))
                )
            );
            Assert.Equal(3, await portal.ReadAsync(db => db.Outbox.CountAsync(m => m.AccountId == account.Id)));
        }
    }

    [Fact]
    public async Task Cancel_and_the_timer_at_the_due_moment_never_both_win()
    {
        var count = TestScale.Pick(20, 100);
        var accounts = await portal.AddAccountsAsync(count, true, BindingKind.Phone, BindingKind.Email);
        var actors = await portal.SignInAsync(accounts);
        var walks = new List<TestWalk>();
        for (var i = 0; i < count; i++)
        {
            walks.Add(await WaitingAsync(accounts[i], actors[i]));
        }

        portal.Clock.Advance(TimeSpan.FromHours(72));
        actors = await portal.SignInAsync(accounts);
        var cancels = walks.Select((walk, i) => Task.Run(walk.From(actors[i]).CancelAsync));
        var timers = new[] { Task.Run(portal.RunTimerAsync), Task.Run(portal.RunTimerAsync) };
        await Task.WhenAll([.. cancels, .. timers]);

        for (var i = 0; i < count; i++)
        {
            var request = await walks[i].RowAsync();
            var phone = accounts[i][BindingKind.Phone].Id;
            var gone = await portal.ReadAsync(db => db.Bindings.AnyAsync(b => b.Id == phone && b.RemovedAt != null));
            var free = !await portal.ReadAsync(db => db.LiveIdentities.AnyAsync(identity => identity.BindingId == phone));
            var ends = await portal.ReadAsync(db =>
                db.Ledger.Where(e => e.RequestId == request.Id && (e.Action == nameof(BindingsRemoved) || e.Action == nameof(UnbindEnded)))
                    .Select(e => e.Action)
                    .ToListAsync()
            );
            Assert.Contains(request.Stage, new[] { UnbindStage.Done, UnbindStage.Cancelled });
            Assert.Equal(request.Stage is UnbindStage.Done, gone);
            Assert.Equal(gone, free);
            Assert.Equal([gone ? nameof(BindingsRemoved) : nameof(UnbindEnded)], ends);
        }
    }

    [Fact]
    public async Task Binding_waits_in_one_request_only()
    {
        for (var round = 0; round < TestScale.Pick(5, 50); round++)
        {
            var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.WeChat);
            var actor = await portal.SignInAsync(account);
            var phone = account[BindingKind.Phone];
            var alone = await ProvedByPasswordAndMailAsync(await portal.StartWalkAsync(actor, phone), account);
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
            var together = await ProvedByPasswordAndMailAsync(
                await portal.StartWalkAsync(actor, phone, account[BindingKind.WeChat]),
                account
            );

            var outcomes = await Task.WhenAll(Task.Run(alone.ConfirmAsync), Task.Run(together.ConfirmAsync));

            Assert.Equal(
                [ConfirmOutcome.Confirmed, ConfirmOutcome.NotPossible],
                outcomes.OrderBy(outcome => outcome is not ConfirmOutcome.Confirmed)
            );
            Assert.Equal(1, await portal.ReadAsync(db => db.UnbindRequestItems.CountAsync(i => i.BindingId == phone.Id && i.Waiting)));
        }
    }

    [Fact]
    public async Task Storage_itself_refuses_a_second_wait_of_one_binding()
    {
        var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email, BindingKind.WeChat);
        var actor = await portal.SignInAsync(account);
        await WaitingAsync(account, actor);

        await using var file = await portal.OpenFileAsync();
        await using var command = file.CreateCommand();
        command.CommandText =
            "INSERT INTO UnbindRequests SELECT 'A' || Id, AccountId, 3, PlanHash, PlannedAt, ExpiresAt, 0, 1, Wait, NULL, DueAt, NULL, NULL, NULL, 0 FROM UnbindRequests;"
            + "INSERT INTO UnbindRequestItems (RequestId, BindingId, AccountId, Waiting) SELECT 'A' || RequestId, BindingId, AccountId, 1 FROM UnbindRequestItems;";

        var refused = await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(19, refused.SqliteErrorCode); // a constraint
        Assert.Contains("UnbindRequestItems.BindingId", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_twenty_times_at_once_begins_one_walk()
    {
        for (var round = 0; round < TestScale.Pick(5, 50); round++)
        {
            var account = await portal.AddAccountAsync(password: true, BindingKind.Phone, BindingKind.Email);
            var actor = await portal.SignInAsync(account);

            var walks = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => Task.Run(() => portal.StartWalkAsync(actor, account[BindingKind.Phone])))
            );

            Assert.Single(walks.Select(walk => walk.RequestId).Distinct());
            Assert.Equal(1, await portal.ReadAsync(db => db.UnbindRequests.CountAsync(r => r.AccountId == account.Id)));
        }
    }

    /// <summary>Two phones are the only ways in; the address keeps the last-notice rule out of the race.</summary>
    private Task<IReadOnlyList<TestAccount>> AddTwoWayAccountsAsync() =>
        portal.AddAccountsAsync(TestScale.Pick(200, 1500), false, BindingKind.Phone, BindingKind.Phone, BindingKind.Email);

    private async Task<int> AccountsWithoutWayInAsync() =>
        await portal.ReadAsync(db =>
            db.Accounts.CountAsync(a => !db.Bindings.Any(b => b.AccountId == a.Id && b.Kind == BindingKind.Phone && b.RemovedAt == null))
        );

    private void RemoveNaively(Guid account, Guid binding, Barrier bothHaveLooked)
    {
        using var connection = portal.OpenFileAsync().GetAwaiter().GetResult();
        using var look = connection.CreateCommand();
        look.CommandText =
            $"SELECT COUNT(*) FROM Bindings WHERE AccountId = $account AND Kind = {(int)BindingKind.Phone} AND RemovedAt IS NULL";
        look.Parameters.AddWithValue("$account", account);
        var ways = (long)look.ExecuteScalar()!;
        bothHaveLooked.SignalAndWait();
        if (ways < 2)
        {
            return;
        }

        // One after the other, so that the test does not spend its time on SQLite's own polling: too late to help.
        lock (bothHaveLooked)
        {
            using var write = connection.CreateCommand();
            write.CommandText = "UPDATE Bindings SET RemovedAt = 1 WHERE Id = $binding";
            write.Parameters.AddWithValue("$binding", binding);
            Assert.Equal(1, write.ExecuteNonQuery());
        }
    }

    private async Task<TestWalk> WaitingAsync(TestAccount account, Actor actor)
    {
        var walk = await ProvedByPasswordAndMailAsync(await portal.StartWalkAsync(actor, account[BindingKind.Phone]), account);
        Assert.Equal(ConfirmOutcome.Confirmed, await walk.ConfirmAsync());
        return walk;
    }

    private static async Task<TestWalk> ProvedByPasswordAndMailAsync(TestWalk walk, TestAccount account)
    {
        await walk.AnswerPasswordAsync();
        Assert.Equal(ProveOutcome.Verified, await walk.ProveByCodeAsync(account[BindingKind.Email]));
        return walk;
    }
}
