using UnbindPortal.Domain;

namespace UnbindPortal.Features.Unbind;

/// <summary>A binding as the wizard shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Masked">Its masked identity.</param>
/// <param name="LastUsedAt">When it last served; null when never seen.</param>
public sealed record BindingLabel(Guid Id, BindingKind Kind, string Masked, DateTimeOffset? LastUsedAt);

/// <summary>A way in as the wizard shows it.</summary>
/// <param name="Kind">The binding's kind; null for the password.</param>
/// <param name="Masked">The masked identity; null for the password.</param>
public sealed record WayInLabel(BindingKind? Kind, string? Masked);

/// <summary>What a choice leaves.</summary>
/// <param name="WaysIn">Ways in that stay.</param>
/// <param name="Recoveries">What stays to get back in with.</param>
/// <param name="Notices">Addresses that stay to be told at.</param>
/// <param name="Lost">Ways in that go.</param>
/// <param name="Refusals">Why the choice cannot be; empty when it can.</param>
public sealed record ChoicePreview(
    IReadOnlyList<WayInLabel> WaysIn,
    IReadOnlyList<BindingLabel> Recoveries,
    IReadOnlyList<BindingLabel> Notices,
    IReadOnlyList<WayInLabel> Lost,
    IReadOnlyList<UnbindRefusal> Refusals
);

/// <summary>One line of Choose.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Capabilities">What it is good for now.</param>
/// <param name="Refusals">Why it cannot go even alone; empty when it can.</param>
/// <param name="WaitsIn">The request it already waits in.</param>
public sealed record Choice(BindingLabel Binding, Capabilities Capabilities, IReadOnlyList<UnbindRefusal> Refusals, Guid? WaitsIn);

/// <summary>What Choose shows.</summary>
/// <param name="Choices">Everything bound.</param>
/// <param name="HasPassword">A password is set.</param>
/// <param name="RequestsLeft">Requests left today.</param>
/// <param name="RequestsPerDay">Requests a day.</param>
public sealed record ChooseView(IReadOnlyList<Choice> Choices, bool HasPassword, int RequestsLeft, int RequestsPerDay)
{
    internal AccountState State { get; init; } = null!;
}

/// <summary>A proof the person may give.</summary>
/// <param name="Factor">Which.</param>
/// <param name="Masked">Where a code goes; null for the password.</param>
/// <param name="Given">Already given for this plan.</param>
/// <param name="Wait">The wait of the quickest set it belongs to.</param>
/// <param name="Partner">The factor it must be paired with in that set; null when it suffices alone.</param>
/// <param name="Code">The code on its way, if one was sent.</param>
public sealed record ProofChoice(Factor Factor, string? Masked, bool Given, TimeSpan Wait, Factor? Partner, CodeOnItsWay? Code);

/// <summary>A code that was sent and still counts.</summary>
/// <param name="ExpiresAt">When it stops counting.</param>
/// <param name="ResendAt">When another may be asked for.</param>
/// <param name="TriesLeft">Comparisons left.</param>
public sealed record CodeOnItsWay(DateTimeOffset ExpiresAt, DateTimeOffset ResendAt, int TriesLeft);

/// <summary>What Verify, Confirm and Done show of a request.</summary>
public sealed record UnbindView
{
    /// <summary>The request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The stage that counts now.</summary>
    public required UnbindStage Stage { get; init; }

    /// <summary>What goes, or went.</summary>
    public required IReadOnlyList<BindingLabel> Going { get; init; }

    /// <summary>Ways in that stay.</summary>
    public IReadOnlyList<WayInLabel> WaysIn { get; init; } = [];

    /// <summary>What stays to get back in with.</summary>
    public IReadOnlyList<BindingLabel> Recoveries { get; init; } = [];

    /// <summary>Apps that lean on something that goes.</summary>
    public IReadOnlyList<BindingLabel> Apps { get; init; } = [];

    /// <summary>Other sessions that were opened with something that goes.</summary>
    public int SessionsEnding { get; init; }

    /// <summary>The proofs the person may give, best first.</summary>
    public IReadOnlyList<ProofChoice> Proofs { get; init; } = [];

    /// <summary>Hash of the plan shown, in hex.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>The wait the given proofs earned; set while Verified.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>When it takes effect, while Waiting.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When an unconfirmed walk ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Why it went back to Planned.</summary>
    public ReplanReason? Replanned { get; init; }

    /// <summary>Why it was cancelled.</summary>
    public CancelReason? Cancelled { get; init; }

    /// <summary>Wrong answers left before the walk ends.</summary>
    public int TriesLeft { get; init; }
}

/// <summary>How starting a walk ended.</summary>
public abstract record StartOutcome
{
    private StartOutcome() { }

    /// <summary>Planned; go on to Verify.</summary>
    public sealed record Started(Guid RequestId) : StartOutcome;

    /// <summary>It cannot be.</summary>
    public sealed record Refused(IReadOnlyList<UnbindRefusal> Reasons) : StartOutcome;

    /// <summary>The session has ended.</summary>
    public sealed record SignedOut : StartOutcome;
}

/// <summary>How giving a proof ended.</summary>
public enum ProveOutcome
{
    /// <summary>Enough: on to Confirm.</summary>
    Verified,

    /// <summary>Right, but one more is needed.</summary>
    OneMore,

    /// <summary>Wrong.</summary>
    Wrong,

    /// <summary>No open code: expired, used, or sent for something else.</summary>
    NoCode,

    /// <summary>No tries left for this code; another proof still works.</summary>
    NoTriesLeft,

    /// <summary>Too many wrong answers lately; wait.</summary>
    MustWait,

    /// <summary>What would happen has changed; look again and prove anew.</summary>
    PlanChanged,

    /// <summary>This proof is not one of those that suffice.</summary>
    NotSuitable,

    /// <summary>The walk is over: expired, cancelled, or already confirmed.</summary>
    Over,

    /// <summary>Not found, or not the caller's.</summary>
    NotFound,

    /// <summary>The session has ended.</summary>
    SignedOut,
}

/// <summary>How a confirm ended.</summary>
public enum ConfirmOutcome
{
    /// <summary>Gone, or waiting, now or by an earlier confirm.</summary>
    Confirmed,

    /// <summary>What would happen has changed; back to Verify.</summary>
    PlanChanged,

    /// <summary>The proof no longer counts; back to Verify.</summary>
    ProofMissing,

    /// <summary>The rules no longer allow it; nothing changed.</summary>
    NotPossible,

    /// <summary>The walk was over before.</summary>
    Over,

    /// <summary>Not found, or not the caller's.</summary>
    NotFound,

    /// <summary>The session has ended.</summary>
    SignedOut,
}

/// <summary>An answer to a proof's question.</summary>
public abstract record ProofAnswer
{
    private ProofAnswer() { }

    /// <summary>A code from a message.</summary>
    public sealed record Code(OneTimeCode Typed) : ProofAnswer
    {
        /// <inheritdoc />
        public override string ToString() => nameof(Code);
    }

    /// <summary>The password.</summary>
    public sealed record Password(SecretText Typed) : ProofAnswer
    {
        /// <inheritdoc />
        public override string ToString() => nameof(Password);
    }
}
