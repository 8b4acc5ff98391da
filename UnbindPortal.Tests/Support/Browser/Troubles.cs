using Microsoft.Playwright;

namespace UnbindPortal.Support.Browser;

/// <summary>
/// Collects what a person with the developer tools open would frown at, on every page of a browser context: console errors,
/// uncaught exceptions, failed requests, and what the content security policy blocked.
/// </summary>
internal sealed class Troubles
{
    /// <summary>Chromium's reason for a request the page itself gave up, by navigating away or closing.</summary>
    private const string GivenUp = "net::ERR_ABORTED";

    /// <summary>Runs in every document before its own scripts; the browser does not hold it to the page's policy.</summary>
    private const string ReportViolations = """
        document.addEventListener('securitypolicyviolation', violation => console.error(
            'CSP report: ' + violation.effectiveDirective + ' blocked ' + (violation.blockedURI || 'inline')
            + ' at ' + violation.sourceFile + ':' + violation.lineNumber + ' ' + violation.sample));
        """;

    private readonly Lock gate = new();
    private readonly List<string> found = [];
    private readonly List<string> allowed;

    private Troubles(IEnumerable<string> allowed) => this.allowed = [.. allowed];

    /// <summary>What was found and is not allowed, in order.</summary>
    public IReadOnlyList<string> Unexpected
    {
        get
        {
            lock (gate)
            {
                return [.. found.Where(trouble => !allowed.Exists(part => trouble.Contains(part, StringComparison.OrdinalIgnoreCase)))];
            }
        }
    }

    public static async Task<Troubles> WatchAsync(IBrowserContext context, IEnumerable<string> allowed)
    {
        var troubles = new Troubles(allowed);
        context.Console += (_, message) => troubles.AddConsole(message);
        context.WebError += (_, error) => troubles.Add($"page error: {error.Error}");
        context.RequestFailed += (_, request) => troubles.AddFailedRequest(request);
        await context.AddInitScriptAsync(ReportViolations);
        return troubles;
    }

    public void Allow(IEnumerable<string> parts)
    {
        lock (gate)
        {
            allowed.AddRange(parts);
        }
    }

    private void AddConsole(IConsoleMessage message)
    {
        // The browser's own word on a report-only policy is a warning or a notice, depending on its version.
        if (message.Type is "error" || message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
        {
            Add($"console {message.Type}: {message.Text} ({message.Location})");
        }
    }

    private void AddFailedRequest(IRequest request)
    {
        if (request.Failure is not GivenUp)
        {
            Add($"failed request: {request.Method} {request.Url}: {request.Failure}");
        }
    }

    private void Add(string trouble)
    {
        lock (gate)
        {
            found.Add(trouble);
        }
    }
}
