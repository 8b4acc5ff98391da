using System.Net.WebSockets;
using System.Text;
using UnbindPortal.Support.Http;

namespace UnbindPortal.Components.Security;

/// <summary>The circuit's own door, knocked at without a browser.</summary>
[Collection(SharedPortal.Name)]
public sealed class CircuitHttpTests(PortalServer portal)
{
    private const int LimitInBytes = 32 * 1024;
    private static readonly byte[] Handshake = Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e");

    private string Own => portal.Origin.AbsoluteUri.TrimEnd('/');

    [Theory]
    [InlineData(null)]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task A_socket_that_another_site_opens_or_nobody_owns_up_to_is_refused(string? origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, origin));

        Assert.Equal(403, (int)socket.HttpStatusCode);
    }

    [Fact]
    public async Task Negotiating_for_another_site_is_refused()
    {
        using var browser = portal.NewBrowser();
        using var post = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        post.Headers.Add("Origin", "https://evil.example");

        Assert.Equal(403, (await browser.SendAsync(post)).Status);
    }

    [Fact]
    public async Task A_message_too_large_ends_its_own_connection_and_nothing_else()
    {
        using var socket = await GivenOpenAsync();
        using var neighbour = await GivenOpenAsync();

        await socket.SendAsync(Framed(LimitInBytes * 2), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

        Assert.True(await EndsAsync(socket));
        Assert.Equal(WebSocketState.Open, neighbour.State);
        using var browser = portal.NewBrowser();
        Assert.Equal(200, (await browser.GetAsync("/login")).Status);
    }

    [Fact]
    public async Task A_message_that_is_none_ends_its_own_connection_and_nothing_else()
    {
        using var socket = await GivenOpenAsync();
        byte[] noise = [5, 0xff, 0xfe, 0xfd, 0xfc, 0xfb];

        await socket.SendAsync(noise, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

        Assert.True(await EndsAsync(socket));
        using var browser = portal.NewBrowser();
        Assert.Equal(200, (await browser.GetAsync("/login")).Status);
    }

    private async Task<ClientWebSocket> GivenOpenAsync()
    {
        var socket = new ClientWebSocket();
        await ConnectAsync(socket, Own);
        await socket.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var answer = new byte[16];
        var received = await socket.ReceiveAsync(answer, CancellationToken.None);
        Assert.Equal("{}\u001e", Encoding.UTF8.GetString(answer, 0, received.Count));
        return socket;
    }

    private Task ConnectAsync(ClientWebSocket socket, string? origin)
    {
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        return socket.ConnectAsync(new UriBuilder(portal.Origin) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None);
    }

    // Pings may still be on their way before the end.
    private static async Task<bool> EndsAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, late.Token)).MessageType is not WebSocketMessageType.Close)
            {
                // Read on.
            }

            return true;
        }
        catch (WebSocketException)
        {
            return true; // ended without a goodbye
        }
    }

    // The length in front as the protocol has it: seven bits a byte, the lowest first.
    private static byte[] Framed(int length)
    {
        var message = new List<byte>();
        for (var rest = length; ; rest >>= 7)
        {
            message.Add((byte)(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest));
            if (rest < 0x80)
            {
                break;
            }
        }

        return [.. message, .. new byte[length]];
    }
}
