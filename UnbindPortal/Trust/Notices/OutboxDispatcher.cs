using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;

namespace UnbindPortal.Trust.Notices;

/// <summary>
/// Empties the outbox. A code is marked sent before it is sent: at most once, its owner can ask again. A notice is marked after: at least
/// once, under a stable id. A lease keeps a second node from taking the same message; backoff and a last try keep a dead gateway from
/// being hammered.
/// </summary>
public sealed partial class OutboxDispatcher(
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    PortalSignals signals,
    PortalClock clock,
    KeyRing keys,
    MessageWords words,
    IMessageGateway gateway,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<OutboxDispatcher> logger
) : BackgroundService
{
    private const int BatchSize = 50;

    /// <summary>Sends everything that is due now; what a test calls instead of waiting.</summary>
    public async Task<int> DispatchDueAsync(CancellationToken cancel)
    {
        var sent = 0;
        while (await LeaseAsync(cancel) is { Count: > 0 } batch)
        {
            foreach (var message in batch)
            {
                sent += await SendOneAsync(message, cancel) ? 1 : 0;
            }
        }

        return sent;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Waits first: what a restart left over may come a moment later, the first page should not.
                await WaitAsync(stoppingToken);
                await DispatchDueAsync(stoppingToken);
            }
            catch (StorageUnavailableException trouble)
            {
                LogPaused(logger, trouble.Trouble);
                await Task.Delay(options.Value.Poll, time, stoppingToken);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var poll = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var rung = signals.Messages.WaitToReadAsync(poll.Token).AsTask();
        await Task.WhenAny(rung, Task.Delay(options.Value.Poll, time, poll.Token));
        await poll.CancelAsync();
        signals.Messages.TryRead(out _);
        cancel.ThrowIfCancellationRequested();
    }

    private async Task<IReadOnlyList<Leased>> LeaseAsync(CancellationToken cancel)
    {
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            var now = clock.Now;
            if (!await db.Outbox.AnyAsync(m => m.SentAt == null && m.DeadAt == null && m.AvailableAt <= now, cancel))
            {
                return [];
            }
        }

        return await changes.RunAsync(ChangeScope.None, change => LeaseBatchAsync(change, cancel), cancel);
    }

    private async Task<IReadOnlyList<Leased>> LeaseBatchAsync(Change change, CancellationToken cancel)
    {
        var due = await change
            .Db.Outbox.Where(m => m.SentAt == null && m.DeadAt == null && m.AvailableAt <= change.Now)
            .OrderBy(m => m.AvailableAt)
            .Take(BatchSize)
            .Join(change.Db.Accounts, m => m.AccountId, a => a.Id, (message, account) => new { message, account.WrappedDataKey })
            .ToListAsync(cancel);
        var leased = new List<Leased>();
        foreach (var row in due)
        {
            var message = row.message;
            if (change.Now >= message.ExpiresAt)
            {
                GiveUp(message, change.Now, "Expired");
                continue;
            }

            if (TryOpen(message, row.WrappedDataKey) is not { } payload)
            {
                GiveUp(message, change.Now, "Unreadable");
                continue;
            }

            leased.Add(new Leased(message.Id, message.AtMostOnce, message.CreatedAt, payload));
            message.Attempts++;
            message.AvailableAt = change.Now + Backoff(message.Attempts); // the lease, and the next try should this one fail
            if (message.AtMostOnce)
            {
                message.SentAt = change.Now;
                message.SealedPayload = [];
            }
        }

        return leased;
    }

    // One damaged row, or the key of an account just erased, must not hold up everybody's messages.
    private MessagePayload? TryOpen(OutboxMessage message, byte[] wrappedDataKey)
    {
        try
        {
            return AccountCipher.For(keys, message.AccountId, wrappedDataKey).OpenMessage(message.Id, message.SealedPayload);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task<bool> SendOneAsync(Leased message, CancellationToken cancel)
    {
        var outcome = await TryGatewayAsync(words.Word(message.Id, message.CreatedAt, message.Payload), cancel);
        LogSent(logger, message.Id, message.Payload.Template, outcome);
        await changes.RunAsync(
            ChangeScope.None,
            async change =>
            {
                var row = await change.Db.Outbox.SingleAsync(m => m.Id == message.Id, cancel);
                row.LastOutcome = outcome;
                if (outcome is Sent && row.SentAt is null)
                {
                    row.SentAt = change.Now;
                    row.SealedPayload = [];
                }
                else if (row.SentAt is null && row.Attempts >= options.Value.Tries)
                {
                    GiveUp(row, change.Now, outcome);
                }

                return true;
            },
            cancel
        );
        return outcome is Sent;
    }

    private const string Sent = "Sent";

    private async Task<string> TryGatewayAsync(WordedMessage message, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.SendTimeout);
        try
        {
            await gateway.SendAsync(message, limit.Token);
            return Sent;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "TimedOut";
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever a channel throws is that message's trouble, never the dispatcher's: it is tried again, then given up.
            return error.GetType().Name;
        }
    }

    private static void GiveUp(OutboxMessage message, DateTimeOffset now, string outcome)
    {
        message.DeadAt = now;
        message.LastOutcome = outcome;
        message.SealedPayload = [];
    }

    // 20 s, 40 s, 80 s … 1 h
    private static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(3600, 10 * Math.Pow(2, Math.Min(attempts, 12))));

    [LoggerMessage(Level = LogLevel.Information, Message = "Message {MessageId} ({Template}): {Outcome}")]
    private static partial void LogSent(ILogger logger, Guid messageId, MessageTemplate template, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox pauses: storage is {Trouble}")]
    private static partial void LogPaused(ILogger logger, StorageTrouble trouble);

    private sealed record Leased(Guid Id, bool AtMostOnce, DateTimeOffset CreatedAt, MessagePayload Payload);
}
