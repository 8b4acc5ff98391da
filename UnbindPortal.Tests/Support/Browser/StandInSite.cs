using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace UnbindPortal.Support.Browser;

/// <summary>A site of hand-written pages in the test process, to prove that the browser harness sees what is wrong with them.</summary>
internal sealed class StandInSite : IAsyncDisposable
{
    private readonly WebApplication server;

    private StandInSite(WebApplication server) => this.server = server;

    public Uri Address => new(server.Urls.Single());

    /// <summary>Serves one page at <c>/</c> under the policy; every other path is not found.</summary>
    public static async Task<StandInSite> ServeAsync(
        string body,
        string policy = "default-src 'self'; style-src 'self'; img-src 'self' data:"
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/favicon.ico", () => Results.NoContent());
        site.MapGet(
            "/",
            (HttpResponse response) =>
            {
                response.Headers.ContentSecurityPolicy = policy;
                return Results.Content(Page(body), "text/html; charset=utf-8");
            }
        );
        await site.StartAsync();
        return new StandInSite(site);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static string Page(string body) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title></head>
            <body><main><h1>A page</h1>{body}</main></body>
            </html>
            """;
}
