using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Sessions;

namespace UnbindPortal.Features.Unbind;

/// <summary>Tick what shall go; the page shows at once what would stay. There is no row yet: the ticks live in the query string.</summary>
public sealed partial class ChoosePage
{
    private readonly HashSet<Guid> chosen = [];
    private readonly Submission submission = new();
    private ChooseView? view;
    private ChoicePreview? preview;
    private IReadOnlyList<UnbindRefusal> refused = [];
    private bool failed;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = null!;

    [Inject]
    private IUnbindService Unbinding { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "b")]
    private Guid[]? Ticked { get; set; }

    private bool CanGoOn => RendererInfo.IsInteractive && chosen.Count > 0 && preview!.Refusals.Count == 0;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        try
        {
            if ((await Authentication).User.ToActor() is not { } actor)
            {
                return;
            }

            if (await Unbinding.FindChoicesAsync(actor) is not { } found)
            {
                Navigation.NavigateTo("/login", forceLoad: true);
            }
            else
            {
                view = found;
                chosen.UnionWith((Ticked ?? []).Where(id => found.Choices.Any(c => c.Binding.Id == id && c.Refusals.Count == 0)));
                preview = Unbinding.Preview(found, chosen);
            }
        }
        catch (StorageUnavailableException)
        {
            failed = true;
        }
    }

    private async Task TickAsync(Guid bindingId, bool ticked)
    {
        _ = ticked ? chosen.Add(bindingId) : chosen.Remove(bindingId);
        refused = [];
        preview = Unbinding.Preview(view!, chosen);
        await Browser.InvokeVoidAsync("history.replaceState", null, "", UnbindSteps.ChooseWith(chosen));
    }

    private Task NextAsync() =>
        submission.RunAsync(async () =>
        {
            if ((await Authentication).User.ToActor() is not { } actor)
            {
                return;
            }

            switch (await Unbinding.StartAsync(actor, chosen))
            {
                case StartOutcome.Started started:
                    Navigation.NavigateTo(UnbindSteps.UrlFor(started.RequestId, UnbindStage.Planned));
                    break;
                case StartOutcome.Refused reasons:
                    refused = reasons.Reasons;
                    break;
                case StartOutcome.SignedOut:
                    Navigation.NavigateTo("/login", forceLoad: true);
                    break;
            }
        });

    private bool CanTick(Choice choice) => RendererInfo.IsInteractive && choice.Refusals.Count == 0 && choice.WaitsIn is null;

    private string NameOf(Choice choice) =>
        choice.Binding.Kind is BindingKind.App ? choice.Binding.Masked : Kinds[choice.Binding.Kind.ToString()];

    private static string? LetterOf(Choice choice) => choice.Binding.Kind is BindingKind.App ? choice.Binding.Masked : null;

    private static string? IdentityOf(Choice choice) => choice.Binding.Kind is BindingKind.App ? null : choice.Binding.Masked;

    private IReadOnlyList<string> MetaOf(Choice choice)
    {
        if (choice.Binding.Kind is BindingKind.App)
        {
            return [Kinds[nameof(BindingKind.App)]];
        }

        var capabilities = new[] { Capabilities.SignIn, Capabilities.Recovery, Capabilities.Notice }.Where(c =>
            choice.Capabilities.HasFlag(c)
        );
        return [string.Join(" · ", capabilities.Select(c => Shared[$"Capability{c}"].Value))];
    }

    private string NameOf(WayInLabel way) => Kinds[$"{way.Kind?.ToString() ?? nameof(SignInMethod.Password)}WayIn"];

    private string Names(IReadOnlyList<WayInLabel> ways) =>
        ways.Count == 0 ? Texts["RemainNothing"] : string.Join(Shared["ListSeparator"], ways.Select(NameOf));

    private string Names(IReadOnlyList<BindingLabel> bindings) =>
        bindings.Count == 0
            ? Texts["RemainNothing"]
            : string.Join(Shared["ListSeparator"], bindings.Select(b => $"{Kinds[b.Kind.ToString()].Value} {b.Masked}"));
}
