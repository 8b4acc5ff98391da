using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>
/// A table beside the database where the bindings file is put in order by account, so that an account and all its bindings can be taken over
/// together while memory stays flat. Thrown away afterwards; a killed import leaves a file the next one replaces.
/// </summary>
internal sealed class ImportStaging : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _path;

    private ImportStaging(string path)
    {
        _path = path;
        Delete(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute(
            """
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
            CREATE TABLE Accounts (ExternalId TEXT PRIMARY KEY, Line INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE Identities (Name TEXT PRIMARY KEY, Line INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE Bindings (Account TEXT NOT NULL, Line INTEGER NOT NULL, Json TEXT NOT NULL, PRIMARY KEY (Account, Line)) WITHOUT ROWID;
            BEGIN;
            """
        );
    }

    /// <summary>An empty table in <paramref name="folder"/>.</summary>
    public static ImportStaging In(string folder) => new(Path.Combine(folder, "import-staging.db"));

    /// <summary>Notes an account line; false when its external id stands further up.</summary>
    public bool TryAddAccount(string externalId, int line) => TryAdd("Accounts", externalId, line) is null;

    /// <summary>Notes an identity; answers the line it already stands in, or null.</summary>
    public int? AddIdentity(string name, int line) => TryAdd("Identities", name, line);

    /// <summary>Puts a binding line under its account.</summary>
    public void Add(BindingLine line)
    {
        using var command = Command("INSERT INTO Bindings (Account, Line, Json) VALUES ($account, $line, $json)");
        command.Parameters.AddWithValue("$account", line.Account);
        command.Parameters.AddWithValue("$line", line.Line);
        command.Parameters.AddWithValue("$json", JsonSerializer.Serialize(line));
        command.ExecuteNonQuery();
    }

    /// <summary>An account's bindings in the order of the file.</summary>
    public IReadOnlyList<BindingLine> BindingsOf(string externalId)
    {
        using var command = Command("SELECT Json FROM Bindings WHERE Account = $account ORDER BY Line");
        command.Parameters.AddWithValue("$account", externalId);
        using var reader = command.ExecuteReader();
        var lines = new List<BindingLine>();
        while (reader.Read())
        {
            lines.Add(JsonSerializer.Deserialize<BindingLine>(reader.GetString(0))!);
        }

        return lines;
    }

    /// <summary>Lines whose account stands in no line of the accounts file.</summary>
    public IEnumerable<int> LinesWithoutAccount()
    {
        using var command = Command("SELECT Line FROM Bindings WHERE Account NOT IN (SELECT ExternalId FROM Accounts) ORDER BY Line");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.GetInt32(0);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _connection.Dispose();
        Delete(_path);
    }

    private int? TryAdd(string table, string name, int line)
    {
        using var insert = Command($"INSERT OR IGNORE INTO {table} VALUES ($name, $line)");
        insert.Parameters.AddWithValue("$name", name);
        insert.Parameters.AddWithValue("$line", line);
        if (insert.ExecuteNonQuery() == 1)
        {
            return null;
        }

        using var find = Command($"SELECT Line FROM {table} WHERE {(table == "Accounts" ? "ExternalId" : "Name")} = $name");
        find.Parameters.AddWithValue("$name", name);
        return Convert.ToInt32(find.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static void Delete(string path)
    {
        File.Delete(path);
        File.Delete($"{path}-journal");
    }
}
