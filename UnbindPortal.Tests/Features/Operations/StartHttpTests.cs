using UnbindPortal.Support.Processes;

namespace UnbindPortal.Features.Operations;

/// <summary>What the portal needs to be told before it serves.</summary>
public sealed class StartHttpTests
{
    [Fact]
    public async Task Production_without_a_channel_for_messages_does_not_start_and_names_the_key()
    {
        var refused = await Assert.ThrowsAsync<PortalDidNotStartException>(() =>
            PortalProcess.StartAsync(new PortalSetup { Environment = "Production" })
        );

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Delivery:Folder", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
    }
}
