using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;

namespace UnbindPortal.Support;

/// <summary>Renders a page as a signed-in person's browser gets it: real texts and components, services faked by hand, a clock that stands.</summary>
public abstract class PageContext : ShellContext
{
    private bool _notFound;
    private int _wentBefore;

    protected PageContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<When>();
        Services.AddSingleton<AntiforgeryStateProvider, OneToken>();
        Services.AddOptions();
        Authorization = AddAuthorization();
        Authorization.SetAuthorized("lin");
        Authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, Me.AccountId.ToString()), new Claim("sid", Me.SessionId.ToString()));
    }

    protected ManualClock Clock { get; } = new();

    /// <summary>Who is signed in.</summary>
    protected Actor Me { get; } = new(Guid.NewGuid(), Guid.NewGuid());

    protected BunitAuthorizationContext Authorization { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>The page said that there is no such page.</summary>
    protected bool SaidNotFound => _notFound;

    /// <summary>Where the page sent the browser, as a path; null when it stayed.</summary>
    protected string? WentTo => Navigation.History.Count == _wentBefore ? null : "/" + Navigation.ToBaseRelativePath(Navigation.Uri);

    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>What the test itself navigated to does not count as the page's doing.</summary>
    protected void Forget() => _wentBefore = Navigation.History.Count;

    /// <summary>Whether the circuit is up, or only the prerendered page there.</summary>
    protected bool Interactive { get; set; } = true;

    /// <summary>Renders the page; after this no service can be added.</summary>
    public override IRenderedComponent<TPage> Render<TPage>(Action<ComponentParameterCollectionBuilder<TPage>>? parameterBuilder = null)
    {
        SetRendererInfo(new RendererInfo(Interactive ? "Server" : "Static", Interactive));
        Navigation.OnNotFound += (_, _) => _notFound = true;
        return base.Render(parameterBuilder);
    }

    protected static IElement ById<TPage>(IRenderedComponent<TPage> page, string testId)
        where TPage : IComponent => page.Find($"[data-testid='{testId}']");

    protected static IElement? Maybe<TPage>(IRenderedComponent<TPage> page, string testId)
        where TPage : IComponent => page.Nodes.QuerySelector($"[data-testid='{testId}']");

    /// <summary>The words of an element, blanks folded.</summary>
    protected static string Said(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    protected static string Said<TPage>(IRenderedComponent<TPage> page)
        where TPage : IComponent =>
        string.Join(
            ' ',
            page.Nodes.Select(node => node.TextContent).SelectMany(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );

    protected static StorageUnavailableException Trouble(StorageTrouble trouble) => new(trouble, new InvalidOperationException("a test"));

    private sealed class OneToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken GetAntiforgeryToken() => new("a-token", "__RequestVerificationToken");
    }
}
