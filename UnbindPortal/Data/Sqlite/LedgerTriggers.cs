using Microsoft.EntityFrameworkCore.Migrations;

namespace UnbindPortal.Data.Sqlite;

/// <summary>Triggers that refuse to change or delete a ledger row, whoever asks.</summary>
internal static class LedgerTriggers
{
    public static void Create(MigrationBuilder migration)
    {
        foreach (var verb in new[] { "UPDATE", "DELETE" })
        {
            migration.Sql(
                $"CREATE TRIGGER \"Ledger_refuses_{verb}\" BEFORE {verb} ON \"Ledger\" BEGIN SELECT RAISE(ABORT, 'ledger rows are never changed'); END;"
            );
        }
    }
}
