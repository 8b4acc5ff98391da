using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace UnbindPortal.Data.Configurations;

internal sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.ToTable("Ledger");
        builder.HasKey(e => e.Seq);
        builder.Property(e => e.Seq).ValueGeneratedOnAdd();
        builder.Property(e => e.Action).HasMaxLength(64);
        builder.HasIndex(e => e.Id).IsUnique();
        builder.HasIndex(e => new { e.AccountId, e.Seq });
    }
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("Outbox");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.LastOutcome).HasMaxLength(64);
        builder.HasIndex(m => m.AccountId);
        builder.HasIndex(m => m.AvailableAt).HasFilter("\"SentAt\" IS NULL AND \"DeadAt\" IS NULL");
    }
}
