using Microsoft.AspNetCore.Components;

namespace UnbindPortal.Components;

/// <summary>Sends a stranger to the sign-in page and remembers, as a local path, where they wanted to go.</summary>
public sealed class RedirectToLogin : ComponentBase
{
    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        var wanted = "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
        Navigation.NavigateTo($"/login?returnUrl={Uri.EscapeDataString(wanted)}", forceLoad: true);
    }
}
