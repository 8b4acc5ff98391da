namespace UnbindPortal.Domain;

/// <summary>Where an account stands. Values are stored.</summary>
public enum AccountStatus
{
    /// <summary>In use.</summary>
    Active = 1,

    /// <summary>Imported without any way in; becomes active with its first.</summary>
    Inactive = 2,

    /// <summary>Lost its last way in through something its owner did not choose; recovery is open.</summary>
    NeedsRecovery = 3,

    /// <summary>Closed by its owner. Nothing can be done with it.</summary>
    Closed = 4,
}

/// <summary>A person's account.</summary>
public sealed class Account : EventSource
{
    private Account() { }

    /// <summary>An account as it is imported or made.</summary>
    public Account(
        Guid id,
        string? externalId,
        byte[] wrappedDataKey,
        byte[] sealedProfile,
        DateTimeOffset registeredAt,
        AccountStatus status
    )
    {
        Id = id;
        ExternalId = externalId;
        WrappedDataKey = wrappedDataKey;
        SealedProfile = sealedProfile;
        RegisteredAt = registeredAt;
        Status = status;
    }

    /// <summary>Opaque id (UUID v7); never a phone number or an address, which come and go.</summary>
    public Guid Id { get; private set; }

    /// <summary>The operator's own id of this account, unique where set.</summary>
    public string? ExternalId { get; private set; }

    /// <summary>The account's data key, wrapped by the key ring. Destroying it makes everything sealed for the account unreadable.</summary>
    public byte[] WrappedDataKey { get; private set; } = [];

    /// <summary>Display name and usual places, encrypted with the data key.</summary>
    public byte[] SealedProfile { get; private set; } = [];

    /// <summary>When the person registered.</summary>
    public DateTimeOffset RegisteredAt { get; private set; }

    /// <summary>When they last signed in, here or (as imported) at the operator.</summary>
    public DateTimeOffset? LastSignInAt { get; private set; }

    /// <summary>Where the account stands.</summary>
    public AccountStatus Status { get; private set; }

    /// <summary>Concurrency token, one more with every change.</summary>
    public int Version { get; private set; }

    /// <summary>Takes over what an operator's export knows of the last sign-in.</summary>
    public void KnownSignIn(DateTimeOffset? lastSignInAt) => LastSignInAt = lastSignInAt;

    /// <summary>Replaces the profile with a newer import's.</summary>
    public void UpdateProfile(byte[] sealedProfile)
    {
        SealedProfile = sealedProfile;
        Version++;
    }

    /// <summary>Follows the ways in an import brought: an inactive account with one becomes active.</summary>
    public void ActivateIfReachable(bool hasWayIn)
    {
        if (Status is AccountStatus.Inactive && hasWayIn)
        {
            Status = AccountStatus.Active;
            Version++;
        }
    }

    /// <summary>Closes the account for good.</summary>
    public void Close()
    {
        Status = AccountStatus.Closed;
        Version++;
    }

    /// <summary>Notes a sign-in that opened <paramref name="session"/>.</summary>
    public void SignedIn(Session session, DateTimeOffset now)
    {
        LastSignInAt = now;
        Version++;
        Raise(new SignedIn(Id, session.Id, session.SignedInBy, session.SignedInBindingId));
    }

    /// <summary>Notes that the owner chose their first password.</summary>
    public void PasswordWasSet(Guid sessionId)
    {
        Version++;
        Raise(new PasswordSet(Id, sessionId));
    }

    /// <summary>
    /// Rule 1, at the only place where bindings leave: all of <paramref name="going"/> or nothing, and never the last way in nor the last
    /// notice address. <paramref name="state"/> must have been read under this account's lock.
    /// </summary>
    /// <returns>Why nothing was removed; empty when all are gone.</returns>
    public IReadOnlyList<UnbindRefusal> Remove(AccountState state, IReadOnlyCollection<Guid> going, DateTimeOffset now)
    {
        var refusals = state.RefusalsFor(going);
        if (refusals.Count > 0)
        {
            return refusals;
        }

        foreach (var binding in state.Bindings.Where(b => going.Contains(b.Id)))
        {
            binding.Remove(now);
        }

        Version++;
        return [];
    }
}
