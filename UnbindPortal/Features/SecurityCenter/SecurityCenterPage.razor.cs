using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.SecurityCenter;

/// <summary>Everything tied to the account, what it is good for, and for each the way to take it off or the reason why not.</summary>
public sealed partial class SecurityCenterPage
{
    private static readonly TimeSpan Stale = TimeSpan.FromDays(365);

    private SecurityOverview? overview;
    private bool failed;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private IBindingService Bindings { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private When When { get; set; } = null!;

    private IReadOnlyList<SummaryFact> Facts =>
        [
            new(Texts["WaysIn"], $"{overview!.WaysIn}", "ways-in"),
            new(Texts["Recoveries"], $"{overview.Recoveries}", "recoveries"),
            new(Texts["Sessions"], $"{overview.Sessions}", "sessions"),
        ];

    private string SummaryKey =>
        overview!.WaysIn switch
        {
            0 => "SummaryNone",
            1 => "SummaryOneWay",
            _ => "SummaryOk",
        };

    private IEnumerable<(BindingGroup Group, IEnumerable<BindingCard> Cards)> Groups =>
        overview!
            .Bindings.GroupBy(card => BindingCatalogue.For(card.Kind).Group)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.AsEnumerable()));

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            if ((await Authentication).User.ToActor() is not { } actor)
            {
                return;
            }

            overview = await Bindings.ListAsync(actor);
            if (overview is null)
            {
                Navigation.NavigateTo("/login", forceLoad: true);
            }
        }
        catch (StorageUnavailableException)
        {
            failed = true;
        }
    }

    private string NameOf(BindingCard card) => card.DisplayName ?? Kinds[card.Kind.ToString()];

    private string IdentityOf(BindingCard card) =>
        card.Kind is BindingKind.App ? Texts["MaySee", string.Join(Shared["ListSeparator"], card.Scopes)] : card.Masked;

    private IReadOnlyList<string> MetaOf(BindingCard card)
    {
        var since = Texts[card.Kind is BindingKind.App ? "GrantedSince" : "BoundSince", When.Month(card.BoundAt)].Value;
        var used = card.LastUsedAt is { } at ? Texts["UsedAgo", When.Ago(at)] : Texts["NeverUsed"];
        if (card.Kind is BindingKind.App)
        {
            return [Together(since, used)];
        }

        var proved = card.ProvedAt is { } when ? Texts["ProvedAgo", When.Ago(when)] : Texts["NeverProved"];
        return [GoodFor(card), Together(since, proved, used)];
    }

    // On a narrow screen the line may break between two facts, never inside one.
    private string Together(params string[] facts) =>
        string.Join(Texts["MetaSeparator"], facts.Select(fact => fact.Replace(' ', '\u00a0')));

    private string GoodFor(BindingCard card)
    {
        var capabilities = new[] { Capabilities.SignIn, Capabilities.Recovery, Capabilities.Notice }
            .Where(c => card.Capabilities.HasFlag(c))
            .ToArray();
        return capabilities.Length == 0
            ? Texts["GoodForNothing"]
            : Texts["GoodFor", string.Join(Shared["ListSeparator"], capabilities.Select(c => Shared[$"Capability{c}"].Value))];
    }

    private RenderFragment? ChipOf(BindingCard card) =>
        card switch
        {
            { WaitsIn: not null } => Chip("ChipWaiting", Tone.Warn),
            { PlatformOff: true } => Chip("ChipPlatformOff", Tone.Plain),
            { ProvedAt: null, Kind: not BindingKind.App } => Chip("ChipUnverified", Tone.Warn),
            { ProvedAt: { } proved } when BindingCatalogue.For(card.Kind).Group is BindingGroup.Contact && overview!.Now - proved > Stale =>
                Chip("ChipStale", Tone.Warn),
            _ => null,
        };

    private RenderFragment Chip(string key, Tone tone) =>
        builder =>
        {
            builder.OpenComponent<Chip>(0);
            builder.AddComponentParameter(1, nameof(Components.Shared.Chip.Tone), tone);
            builder.AddComponentParameter(
                2,
                nameof(Components.Shared.Chip.ChildContent),
                (RenderFragment)(text => text.AddContent(0, Texts[key].Value))
            );
            builder.CloseComponent();
        };

    private RenderFragment? EndOf(BindingCard card) =>
        card switch
        {
            { WaitsIn: { } request } => Link($"/unbind/{request}/done", "ShowWaiting", card, $"waiting-{card.Id}"),
            { Refusals.Count: 0 } => Link($"/unbind?b={card.Id}", "Unbind", card, $"unbind-{card.Id}"),
            _ => null,
        };

    private RenderFragment Link(string href, string key, BindingCard card, string testId) =>
        builder =>
        {
            builder.OpenComponent<PortalLink>(0);
            builder.AddComponentParameter(1, nameof(PortalLink.Href), href);
            builder.AddComponentParameter(2, nameof(PortalLink.Kind), ButtonKind.Small);
            builder.AddComponentParameter(
                3,
                nameof(PortalLink.ChildContent),
                (RenderFragment)(text => text.AddContent(0, Texts[key].Value))
            );
            builder.AddAttribute(4, "data-testid", testId);
            builder.AddAttribute(5, "aria-label", $"{Texts[key].Value} {NameOf(card)} {card.Masked}");
            builder.CloseComponent();
        };
}
