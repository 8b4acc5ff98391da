using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Configurations;

internal sealed class UnbindRequestConfiguration : IEntityTypeConfiguration<UnbindRequest>
{
    public void Configure(EntityTypeBuilder<UnbindRequest> builder)
    {
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Ignore(r => r.BindingIds);
        builder.HasOne<Account>().WithMany().HasForeignKey(r => r.AccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(r => r.Items).WithOne().HasForeignKey(i => i.RequestId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(r => r.Items).AutoInclude();
        builder.HasIndex(r => new { r.AccountId, r.PlannedAt });
        builder.HasIndex(r => r.DueAt).HasFilter($"\"Stage\" = {(int)UnbindStage.Waiting}");
        builder.HasIndex(r => r.ExpiresAt).HasFilter($"\"Stage\" IN ({(int)UnbindStage.Planned}, {(int)UnbindStage.Verified})");
    }
}

internal sealed class UnbindRequestItemConfiguration : IEntityTypeConfiguration<UnbindRequestItem>
{
    public void Configure(EntityTypeBuilder<UnbindRequestItem> builder)
    {
        builder.HasKey(i => new { i.RequestId, i.BindingId });
        builder.HasOne<Binding>().WithMany().HasForeignKey(i => i.BindingId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(i => i.AccountId);

        // A binding waits in at most one request.
        builder.HasIndex(i => i.BindingId).IsUnique().HasFilter("\"Waiting\" = 1");
    }
}

internal sealed class ChallengeConfiguration : IEntityTypeConfiguration<Challenge>
{
    public void Configure(EntityTypeBuilder<Challenge> builder)
    {
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.HasIndex(c => c.AccountId);
        builder.HasIndex(c => c.CreatedAt);

        // One open code per session, purpose, subject and destination: a resend replaces it and inherits its attempts.
        builder
            .HasIndex(c => new
            {
                c.BoundTo,
                c.Purpose,
                c.Subject,
                c.DestinationLookup,
            })
            .IsUnique()
            .HasFilter("\"ClosedAt\" IS NULL");
    }
}

internal sealed class ProofConfiguration : IEntityTypeConfiguration<Proof>
{
    public void Configure(EntityTypeBuilder<Proof> builder)
    {
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasIndex(p => p.RequestId);
        builder.HasIndex(p => p.AccountId);
        builder.HasIndex(p => p.ExpiresAt);
        builder.HasOne<UnbindRequest>().WithMany().HasForeignKey(p => p.RequestId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class FailureBudgetConfiguration : IEntityTypeConfiguration<FailureBudget>
{
    public void Configure(EntityTypeBuilder<FailureBudget> builder)
    {
        builder.HasKey(f => f.Key);
        builder.HasIndex(f => f.LastAt);
    }
}

internal sealed class SendRecordConfiguration : IEntityTypeConfiguration<SendRecord>
{
    public void Configure(EntityTypeBuilder<SendRecord> builder)
    {
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasIndex(s => new { s.DestinationLookup, s.At });
        builder.HasIndex(s => new { s.AccountId, s.At });
        builder.HasIndex(s => new { s.OriginLookup, s.At });
        builder.HasIndex(s => s.At);
    }
}
