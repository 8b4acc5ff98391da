using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace UnbindPortal.Support.Http;

/// <summary>An answer, read to its end.</summary>
public sealed record HttpAnswer(HttpResponseMessage Response, string Body)
{
    public int Status => (int)Response.StatusCode;

    /// <summary>Where it sends the browser: a path on this site, or the whole of a foreign address.</summary>
    public string? Location
    {
        get
        {
            var own = Response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority);
            var written = Response.Headers.Location?.OriginalString;
            return written?.StartsWith($"{own}/", StringComparison.Ordinal) is true ? written[own.Length..] : written;
        }
    }

    /// <summary>Its cookies, as written.</summary>
    public IReadOnlyList<string> Cookies => Response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];

    /// <summary>Its document.</summary>
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Body);

    /// <summary>The one heading of the first level.</summary>
    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>The words of an element by its test id; null when it is not there.</summary>
    public string? Words(string testId) => Document.QuerySelector($"[data-testid='{testId}']")?.TextContent.Trim();

    /// <summary>The value of a field by its name.</summary>
    public string Field(string name) => Document.QuerySelector($"input[name='{name}']")!.GetAttribute("value")!;

    /// <inheritdoc />
    public override string ToString() => $"{Status} {Location} {Heading}";

    /// <summary>Any form's anti-forgery token.</summary>
    public string Token => Field(HttpBrowser.TokenField);
}

/// <summary>A browser of a person's own: keeps cookies, shows redirects instead of following them, posts forms as pages wrote them.</summary>
public sealed class HttpBrowser : IDisposable
{
    public const string TokenField = "__RequestVerificationToken";

    private const int LargeInBytes = 1_000_000;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    public HttpBrowser(Uri origin)
    {
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            CookieContainer = Cookies,
        };
        _client = new HttpClient(_handler) { BaseAddress = origin, Timeout = TimeSpan.FromSeconds(60) };
    }

    public CookieContainer Cookies { get; } = new();

    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request)
    {
        var response = await _client.SendAsync(request);
        return new HttpAnswer(response, await response.Content.ReadAsStringAsync());
    }

    public Task<HttpAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Posts these fields and nothing else.</summary>
    public Task<HttpAnswer> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var post = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        // A body that is refused unread is cut off; who asks first hears the refusal for certain.
        post.Headers.ExpectContinue = content.Headers.ContentLength > LargeInBytes;
        return SendAsync(post);
    }

    /// <summary>Posts a form of a page: its fields, with some put over and some added.</summary>
    /// <param name="page">The page.</param>
    /// <param name="form">Selects the form.</param>
    /// <param name="fields">Values put over the page's own.</param>
    public Task<HttpAnswer> SubmitAsync(HttpAnswer page, string form, params (string Name, string Value)[] fields)
    {
        ArgumentNullException.ThrowIfNull(page);
        var element = (IHtmlFormElement)page.Document.QuerySelector(form)!;
        var own = element
            .QuerySelectorAll("input[name]")
            .Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? ""))
            .Where(own => !fields.Any(field => field.Name == own.Name));
        var action = element.GetAttribute("action") ?? page.Response.RequestMessage!.RequestUri!.PathAndQuery;
        return PostAsync(action, [.. own, .. fields]);
    }

    /// <summary>Signs in with the password and expects to get in.</summary>
    public async Task SignInAsync(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var answer = await TrySignInAsync(person.UserName, Person.Password);
        Assert.Equal(302, answer.Status);
    }

    /// <summary>Tries to sign in with a password.</summary>
    public async Task<HttpAnswer> TrySignInAsync(string user, string password, string query = "")
    {
        var page = await GetAsync("/login" + query);
        return await SubmitAsync(
            page,
            "main form",
            ("Input.User", user),
            ("Input.Password", password),
            ("Input.ByCode", "false"),
            ("Input.Act", "sign-in")
        );
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }
}
