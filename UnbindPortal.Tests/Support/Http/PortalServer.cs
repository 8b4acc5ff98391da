using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Sqlite;
using UnbindPortal.Trust.Notices;

namespace UnbindPortal.Support.Http;

/// <summary>
/// The whole portal, started by its own Program inside the tests' process, on a real Kestrel at a free port and over a fresh data folder.
/// Tests share one and keep apart by having accounts of their own.
/// </summary>
public class PortalServer : IAsyncLifetime, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _environment;
    private Portal? _portal;

    public PortalServer()
        : this("Production") { }

    protected PortalServer(string environment, params (string Key, string Value)[] settings)
    {
        _environment = environment;
        _settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);
    }

    /// <summary>Scheme, host and port it listens at.</summary>
    public Uri Origin { get; private set; } = null!;

    /// <summary>The database file.</summary>
    public string DatabaseFile => _folder["portal.db"];

    public async Task InitializeAsync()
    {
        _portal = new Portal(_environment, _folder, _settings, HashIterations);
        _portal.UseKestrel(0);
        await Task.Run(_portal.StartServer);
        var addresses = Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Origin = new Uri(addresses.Single());
    }

    /// <summary>Rounds of a password hash.</summary>
    protected virtual int HashIterations => 500;

    /// <summary>A service of the running portal.</summary>
    public T Get<T>()
        where T : notnull => _portal!.Services.GetRequiredService<T>();

    /// <summary>A browser that has never been here.</summary>
    public HttpBrowser NewBrowser() => new(Origin);

    /// <summary>Changes data past all pages, through the one way.</summary>
    public Task ChangeAsync(Func<Change, Task> act) =>
        Get<PortalChanges>()
            .RunAsync(
                ChangeScope.None,
                async change =>
                {
                    await act(change);
                    return true;
                }
            );

    /// <summary>Reads with a context of its own.</summary>
    public async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>A plain connection past all services, as another program with the file at hand would open it.</summary>
    public async Task<SqliteConnection> OpenFileAsync()
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The first, second… code that went to this number or address.</summary>
    public Task<string> CodeSentToAsync(string destination, int nth = 1) => Get<SentMessages>().CodeForAsync(destination, nth);

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_portal is not null)
        {
            await _portal.DisposeAsync();
            SqliteConnection.ClearPool(
                new SqliteConnection(SqliteConnections.StringFor(DatabaseFile, new PortalDataOptions().BusyTimeout, mayCreate: false))
            );
        }

        _folder.Dispose();
    }

    private sealed class Portal(string environment, TempFolder folder, IReadOnlyDictionary<string, string> settings, int hashIterations)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(environment);
            builder.UseSetting("Portal:DataFolder", folder.FullPath);
            builder.UseSetting("Delivery:Folder", folder["out"]);
            builder.UseSetting("Urls", "http://127.0.0.1:0");
            // Everybody here comes from one network address.
            builder.UseSetting("Verification:PerOriginHour", "1000000");
            builder.UseSetting("Logging:LogLevel:Default", "None");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureServices(services =>
            {
                // What a hash costs is what would make these tests slow; nothing but the cost differs.
                services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = hashIterations);
                services.AddSingleton<SentMessages>();
                services.AddSingleton<IMessageGateway>(provider => provider.GetRequiredService<SentMessages>());
            });
        }
    }
}

/// <summary>One portal for all tests that only need one.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPortal : ICollectionFixture<PortalServer>
{
    public const string Name = "one portal over HTTP";
}
