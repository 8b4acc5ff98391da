using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace UnbindPortal.Support.Browser;

/// <summary>Looks for violations of WCAG 2.2 level AA that a program can find.</summary>
internal static class Axe
{
    private static readonly AxeRunOptions Wcag22AA = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        // The only rule of 2.2 is off unless asked for.
        Rules = new Dictionary<string, RuleOptions>(StringComparer.Ordinal) { ["target-size"] = new RuleOptions { Enabled = true } },
    };

    public static async Task AssertNoViolationAsync(IPage page)
    {
        var result = await page.RunAxe(Wcag22AA);
        // A run that applied no rule has looked at nothing.
        Assert.NotEmpty(result.Passes);
        if (result.Violations.Length > 0)
        {
            Assert.Fail(Describe(page.Url, result.Violations));
        }
    }

    private static string Describe(string url, AxeResultItem[] violations)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"axe found {violations.Length} kinds of violation on {url}");
        foreach (var violation in violations)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n\n{violation.Id} ({violation.Impact}): {violation.Help}\n  see {violation.HelpUrl}"
            );
            foreach (var node in violation.Nodes)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  at {node.Target}\n     {node.Html}");
                foreach (var check in node.Any.Concat(node.All).Concat(node.None))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\n     {check.Message}");
                }
            }
        }

        return text.ToString();
    }
}
