using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace UnbindPortal.Data.Changes;

/// <summary>Makes it impossible to write outside the one way to change data: SaveChanges and bulk commands throw unless a change is open.</summary>
internal sealed class ChangeGuard : SaveChangesInterceptor, IDbCommandInterceptor
{
    private const string Refusal = "Data is changed only through PortalChanges.RunAsync.";

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Check(eventData);
        return ValueTask.FromResult(result);
    }

    public InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        CheckBulk(eventData);
        return result;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        CheckBulk(eventData);
        return ValueTask.FromResult(result);
    }

    private static void Check(DbContextEventData eventData)
    {
        if (eventData.Context is not PortalDbContext { InChange: true })
        {
            throw new InvalidOperationException(Refusal);
        }
    }

    private static void CheckBulk(CommandEventData eventData)
    {
        if (eventData.CommandSource is CommandSource.ExecuteDelete or CommandSource.ExecuteUpdate or CommandSource.ExecuteSqlRaw)
        {
            Check(eventData);
        }
    }
}
