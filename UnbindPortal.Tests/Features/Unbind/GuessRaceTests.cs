using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Support.Services;

namespace UnbindPortal.Features.Unbind;

/// <summary>
/// Twenty answers to one code at the same moment. A comparison happens only after an attempt was counted and committed, so the
/// attempts in storage are the comparisons; a success is a proof in storage.
/// </summary>
public sealed class GuessRaceTests : IAsyncLifetime
{
    private const int Guesses = 20;
    private const int Allowed = 5;
    private PortalServices portal = null!;

    /// <summary>The limits of the walk and of the account are out of the way: the code's own must hold alone.</summary>
    public async Task InitializeAsync() =>
        portal = await PortalServices.StartAsync(
            PortalServicesSetup.Roomy.With(("Unbind:TriesPerRequest", "10"), ("Verification:FreeFailures", "100"))
        );

    public async Task DisposeAsync() => await portal.DisposeAsync();

    [Fact]
    public async Task Wrong_guesses_are_compared_five_times_each()
    {
        await EachCodeAsync(
            async (walk, phone, code) =>
            {
                var outcomes = await GuessAsync(walk, phone, Enumerable.Range(1, Guesses).Select(i => Other(code, i)));

                Assert.Equal(Allowed, outcomes.Count(outcome => outcome is ProveOutcome.Wrong));
                Assert.Equal(Guesses - Allowed, outcomes.Count(outcome => outcome is ProveOutcome.NoTriesLeft));
                Assert.Equal((Allowed, 0), await ComparisonsAndProofsAsync(walk));
                Assert.Equal(ProveOutcome.NoTriesLeft, await walk.AnswerCodeAsync(phone, code));
            }
        );
    }

    [Fact]
    public async Task Right_code_among_the_first_five_succeeds_once_and_no_more_than_five_are_compared()
    {
        await EachCodeAsync(
            async (walk, phone, code) =>
            {
                // Four wrong ones fill all but the last place; then the right one races with itself and with more wrong ones.
                for (var i = 1; i < Allowed; i++)
                {
                    Assert.Equal(ProveOutcome.Wrong, await walk.AnswerCodeAsync(phone, Other(code, i)));
                }

                await GuessAsync(walk, phone, Enumerable.Repeat(code, Guesses));

                Assert.Equal((Allowed, 1), await ComparisonsAndProofsAsync(walk));
                Assert.Equal(UnbindStage.Verified, (await walk.RowAsync()).Stage);
            }
        );
    }

    [Fact]
    public async Task Right_code_typed_twenty_times_succeeds_once()
    {
        await EachCodeAsync(
            async (walk, phone, code) =>
            {
                await GuessAsync(walk, phone, Enumerable.Repeat(code, Guesses));

                var (comparisons, proofs) = await ComparisonsAndProofsAsync(walk);
                Assert.InRange(comparisons, 1, Allowed);
                Assert.Equal(1, proofs);
            }
        );
    }

    [Fact]
    public async Task Right_code_somewhere_among_wrong_ones_succeeds_at_most_once()
    {
        await EachCodeAsync(
            async (walk, phone, code) =>
            {
                var typed = Enumerable.Range(1, Guesses - 1).Select(i => Other(code, i)).Append(code).ToArray();
                Random.Shared.Shuffle(typed);

                await GuessAsync(walk, phone, typed);

                var (comparisons, proofs) = await ComparisonsAndProofsAsync(walk);
                Assert.InRange(comparisons, 1, Allowed);
                Assert.InRange(proofs, 0, 1);
            }
        );
    }

    [Fact]
    public async Task Sign_in_code_typed_twenty_times_opens_one_session()
    {
        var accounts = await portal.AddAccountsAsync(Codes / 3, false, BindingKind.Phone);
        foreach (var account in accounts)
        {
            var browser = Guid.NewGuid();
            await portal.Accounts.SendSignInCodeAsync(account.Bindings[0].Subject, browser, TestAccounts.Origin);
            var code = new OneTimeCode(await portal.CodeSentToAsync(account.Bindings[0]));

            var tickets = await Task.WhenAll(
                Enumerable
                    .Range(0, Guesses)
                    .Select(_ =>
                        Task.Run(() => portal.Accounts.SignInByCodeAsync(account.Bindings[0].Subject, code, browser, TestAccounts.Origin))
                    )
            );

            Assert.Single(tickets, ticket => ticket is not null);
            Assert.Equal(1, await portal.ReadAsync(db => db.Sessions.CountAsync(s => s.AccountId == account.Id)));
        }
    }

    private static int Codes => TestScale.Pick(30, 150);

    private async Task EachCodeAsync(Func<TestWalk, TestBinding, string, Task> race)
    {
        var accounts = await portal.AddAccountsAsync(Codes, false, BindingKind.Phone, BindingKind.Email, BindingKind.Phone);
        var actors = await portal.SignInAsync(accounts, account => account.Bindings[0]);
        foreach (var (account, actor) in accounts.Zip(actors))
        {
            var phone = account.Bindings[0];
            var walk = await portal.StartWalkAsync(actor, phone);
            await race(walk, phone, await walk.SendAndReadAsync(phone));
        }
    }

    private static async Task<IReadOnlyCollection<ProveOutcome>> GuessAsync(TestWalk walk, TestBinding phone, IEnumerable<string> typed)
    {
        var outcomes = new ConcurrentBag<ProveOutcome>();
        await Task.WhenAll(typed.Select(code => Task.Run(async () => outcomes.Add(await walk.AnswerCodeAsync(phone, code)))));
        return outcomes;
    }

    private Task<(int Comparisons, int Proofs)> ComparisonsAndProofsAsync(TestWalk walk) =>
        portal.ReadAsync(async db =>
        {
            var subject = walk.RequestId.ToByteArray();
            var comparisons = await db.Challenges.Where(c => c.Subject == subject).SumAsync(c => c.Attempts);
            return (comparisons, await db.Proofs.CountAsync(p => p.RequestId == walk.RequestId));
        });

    private static string Other(string code, int step) =>
        ((int.Parse(code, CultureInfo.InvariantCulture) + step) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
}
