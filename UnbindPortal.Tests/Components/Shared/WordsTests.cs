using System.Collections;
using System.Resources;
using Bunit;
using UnbindPortal.Components.Errors;

namespace UnbindPortal.Components.Shared;

public sealed class WordsTests : ShellContext
{
    [Fact]
    public void Every_shared_text_stands_in_both_languages()
    {
        Assert.NotEmpty(Keys("zh-CN"));
        Assert.Equal(Keys("zh-CN"), Keys("en"));
    }

    [Theory]
    [InlineData("zh-CN", "\u9009\u62e9")]
    [InlineData("en", "Choose")]
    public void The_steps_speak_the_chosen_language(string language, string first)
    {
        Speak(language);

        Assert.Contains(first, Render<WizardSteps>(s => s.Add(p => p.Current, 0)).Find("li").TextContent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Exactly_the_current_step_is_marked(int current)
    {
        var steps = Render<WizardSteps>(s => s.Add(p => p.Current, current)).FindAll("li");

        Assert.Equal(3, steps.Count);
        Assert.Equal([current], Enumerable.Range(0, 3).Where(i => steps[i].GetAttribute("aria-current") == "step"));
    }

    [Fact]
    public void A_heading_can_take_the_focus()
    {
        var heading = Render<PageHeader>(h => h.Add(p => p.Title, "Title")).Find("h1");

        Assert.Equal("-1", heading.GetAttribute("tabindex"));
    }

    [Theory]
    [InlineData(Announce.No, null)]
    [InlineData(Announce.Politely, "status")]
    [InlineData(Announce.AtOnce, "alert")]
    public void A_note_is_announced_as_asked(Announce announce, string? role) =>
        Assert.Equal(role, Render<Note>(n => n.Add(p => p.Announce, announce)).Find(".note").GetAttribute("role"));

    [Fact]
    public void The_bars_summary_is_a_live_region_even_while_empty() =>
        Assert.Equal("polite", Render<ActionBar>().Find("p").GetAttribute("aria-live"));

    [Fact]
    public void Icons_and_marks_are_decoration()
    {
        Assert.All(
            Enum.GetValues<IconName>(),
            name => Assert.Equal("true", Render<Icon>(i => i.Add(p => p.Name, name)).Find("svg").GetAttribute("aria-hidden"))
        );
        Assert.All(
            ["phone", "mail", "wx", "qq", "ali", "key", "lock", "device", "app"],
            kind => Assert.Equal("true", Render<Mark>(m => m.Add(p => p.Kind, kind)).Find(".mark").GetAttribute("aria-hidden"))
        );
    }

    [Fact]
    public void Struck_items_are_deletions_not_only_grey() =>
        Assert.Equal(
            "SMS",
            Render<PlanSection>(s => s.Add(p => p.Title, "Left").Add(p => p.Kind, PlanKind.Struck).Add(p => p.Items, ["SMS"]))
                .Find("del")
                .TextContent
        );

    [Fact]
    public void Nothing_shared_writes_a_style_attribute()
    {
        string[] pages =
        [
            Render<Loading>().Markup,
            Render<EmptyState>(s => s.Add(p => p.Title, "t")).Markup,
            Render<ErrorState>(s => s.Add(p => p.Title, "t").Add(p => p.RetryHref, "/")).Markup,
            Render<Summary>(s => s.Add(p => p.Title, "t").Add(p => p.Facts, [new SummaryFact("n", "1", "ways-in")])).Markup,
            Render<PortalButton>().Markup,
            Render<PortalField>(f => f.Add(p => p.Label, "l")).Markup,
            Render<PortalField>(f => f.Add(p => p.Label, "l").Add(p => p.Type, FieldType.Password)).Markup,
            Render<CodeInput>(f => f.Add(p => p.Label, "l")).Markup,
            Render<Chip>().Markup,
            Render<Card>().Markup,
            Render<StatusWords>().Markup,
        ];

        Assert.All(pages, markup => Assert.DoesNotContain("style=", markup, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Keys(string language)
    {
        var texts = new ResourceManager(typeof(SharedTexts)).GetResourceSet(
            language == "zh-CN" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language),
            createIfNotExists: true,
            tryParents: false
        )!;
        return [.. texts.Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Order(StringComparer.Ordinal)];
    }
}
