using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Unbind;

/// <summary>Carries out waiting requests when they fall due and closes walks whose time ran out. All it knows is in storage, so a restart loses nothing.</summary>
internal sealed partial class UnbindTimer(
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    PortalClock clock,
    UnbindWalks walks,
    IOptions<UnbindOptions> options,
    TimeProvider time,
    ILogger<UnbindTimer> logger
) : BackgroundService
{
    private const int BatchSize = 100;

    /// <summary>Does everything that is due now; what a test calls instead of waiting.</summary>
    public async Task RunDueAsync(CancellationToken cancel)
    {
        foreach (var (requestId, accountId) in await FindDueAsync(cancel))
        {
            try
            {
                var stage = await changes.RunAsync(
                    ChangeScope.Account(accountId),
                    change => FinishAsync(change, requestId, accountId, cancel),
                    cancel
                );
                LogFinished(logger, requestId, stage);
            }
            catch (Exception error) when (error is CryptographicException or InvalidOperationException)
            {
                LogStuck(logger, requestId, error); // one unreadable account must not hold up everybody's
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.Sweep, time, stoppingToken);
            try
            {
                await RunDueAsync(stoppingToken);
            }
            catch (StorageUnavailableException trouble)
            {
                LogPaused(logger, trouble.Trouble);
            }
        }
    }

    private async Task<IReadOnlyList<(Guid Request, Guid Account)>> FindDueAsync(CancellationToken cancel)
    {
        // Waits follow the wall clock: a clock that ran ahead for a while has not shortened them.
        var (now, wall) = (clock.Now, time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancel);
        var due = await db
            .UnbindRequests.IgnoreAutoIncludes()
            .Where(r =>
                (r.Stage == UnbindStage.Waiting && r.DueAt <= wall)
                || ((r.Stage == UnbindStage.Planned || r.Stage == UnbindStage.Verified) && r.ExpiresAt <= now)
            )
            .OrderBy(r => r.PlannedAt)
            .Take(BatchSize)
            .Select(r => new { r.Id, r.AccountId })
            .ToListAsync(cancel);
        return [.. due.Select(row => (row.Id, row.AccountId))];
    }

    // Looks again under the lock: a cancel that came first has won.
    private async Task<UnbindStage> FinishAsync(Change change, Guid requestId, Guid accountId, CancellationToken cancel)
    {
        var request = await change.Db.UnbindRequests.SingleAsync(r => r.Id == requestId && r.AccountId == accountId, cancel);
        if (request.Stage is UnbindStage.Planned or UnbindStage.Verified && change.Now >= request.ExpiresAt)
        {
            request.Expire(change.Now);
        }
        else if (request.Stage is UnbindStage.Waiting && time.GetUtcNow() >= request.DueAt)
        {
            await CarryOutAsync(change, request, cancel);
        }

        return request.Stage;
    }

    private async Task CarryOutAsync(Change change, UnbindRequest request, CancellationToken cancel)
    {
        var loaded =
            await walks.LoadAsync(change.Db, request.AccountId, cancel: cancel)
            ?? throw new InvalidOperationException("A request without an account.");
        var due = loaded with { State = loaded.State.WithoutWaiting(request.BindingIds) };
        if ((await BindingRemoval.ApplyAsync(change, due, request.BindingIds, [])).Count == 0)
        {
            request.Complete(change.Now);
        }
        else
        {
            request.Lapse(change.Now);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unbind request {RequestId} is due and cannot be carried out")]
    private static partial void LogStuck(ILogger logger, Guid requestId, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unbind request {RequestId} is now {Stage}")]
    private static partial void LogFinished(ILogger logger, Guid requestId, UnbindStage stage);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due requests wait: storage is {Trouble}")]
    private static partial void LogPaused(ILogger logger, StorageTrouble trouble);
}
