using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Features.Integration.Import;
using UnbindPortal.Trust.Hosting;

namespace UnbindPortal.Features.Integration.Demo;

/// <summary>In Development, brings in the demo accounts by the same importer an operator uses. Runs at every start and changes nothing that is there.</summary>
internal sealed partial class DemoData(Importer importer, PortalChanges changes, ILogger<DemoData> logger) : IStartupStep
{
    private static readonly (string UserName, string Role)[] Staff =
    [
        ("support", PortalRole.Support),
        ("lead", PortalRole.Lead),
        ("auditor", PortalRole.Auditor),
    ];

    public async Task RunAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Features", "Integration", "Demo");
        var summary = await importer.RunAsync(
            Path.Combine(folder, "accounts.csv"),
            Path.Combine(folder, "bindings.csv"),
            refusal => LogRefused(logger, refusal.ToString()),
            cancel
        );
        if (summary.AccountsNew > 0)
        {
            await changes.RunAsync(ChangeScope.None, change => GiveRolesAsync(change, cancel), cancel);
        }
    }

    // Roles are never imported: an export must not be able to make staff.
    private static async Task<bool> GiveRolesAsync(Change change, CancellationToken cancel)
    {
        foreach (var (userName, roleName) in Staff)
        {
            var user = await change.Db.Users.SingleOrDefaultAsync(u => u.UserName == userName, cancel);
            var role = await change.Db.Roles.SingleOrDefaultAsync(r => r.Name == roleName, cancel);
            if (role is null)
            {
                role = new PortalRole
                {
                    Id = Guid.CreateVersion7(change.Now),
                    Name = roleName,
                    NormalizedName = roleName.ToUpperInvariant(),
                };
                change.Db.Roles.Add(role);
            }

            if (user is not null && !await change.Db.UserRoles.AnyAsync(r => r.UserId == user.Id && r.RoleId == role.Id, cancel))
            {
                change.Db.UserRoles.Add(new() { UserId = user.Id, RoleId = role.Id });
            }
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo data: {Refusal}")]
    private static partial void LogRefused(ILogger logger, string refusal);
}

/// <summary>Tells a newcomer where to go and whom to be, once the server listens.</summary>
internal sealed class DemoGreeting(IHostApplicationLifetime lifetime, IConfiguration configuration) : IStartupStep
{
    public Task RunAsync(CancellationToken cancel)
    {
        lifetime.ApplicationStarted.Register(() =>
            Console.WriteLine(
                $"""

                UnbindPortal  {configuration["urls"]}
                  lin, wang, support, lead, auditor   password {configuration["Account:DemoPassword"]}
                  chen                                phone 13900000002 and a code by SMS
                  every message                       {configuration["urls"]}/dev/inbox

                """
            )
        );
        return Task.CompletedTask;
    }
}
