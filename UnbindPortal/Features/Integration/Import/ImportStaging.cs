using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UnbindPortal.Data.Protection;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>
/// A table beside the database where the bindings file is put in order by account, so that an account and all its bindings can be taken over
/// together while memory stays flat. Thrown away afterwards. A killed import leaves the file to the next one, which replaces it; nobody can
/// read it, because its key lived in that process only.
/// </summary>
internal sealed class ImportStaging : IDisposable
{
    private const int KeyBytes = 32;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyBytes);
    private readonly SqliteConnection _connection;
    private readonly string _path;

    private ImportStaging(string path)
    {
        _path = path;
        Create(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute(
            """
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
            CREATE TABLE Accounts (Name BLOB PRIMARY KEY, Line INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE Identities (Name BLOB PRIMARY KEY, Line INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE Bindings (Account BLOB NOT NULL, Line INTEGER NOT NULL, Box BLOB NOT NULL, PRIMARY KEY (Account, Line)) WITHOUT ROWID;
            BEGIN;
            """
        );
    }

    /// <summary>An empty table in <paramref name="folder"/>.</summary>
    public static ImportStaging In(string folder) => new(Path.Combine(folder, "import-staging.db"));

    /// <summary>Notes an account line; false when its external id stands further up.</summary>
    public bool TryAddAccount(string externalId, int line) => AddOrFind("Accounts", externalId, line) is null;

    /// <summary>Notes an identity; answers the line it already stands in, or null.</summary>
    public int? AddIdentity(string name, int line) => AddOrFind("Identities", name, line);

    /// <summary>Puts a binding line under its account.</summary>
    public void Add(BindingLine line)
    {
        var box = Sealing.Seal(_key, JsonSerializer.SerializeToUtf8Bytes(line), PlaceOf(line.Line));
        using var command = Command("INSERT INTO Bindings (Account, Line, Box) VALUES ($account, $line, $box)");
        command.Parameters.AddWithValue("$account", Hidden(line.Account));
        command.Parameters.AddWithValue("$line", line.Line);
        command.Parameters.AddWithValue("$box", box);
        command.ExecuteNonQuery();
    }

    /// <summary>An account's bindings in the order of the file.</summary>
    public IEnumerable<BindingLine> BindingsOf(string externalId)
    {
        using var command = Command("SELECT Line, Box FROM Bindings WHERE Account = $account ORDER BY Line");
        command.Parameters.AddWithValue("$account", Hidden(externalId));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var json = Sealing.Open(_key, reader.GetFieldValue<byte[]>(1), PlaceOf(reader.GetInt32(0)));
            yield return JsonSerializer.Deserialize<BindingLine>(json)!;
        }
    }

    /// <summary>Lines whose account stands in no line of the accounts file.</summary>
    public IEnumerable<int> LinesWithoutAccount()
    {
        using var command = Command("SELECT Line FROM Bindings WHERE Account NOT IN (SELECT Name FROM Accounts) ORDER BY Line");
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
        File.Delete(_path);
    }

    private int? AddOrFind(string table, string name, int line)
    {
        using var insert = Command($"INSERT OR IGNORE INTO {table} (Name, Line) VALUES ($name, $line)");
        insert.Parameters.AddWithValue("$name", Hidden(name));
        insert.Parameters.AddWithValue("$line", line);
        if (insert.ExecuteNonQuery() == 1)
        {
            return null;
        }

        using var find = Command($"SELECT Line FROM {table} WHERE Name = $name");
        find.Parameters.AddWithValue("$name", Hidden(name));
        return Convert.ToInt32(find.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private byte[] Hidden(string name) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name));

    private static byte[] PlaceOf(int line) => BitConverter.GetBytes(line);

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

    private static void Create(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }
}
