using UnbindPortal.Domain;

namespace UnbindPortal.Features.Unbind;

/// <summary>The wizard in one screen: its routes in order, and the page each stage waits on.</summary>
public static class UnbindSteps
{
    /// <summary>Where the walk begins and ends.</summary>
    public const string SecurityCenter = "/security";

    /// <summary>Tick what shall go; the ticks live in the query string.</summary>
    public const string Choose = "/unbind";

    /// <summary>Prove it is you.</summary>
    public const string Verify = "/unbind/{RequestId:guid}/verify";

    /// <summary>Read what will happen and confirm.</summary>
    public const string Confirm = "/unbind/{RequestId:guid}/confirm";

    /// <summary>What happened.</summary>
    public const string Done = "/unbind/{RequestId:guid}/done";

    /// <summary>The page a request is waiting on.</summary>
    public static string UrlFor(Guid requestId, UnbindStage stage) =>
        stage switch
        {
            UnbindStage.Planned => $"/unbind/{requestId}/verify",
            UnbindStage.Verified => $"/unbind/{requestId}/confirm",
            UnbindStage.Waiting or UnbindStage.Done or UnbindStage.Cancelled or UnbindStage.Expired or UnbindStage.Lapsed =>
                $"/unbind/{requestId}/done",
        };

    /// <summary>The address of Choose with these ticked.</summary>
    public static string ChooseWith(IEnumerable<Guid> bindingIds) =>
        string.Join('&', bindingIds.Select(id => $"b={id}")) is { Length: > 0 } query ? $"{Choose}?{query}" : Choose;
}
