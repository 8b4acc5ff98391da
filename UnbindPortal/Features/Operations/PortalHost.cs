using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Trust.Hosting;

namespace UnbindPortal.Features.Operations;

/// <summary>Builds and runs the process: as a server, or for one command.</summary>
public static class PortalHost
{
    /// <summary>A builder whose settings stand beside the application, while data paths stay relative to where it was started.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = IsCommand(args) ? [] : args, ContentRootPath = AppContext.BaseDirectory }
        );
        // What no request causes, such as a wait that falls due, is worded in the portal's own language, whatever the machine speaks.
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        if (builder.Environment.IsDevelopment())
        {
            builder.WebHost.UseStaticWebAssets();
        }

        return builder;
    }

    /// <summary>Opens the database and serves, or runs the command in <paramref name="args"/>.</summary>
    /// <returns>The exit code: 0 done, 1 refused, 3 another process holds the data folder.</returns>
    public static async Task<int> RunPortalAsync(this WebApplication app, string[] args)
    {
        try
        {
            return IsCommand(args) ? await RunCommandAsync(app, args) : await ServeAsync(app);
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return refused.ExitCode;
        }
        catch (OptionsValidationException invalid)
        {
            return await RefuseAsync([invalid]);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return await RefuseAsync(several.InnerExceptions.Cast<OptionsValidationException>());
        }
    }

    private static async Task<int> RefuseAsync(IEnumerable<OptionsValidationException> invalid)
    {
        await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, invalid.SelectMany(one => one.Failures)));
        return 1;
    }

    // A verb comes first and is a word; everything else is configuration of the server.
    private static bool IsCommand(string[] args) =>
        args is [var first, ..] && !first.StartsWith('-') && !first.Contains('=', StringComparison.Ordinal);

    private static async Task<int> RunCommandAsync(WebApplication app, string[] args)
    {
        var root = new RootCommand("UnbindPortal");
        foreach (var command in app.Services.GetServices<IPortalCommand>())
        {
            root.Subcommands.Add(command.Build());
        }

        await app.Services.GetRequiredService<PortalDatabase>().OpenAsync($"pid {Environment.ProcessId}, running '{args[0]}'");
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        // Before anything is opened or migrated, and before the host would log a missing setting as a crash.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        await app
            .Services.GetRequiredService<PortalDatabase>()
            .OpenAsync($"a server (pid {Environment.ProcessId}, {app.Configuration["urls"]})");
        foreach (var step in app.Services.GetServices<IStartupStep>())
        {
            await step.RunAsync(CancellationToken.None);
        }

        await app.RunAsync();
        return 0;
    }
}
