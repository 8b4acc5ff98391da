using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;

namespace UnbindPortal.Data;

/// <summary>The portal's database. Reads use a short context of their own; writes happen only inside a change (see <see cref="PortalChanges"/>).</summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityDbContext<PortalUser, PortalRole, Guid>(options)
{
    /// <summary>People's accounts.</summary>
    public DbSet<Account> Accounts => Set<Account>();

    /// <summary>What is or was tied to them.</summary>
    public DbSet<Binding> Bindings => Set<Binding>();

    /// <summary>Which app leans on which binding.</summary>
    public DbSet<AppDependency> AppDependencies => Set<AppDependency>();

    /// <summary>Who owns which identity now.</summary>
    public DbSet<LiveIdentity> LiveIdentities => Set<LiveIdentity>();

    /// <summary>Signed-in browsers.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Walks through the wizard.</summary>
    public DbSet<UnbindRequest> UnbindRequests => Set<UnbindRequest>();

    /// <summary>The bindings of those walks.</summary>
    public DbSet<UnbindRequestItem> UnbindRequestItems => Set<UnbindRequestItem>();

    /// <summary>Codes waiting to be typed.</summary>
    public DbSet<Challenge> Challenges => Set<Challenge>();

    /// <summary>Answered challenges.</summary>
    public DbSet<Proof> Proofs => Set<Proof>();

    /// <summary>Failures and waits.</summary>
    public DbSet<FailureBudget> FailureBudgets => Set<FailureBudget>();

    /// <summary>Messages asked for lately.</summary>
    public DbSet<SendRecord> SendRecords => Set<SendRecord>();

    /// <summary>The record.</summary>
    public DbSet<LedgerEntry> Ledger => Set<LedgerEntry>();

    /// <summary>Messages that must leave.</summary>
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    /// <summary>Keys of the cookie protection.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Set by the one way to change data; writing without it throws.</summary>
    internal bool InChange { get; set; }

    /// <inheritdoc />
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot compare DateTimeOffset; UTC ticks sort, compare and never carry an offset.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<TimeSpan>().HaveConversion<TimeSpanToTicksConverter>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
    }

    private sealed class UtcTicks()
        : ValueConverter<DateTimeOffset, long>(at => at.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
