using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using UnbindPortal.Data.Identity;
using UnbindPortal.Domain;

namespace UnbindPortal.Data.Configurations;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.ExternalId).HasMaxLength(128);
        builder.Property(a => a.Version).IsConcurrencyToken();
        builder.HasIndex(a => a.ExternalId).IsUnique();
    }
}

internal sealed class PortalUserConfiguration : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.HasOne<Account>().WithOne().HasForeignKey<PortalUser>(u => u.Id).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class BindingConfiguration : IEntityTypeConfiguration<Binding>
{
    public void Configure(EntityTypeBuilder<Binding> builder)
    {
        builder.HasKey(b => b.Id);
        builder.Property(b => b.Id).ValueGeneratedNever();
        builder.Property(b => b.Version).IsConcurrencyToken();
        builder.HasOne<Account>().WithMany().HasForeignKey(b => b.AccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(b => new { b.AccountId, b.RemovedAt });

        // Beside LiveIdentity's key: even a row written around it cannot make an identity live twice.
        builder.HasIndex(b => b.Lookup).IsUnique().HasFilter("\"RemovedAt\" IS NULL");
    }
}

internal sealed class AppDependencyConfiguration : IEntityTypeConfiguration<AppDependency>
{
    public void Configure(EntityTypeBuilder<AppDependency> builder)
    {
        builder.HasKey(d => new { d.AppBindingId, d.OnBindingId });
        builder.HasIndex(d => d.AccountId);
        builder.HasOne<Binding>().WithMany().HasForeignKey(d => d.AppBindingId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Binding>().WithMany().HasForeignKey(d => d.OnBindingId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class LiveIdentityConfiguration : IEntityTypeConfiguration<LiveIdentity>
{
    public void Configure(EntityTypeBuilder<LiveIdentity> builder)
    {
        builder.HasKey(i => i.Lookup);
        builder.HasIndex(i => i.BindingId);
        builder.HasOne<Binding>().WithMany().HasForeignKey(i => i.BindingId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(s => new { s.AccountId, s.EndedAt });
    }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.HasKey(k => k.Name);
}
