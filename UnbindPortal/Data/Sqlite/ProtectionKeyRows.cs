using Microsoft.Data.Sqlite;

namespace UnbindPortal.Data.Sqlite;

/// <summary>
/// Reads the Data Protection keys without EF Core: the first page of a cold start needs them, and building EF's model for one column would be
/// most of that page's time.
/// </summary>
internal static class ProtectionKeyRows
{
    public static IReadOnlyList<string> Read(PortalDataOptions options)
    {
        using var connection = new SqliteConnection(
            SqliteConnections.StringFor(options.DatabaseFile, options.BusyTimeout, mayCreate: false)
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Xml FROM DataProtectionKeys";
        using var reader = command.ExecuteReader();
        var keys = new List<string>();
        while (reader.Read())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}
