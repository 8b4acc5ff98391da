using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Trust.Hosting;

namespace UnbindPortal.Features.Integration.Demo;

/// <summary>In Development, brings in the demo accounts by the same importer an operator uses. Runs at every start and changes nothing that is there.</summary>
internal sealed partial class DemoData(
    Importer importer,
    IDbContextFactory<PortalDbContext> databases,
    PortalChanges changes,
    ILogger<DemoData> logger
) : IStartupStep
{
    /// <summary>Where the demo's files lie beside the application.</summary>
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "Features", "Integration", "Demo");

    // Roles are never imported: an export must not be able to make staff. By external id, since somebody else may bear the name.
    private static readonly (string ExternalId, string Role)[] Staff =
    [
        ("demo-support", PortalRole.Support),
        ("demo-lead", PortalRole.Lead),
        ("demo-auditor", PortalRole.Auditor),
    ];

    public async Task RunAsync(CancellationToken cancel)
    {
        await importer.RunAsync(
            Path.Combine(Folder, "accounts.csv"),
            Path.Combine(Folder, "bindings.csv"),
            refusal => LogRefused(logger, refusal.ToString()),
            _ => { },
            cancel
        );
        await using var db = await databases.CreateDbContextAsync(cancel);
        if ((await MissingRolesAsync(db, cancel)).Count > 0)
        {
            await changes.RunAsync(ChangeScope.None, change => GiveRolesAsync(change, cancel), cancel);
        }
    }

    private static async Task<List<(Guid User, string Role)>> MissingRolesAsync(PortalDbContext db, CancellationToken cancel)
    {
        string[] externalIds = [.. Staff.Select(staff => staff.ExternalId)];
        var found = await db
            .Accounts.Where(a => externalIds.Contains(a.ExternalId))
            .Select(a => new
            {
                a.Id,
                a.ExternalId,
                Roles = db.UserRoles.Where(r => r.UserId == a.Id).Join(db.Roles, r => r.RoleId, r => r.Id, (_, r) => r.Name).ToList(),
            })
            .ToListAsync(cancel);
        return
        [
            .. from account in found
            join staff in Staff on account.ExternalId equals staff.ExternalId
            where !account.Roles.Contains(staff.Role, StringComparer.Ordinal)
            select (account.Id, staff.Role),
        ];
    }

    private static async Task<bool> GiveRolesAsync(Change change, CancellationToken cancel)
    {
        foreach (var (user, name) in await MissingRolesAsync(change.Db, cancel))
        {
            var role = await change.Db.Roles.SingleOrDefaultAsync(r => r.Name == name, cancel);
            if (role is null)
            {
                role = new PortalRole
                {
                    Id = Guid.CreateVersion7(change.Now),
                    Name = name,
                    NormalizedName = name.ToUpperInvariant(),
                };
                change.Db.Roles.Add(role);
            }

            change.Db.UserRoles.Add(new() { UserId = user, RoleId = role.Id });
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo data: {Refusal}")]
    private static partial void LogRefused(ILogger logger, string refusal);
}

/// <summary>Tells a newcomer where to go and whom to be, once the server listens.</summary>
internal sealed class DemoGreeting(IHostApplicationLifetime lifetime, IServer server, IConfiguration configuration) : IStartupStep
{
    public Task RunAsync(CancellationToken cancel)
    {
        lifetime.ApplicationStarted.Register(() => Console.WriteLine(Words()));
        return Task.CompletedTask;
    }

    // The addresses in force: settings may name port 0, or several.
    private string Words()
    {
        var running = server.Features;
        var address = running.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/') ?? "";
        return $"""

            UnbindPortal  {address}
              lin, wang, support, lead, auditor   password {configuration["Account:DemoPassword"]}
              chen                                phone 13900000002 and a code by SMS
              every message                       {address}/dev/inbox

            """;
    }
}
