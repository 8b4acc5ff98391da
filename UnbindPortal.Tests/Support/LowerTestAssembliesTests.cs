using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Data.Sqlite;

namespace UnbindPortal.Support;

public sealed class LowerTestAssembliesTests
{
    [Fact]
    public async Task Sqlite_opens_a_file_in_write_ahead_mode()
    {
        using var folder = new TempFolder();
        SQLitePCL.Batteries_V2.Init();
        await using var database = new SqliteConnection($"Data Source={folder["test.db"]};Pooling=False");
        await database.OpenAsync();

        Assert.StartsWith("3.", await ScalarAsync(database, "select sqlite_version()"), StringComparison.Ordinal);
        Assert.Equal("wal", await ScalarAsync(database, "pragma journal_mode = wal"));
    }

    [Fact]
    public void Bunit_compares_markup()
    {
        using var bunit = new BunitContext();

        // Comparing is what loads the difference engine.
        bunit.Render<Greeting>().MarkupMatches("<p   class=\"b a\">hello</p>");
    }

    private static async Task<string?> ScalarAsync(SqliteConnection database, string sql)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        return (string?)await command.ExecuteScalarAsync();
    }

    private sealed class Greeting : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "class", "a b");
            builder.AddContent(2, "hello");
            builder.CloseElement();
        }
    }
}
