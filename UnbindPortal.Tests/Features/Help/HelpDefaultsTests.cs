using System.Collections;
using System.Reflection;
using System.Resources;

namespace UnbindPortal.Features.Help;

public sealed class HelpDefaultsTests
{
    [Fact]
    public void Both_languages_have_the_same_topics_in_the_same_places()
    {
        var chinese = HelpDefaults.For(HelpLanguage.Chinese).Values.Select(Place).Order(StringComparer.Ordinal);
        var english = HelpDefaults.For(HelpLanguage.English).Values.Select(Place).Order(StringComparer.Ordinal);

        Assert.Equal(chinese, english);

        // The shape of the blocks too: a step missing in one language is a step its readers never hear of.
        static string Place(HelpTopic topic) =>
            $"{topic.Id} {topic.Group} {topic.Order} {string.Join(' ', topic.Blocks.Select(block => $"{block.GetType().Name}{block.Lines().Count()}{(block as HelpBlock.Link)?.Target}"))}";
    }

    [Fact]
    public void Every_anchor_other_pages_link_to_exists()
    {
        var linked = typeof(HelpLinks)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(link => link.Contains('#', StringComparison.Ordinal))
            .Select(link => link[(HelpLinks.Page.Length + 1)..])
            .ToHashSet(StringComparer.Ordinal);

        string[] promised =
        [
            "choose",
            "verify",
            "confirm",
            "codes",
            "phone-lost",
            "last-way-in",
            "apps",
            "waiting",
            "coming-back",
            "password",
            "phone",
            "email",
            "wechat",
            "qq",
            "alipay",
            "app",
        ];
        Assert.Superset(promised.ToHashSet(StringComparer.Ordinal), linked);
        foreach (var language in HelpLanguage.All)
        {
            Assert.Superset(linked, HelpDefaults.For(language).Keys.ToHashSet(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_link_in_the_texts_leads_to_a_page_or_topic_that_exists()
    {
        string[] pages = ["/security", "/security/password", "/unbind"];
        foreach (var topics in HelpLanguage.All.Select(HelpDefaults.For))
        {
            var known = topics.Keys.Select(HelpLinks.ForTopic).Concat(pages).ToHashSet(StringComparer.Ordinal);
            Assert.All(
                topics.Values.SelectMany(topic => topic.Blocks).OfType<HelpBlock.Link>(),
                link => Assert.Contains(link.Target, known)
            );
        }
    }

    [Fact]
    public void Each_text_is_in_its_language()
    {
        Assert.All(HelpDefaults.For(HelpLanguage.Chinese).Values, topic => Assert.Contains(topic.Title, IsChinese));
        Assert.All(HelpDefaults.For(HelpLanguage.English).Values, topic => Assert.DoesNotContain(topic.Title, IsChinese));

        static bool IsChinese(char character) => character is >= '\u4E00' and <= '\u9FFF';
    }

    [Fact]
    public void Topics_are_short() =>
        Assert.All(
            HelpLanguage.All.SelectMany(language => HelpDefaults.For(language).Values),
            topic => Assert.InRange(topic.Blocks.Sum(block => block.Lines().Sum(line => line.Length)), 20, 1_200)
        );

    [Fact]
    public void Nothing_that_does_not_exist_is_promised()
    {
        string[] absent =
        [
            "回执",
            "凭证",
            "申诉",
            "通行密钥",
            "恢复码",
            "导出",
            "receipt",
            "appeal",
            "passkey",
            "recovery code",
            "export",
            "authenticator",
            "/stop",
        ];
        foreach (var topic in HelpLanguage.All.SelectMany(language => HelpDefaults.For(language).Values))
        {
            Assert.All(absent, word => Assert.DoesNotContain(word, topic.Haystack, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_pages_own_words_exist_in_both_languages()
    {
        var resources = new ResourceManager(typeof(HelpTexts));

        Assert.Equal(Keys("zh-CN"), Keys("en"));
        Assert.All(Enum.GetNames<HelpGroup>(), group => Assert.Contains($"Group{group}", Keys("en")));

        IEnumerable<string> Keys(string culture)
        {
            // The Chinese words are the neutral ones, so zh-CN falls back to them; English must have its own.
            var set = resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: culture != "en")!;
            return set.Cast<DictionaryEntry>().Select(entry => (string)entry.Key).Order(StringComparer.Ordinal);
        }
    }
}
