using System.Net;
using System.Net.WebSockets;

namespace UnbindPortal.Components.Security;

public sealed class SameOriginRequestsTests
{
    private const string Foreign = "https://evil.example";

    [Theory]
    [InlineData("POST", "/act", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/act", "same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("PUT", "/act", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("PATCH", "/act", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "/act", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/act", null, Foreign, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/act", "same-origin", Foreign, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/act", null, "null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", null, Foreign, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/_blazor?id=x", null, Foreign, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/_blazor?id=x", "cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/act", null, null, HttpStatusCode.OK)]
    [InlineData("POST", "/act", "same-origin", "ours", HttpStatusCode.OK)]
    [InlineData("POST", "/act", "none", null, HttpStatusCode.OK)]
    [InlineData("POST", "/act", "same-origin", "null", HttpStatusCode.OK)]
    [InlineData("GET", "/app.css", "cross-site", null, HttpStatusCode.OK)]
    public async Task Only_what_our_own_pages_send_gets_through(
        string method,
        string path,
        string? site,
        string? origin,
        HttpStatusCode expected
    )
    {
        await using var host = await ShellHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "ours" ? host.Origin : origin);
        }

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task The_public_origin_decides_where_one_is_set()
    {
        await using var host = await ShellHost.StartAsync("https://account.example.cn");

        Assert.Equal(HttpStatusCode.OK, await PostFromAsync(host, "https://account.example.cn"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostFromAsync(host, host.Origin));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Foreign)]
    [InlineData("null")]
    public async Task A_web_socket_from_elsewhere_or_nowhere_is_refused(string? origin)
    {
        await using var host = await ShellHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(CircuitAddress(host), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_web_socket_from_our_own_page_opens()
    {
        await using var host = await ShellHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", host.Origin);

        await socket.ConnectAsync(CircuitAddress(host), CancellationToken.None);

        Assert.Equal(WebSocketState.Open, socket.State);
        socket.Abort();
    }

    private static Uri CircuitAddress(ShellHost host) =>
        new(host.Origin.Replace("http://", "ws://", StringComparison.Ordinal) + "/_blazor");

    private static async Task<HttpStatusCode> PostFromAsync(ShellHost host, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/act");
        request.Headers.Add("Origin", origin);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
