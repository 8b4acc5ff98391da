using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace UnbindPortal.Components.Security;

/// <summary>The shell alone on a real Kestrel at a free port, with one page that throws.</summary>
internal sealed class ShellHost : IAsyncDisposable
{
    public const string Throwing = "/throws";
    public const string SecretDetail = "a detail nobody may see";

    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = true };

    private ShellHost(WebApplication app)
    {
        _app = app;
        Origin = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient(_handler) { BaseAddress = new Uri(Origin) };
    }

    public string Origin { get; }

    public HttpClient Client { get; }

    public static async Task<ShellHost> StartAsync(string? publicOrigin = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = typeof(ShellSetup).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
                EnvironmentName = "Testing",
            }
        );
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Portal:PublicOrigin", publicOrigin)]);
        builder.Services.AddShell(builder.Configuration);
        var app = builder.Build();
        app.UseShell();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapGet(Throwing, string () => throw new InvalidOperationException(SecretDetail));
        app.MapPost("/act", () => "done");
        app.MapShell();
        await app.StartAsync();
        return new ShellHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
    }
}
