using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UnbindPortal.Support.Services;

/// <summary>Counts every statement and commit while armed, and makes the chosen one fail as a broken disk would.</summary>
public sealed class Faults : DbCommandInterceptor, IDbTransactionInterceptor
{
    private const int DiskError = 10;
    private bool armed;
    private int failAt;
    private bool afterCommit;

    /// <summary>Statements and commits since armed, transactions' beginnings left out.</summary>
    public int Steps { get; private set; }

    /// <summary>Statements since armed.</summary>
    public int Commands { get; private set; }

    /// <summary>Transactions begun since armed.</summary>
    public int Transactions { get; private set; }

    /// <summary>Commits that went through since armed.</summary>
    public int Commits { get; private set; }

    /// <summary>Counts from now on and lets everything through.</summary>
    public void Count() => Arm(step: 0);

    /// <summary>Fails at the n-th step from now, counted from 1; the step before is done, this one is not.</summary>
    public void Arm(int step)
    {
        (armed, failAt, afterCommit) = (true, step, false);
        (Steps, Commands, Transactions, Commits) = (0, 0, 0, 0);
    }

    /// <summary>Fails once the next commit is done: the answer is lost, the change is not.</summary>
    public void ArmAfterCommit()
    {
        Arm(step: 0);
        afterCommit = true;
    }

    /// <summary>Lets everything through, uncounted.</summary>
    public void Disarm() => armed = false;

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        Command();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    )
    {
        Command();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Command();
        return ValueTask.FromResult(result);
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection,
        TransactionEndEventData eventData,
        DbTransaction result,
        CancellationToken cancellationToken = default
    )
    {
        Transactions += armed ? 1 : 0;
        return ValueTask.FromResult(result);
    }

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        Step();
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Commits += armed ? 1 : 0;
        if (!armed || !afterCommit)
        {
            return Task.CompletedTask;
        }

        Disarm();
        return Task.FromException(new IOException("The answer was lost."));
    }

    private void Command()
    {
        Commands += armed ? 1 : 0;
        Step();
    }

    private void Step()
    {
        if (!armed || ++Steps != failAt)
        {
            return;
        }

        Disarm();
        throw new SqliteException("disk I/O error", DiskError);
    }
}
