using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.SecurityCenter;

/// <summary>One binding as the security centre shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Masked">Its masked identity.</param>
/// <param name="DisplayName">An app's name; null otherwise.</param>
/// <param name="Scopes">What an app may see.</param>
/// <param name="BoundAt">Since when.</param>
/// <param name="ProvedAt">Last proved; null when never.</param>
/// <param name="LastUsedAt">Last used; null when never seen.</param>
/// <param name="Capabilities">What it is good for now; nothing while it is not usable.</param>
/// <param name="PlatformOff">Its platform is switched off, so it signs nobody in.</param>
/// <param name="Refusals">Why it cannot be unbound; empty when it can.</param>
/// <param name="WaitsIn">The request it waits in to be removed.</param>
public sealed record BindingCard(
    Guid Id,
    BindingKind Kind,
    string Masked,
    string? DisplayName,
    IReadOnlyList<string> Scopes,
    DateTimeOffset BoundAt,
    DateTimeOffset? ProvedAt,
    DateTimeOffset? LastUsedAt,
    Capabilities Capabilities,
    bool PlatformOff,
    IReadOnlyList<UnbindRefusal> Refusals,
    Guid? WaitsIn
);

/// <summary>Everything tied to an account.</summary>
/// <param name="DisplayName">What to call the person.</param>
/// <param name="HasPassword">A password is set.</param>
/// <param name="WaysIn">Ways to sign in.</param>
/// <param name="Recoveries">Ways to get back in.</param>
/// <param name="Sessions">Browsers signed in now, this one included.</param>
/// <param name="Bindings">The bindings.</param>
/// <param name="Now">The time all of this was read at.</param>
public sealed record SecurityOverview(
    string DisplayName,
    bool HasPassword,
    int WaysIn,
    int Recoveries,
    int Sessions,
    IReadOnlyList<BindingCard> Bindings,
    DateTimeOffset Now
);

/// <summary>What is bound to an account.</summary>
public interface IBindingService
{
    /// <summary>Everything tied to the actor's account, in three queries however much there is; null when the session has ended.</summary>
    Task<SecurityOverview?> ListAsync(Actor actor, CancellationToken cancel = default);
}

/// <inheritdoc cref="IBindingService" />
internal sealed class BindingService(
    IDbContextFactory<PortalDbContext> databases,
    PortalSessions sessions,
    PortalClock clock,
    KeyRing keys,
    IOptions<PlatformOptions> platforms,
    IOptions<SessionLimits> limits
) : IBindingService
{
    public async Task<SecurityOverview?> ListAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!await sessions.IsLiveAsync(actor, cancel))
        {
            return null;
        }

        var now = clock.Now;
        var idleSince = now - limits.Value.Idle;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.LoadStateAsync(actor.AccountId, platforms.Value.EnabledSet, cancel: cancel) is not { } loaded)
        {
            return null;
        }

        var open = await db.Sessions.CountAsync(
            s => s.AccountId == actor.AccountId && s.EndedAt == null && s.ExpiresAt > now && s.LastActiveAt > idleSince,
            cancel
        );
        var cipher = AccountCipher.For(keys, loaded.Account.Id, loaded.Account.WrappedDataKey);
        return new SecurityOverview(
            cipher.OpenProfile(loaded.Account.SealedProfile).DisplayName,
            loaded.State.HasPassword,
            loaded.State.WaysIn([]).Count,
            loaded.State.Staying(Capabilities.Recovery, []).Count,
            open,
            [.. loaded.State.Bindings.Select(binding => CardOf(binding, loaded, cipher))],
            now
        );
    }

    private static BindingCard CardOf(Binding binding, LoadedAccount loaded, AccountCipher cipher)
    {
        var identity = cipher.Open(binding);
        var info = BindingCatalogue.For(binding.Kind);
        var usable = loaded.State.IsUsable(binding);
        return new BindingCard(
            binding.Id,
            binding.Kind,
            identity.Masked(binding.Kind),
            binding.Kind is BindingKind.App ? identity.DisplayName : null,
            identity.Scopes,
            binding.BoundAt,
            binding.ProvedAt,
            binding.LastUsedAt,
            usable ? info.Capabilities : Capabilities.None,
            info.IsPlatform && binding.IsSound && !usable,
            loaded.State.RefusalsFor([binding.Id]),
            loaded.WaitingIn.TryGetValue(binding.Id, out var request) ? request : null
        );
    }
}
