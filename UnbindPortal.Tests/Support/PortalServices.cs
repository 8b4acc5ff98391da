using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Features.Account;
using UnbindPortal.Features.Integration;
using UnbindPortal.Features.SecurityCenter;
using UnbindPortal.Features.Unbind;
using UnbindPortal.Support.Services;
using UnbindPortal.Trust.Notices;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Support;

/// <summary>
/// The portal's real services over a real SQLite file, without a web server: only the clock and the gateway that sends messages are the
/// test's own. Nothing runs in the background; a test calls <see cref="DispatchAsync"/> and <see cref="RunTimerAsync"/> when it wants them.
/// </summary>
public sealed class PortalServices : IAsyncDisposable
{
    private readonly PortalServicesSetup setup;
    private readonly TempFolder? ownFolder;
    private IHost? host;

    private PortalServices(PortalServicesSetup setup)
    {
        this.setup = setup;
        ownFolder = setup.DataFolder is null ? new TempFolder() : null;
        DataFolder = setup.DataFolder ?? ownFolder!.FullPath;
        Clock = new ManualClock(setup.StartAt);
        WallClock = new WallClock(Clock);
    }

    /// <summary>Holds portal.db, portal.lock and keys/.</summary>
    public string DataFolder { get; }

    /// <summary>The database file.</summary>
    public string DatabaseFile => Path.Combine(DataFolder, "portal.db");

    /// <summary>The time of everything that happens; kept over a restart.</summary>
    public ManualClock Clock { get; }

    /// <summary>What the services see of that time: a test may set it back or forward like an operator's wrong clock.</summary>
    public WallClock WallClock { get; }

    /// <summary>Everything that was sent; kept over a restart.</summary>
    public RecordingGateway Gateway { get; } = new();

    /// <summary>Everything that was logged; kept over a restart.</summary>
    public CapturedLogs Logs { get; } = new();

    public IUnbindService Unbinding => Get<IUnbindService>();

    public IUnbindProofs Proofs => Get<IUnbindProofs>();

    public IAccountService Accounts => Get<IAccountService>();

    public IPasswordService Passwords => Get<IPasswordService>();

    public IBindingService Bindings => Get<IBindingService>();

    public PortalChanges Changes => Get<PortalChanges>();

    public PortalSessions Sessions => Get<PortalSessions>();

    /// <summary>Opens the database of a fresh or given folder.</summary>
    /// <exception cref="StartRefusedException">It cannot be used as it is.</exception>
    public static async Task<PortalServices> StartAsync(PortalServicesSetup? setup = null)
    {
        var portal = new PortalServices(setup ?? new PortalServicesSetup());
        try
        {
            await portal.OpenAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Any registered service.</summary>
    public T Get<T>()
        where T : notnull => (host ?? throw new InvalidOperationException("The services are stopped.")).Services.GetRequiredService<T>();

    /// <summary>The options in force.</summary>
    public T Options<T>()
        where T : class => Get<IOptions<T>>().Value;

    /// <summary>Reads with a context of its own, as the product's pages do.</summary>
    public async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var db = await Get<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>Changes data as an operator's tool would: through the one way, in nobody's session.</summary>
    public Task ChangeAsync(Func<Change, Task> act) =>
        Changes.RunAsync(
            ChangeScope.None,
            async change =>
            {
                await act(change);
                return true;
            }
        );

    /// <summary>Sends what is due; answers how many messages left.</summary>
    public Task<int> DispatchAsync() => Get<OutboxDispatcher>().DispatchDueAsync(CancellationToken.None);

    /// <summary>Carries out what is due.</summary>
    public Task RunTimerAsync() => Get<UnbindTimer>().RunDueAsync(CancellationToken.None);

    /// <summary>Sends what is due and reads the newest code that went to this number or address.</summary>
    public async Task<string> CodeSentToAsync(TestBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        await DispatchAsync();
        return Gateway.Sent.Last(message => message.To == binding.Subject && message.Code is not null).Code!;
    }

    /// <summary>A plain connection past all services, as somebody with the file at hand would open it.</summary>
    public async Task<SqliteConnection> OpenFileAsync()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = DatabaseFile,
                Pooling = false,
                DefaultTimeout = 60,
            }.ToString()
        );
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>One value of the database file.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await OpenFileAsync();
        await using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Stops without a goodbye and opens the same folder again.</summary>
    /// <param name="settings">Settings put over the ones of the first start.</param>
    public async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await StopAsync();
        await OpenAsync(settings);
    }

    /// <summary>Lets go of the folder.</summary>
    public async Task StopAsync()
    {
        if (host is null)
        {
            return;
        }

        await ((IAsyncDisposable)host).DisposeAsync();
        host = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ownFolder?.Dispose();
    }

    private async Task OpenAsync(params (string Key, string Value)[] settings)
    {
        host = Build(settings);
        try
        {
            await Get<PortalDatabase>().OpenAsync($"a test (pid {Environment.ProcessId})");
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    private IHost Build((string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        var values = new Dictionary<string, string?>(setup.Settings, StringComparer.Ordinal)
        {
            ["Portal:DataFolder"] = DataFolder,
            ["Delivery:Folder"] = Path.Combine(DataFolder, "out"),
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        builder.Logging.SetMinimumLevel(setup.LogLevel).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(WallClock);
        builder.Services.AddPortalData(builder.Configuration);
        builder.Services.AddVerification(builder.Configuration);
        builder.Services.AddPortalSessions(builder.Configuration);
        builder.Services.AddNotices(builder.Configuration, builder.Environment);
        builder.Services.AddAccount(builder.Configuration);
        builder.Services.AddSecurityCenter();
        builder.Services.AddUnbind(builder.Configuration);
        builder.Services.AddIntegration(builder.Environment);
        builder.Services.AddSingleton<IMessageGateway>(Gateway);

        // The cost of a hash is what makes a test with many passwords slow; nothing but the cost differs.
        if (setup.HashIterations is { } rounds)
        {
            builder.Services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = rounds);
        }

        if (setup.Interceptors.Count > 0)
        {
            builder.Services.ConfigureDbContext<PortalDbContext>(database => database.AddInterceptors(setup.Interceptors));
        }

        return builder.Build();
    }
}
