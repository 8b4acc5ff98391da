using Microsoft.Data.Sqlite;

namespace UnbindPortal.Support.Services;

/// <summary>Every row of every table, so that a test can say that nothing at all has changed.</summary>
public static class StorageSnapshot
{
    /// <summary>All rows as text, in the order of the tables' names.</summary>
    public static async Task<IReadOnlyList<string>> SnapshotAsync(this PortalServices portal)
    {
        ArgumentNullException.ThrowIfNull(portal);
        await using var file = await portal.OpenFileAsync();
        var rows = new List<string>();
        foreach (var table in await TablesAsync(file))
        {
            await using var command = file.CreateCommand();
#pragma warning disable CA2100 // The name comes from the database's own catalogue.
            command.CommandText = $"SELECT * FROM \"{table}\" ORDER BY rowid";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var values = new object[reader.FieldCount];
                reader.GetValues(values);
                rows.Add($"{table}: {string.Join(" | ", values.Select(Text))}");
            }
        }

        return rows;
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(SqliteConnection file)
    {
        await using var command = file.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static string Text(object value) =>
        value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            DBNull => "null",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
