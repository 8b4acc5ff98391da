using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace UnbindPortal.Features.Help;

public sealed class HelpPageTests : BunitContext
{
    private readonly HelpFixture _help = new();
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public HelpPageTests()
    {
        Services.AddLocalization();
        Services.AddSingleton<IHelpService>(_ => _help.NewService());
    }

    protected override void Dispose(bool disposing)
    {
        CultureInfo.CurrentUICulture = _before;
        _help.Dispose();
        base.Dispose(disposing);
    }

    [Theory]
    [InlineData("zh-CN", "帮助")]
    [InlineData("en", "Help")]
    public void Everything_is_shown_with_contents_and_one_anchor_a_topic(string culture, string heading)
    {
        var page = Open(culture, query: null);

        Assert.Equal(heading, page.Find("h1[tabindex='-1']").TextContent);
        foreach (var id in HelpDefaults.For(culture).Keys)
        {
            Assert.Equal("article", page.Find($"[id='{id}']").LocalName);
            Assert.NotNull(page.Find($"nav a[href='/help#{id}']"));
        }

        var ids = page.FindAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(page.FindAll("mark, [style], script"));
    }

    [Fact]
    public void The_search_form_works_without_scripts()
    {
        var form = Open("en", query: null).Find("form");

        Assert.Equal(("get", "/help"), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Equal("q", form.QuerySelector("input[type=search]")!.GetAttribute("name"));
        Assert.NotNull(form.QuerySelector("label[for=help_q]"));
        Assert.NotNull(form.QuerySelector("button[type=submit]"));
    }

    [Theory]
    [InlineData("zh-CN", "支付宝", "“支付宝”的搜索结果")]
    [InlineData("en", "alipay", "Results for “alipay”")]
    public void Results_are_counted_marked_and_named_in_the_title(string culture, string query, string title)
    {
        var page = Open(culture, query);

        var topics = page.FindAll("[data-testid=help-topic]");
        Assert.InRange(topics.Count, 1, HelpDefaults.For(culture).Count - 1);
        Assert.StartsWith(title, TitleOf(page), StringComparison.Ordinal);
        Assert.Contains(
            topics.Count.ToString(CultureInfo.InvariantCulture),
            page.Find("[data-testid=help-count]").TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains(page.FindAll("mark"), mark => string.Equals(mark.TextContent, query, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(query, page.Find("input[name=q]").GetAttribute("value"));
        Assert.NotNull(page.Find("a[href='/help']"));
    }

    [Fact]
    public void Nothing_found_says_so_and_offers_something()
    {
        var page = Open("en", "zzxqv");

        Assert.Contains("zzxqv", page.Find("[data-testid=help-count]").TextContent, StringComparison.Ordinal);
        Assert.Equal(4, page.FindAll("[data-testid=help-empty] li a").Count);
        Assert.Empty(page.FindAll("[data-testid=help-topic]"));
    }

    [Fact]
    public void A_query_cut_short_is_admitted()
    {
        var page = Open("en", new string('q', 500));

        Assert.Contains("first 64 characters", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("{0} {1} {99}")]
    public void A_hostile_query_stays_text(string query)
    {
        var page = Open("en", query);

        Assert.Empty(page.FindAll("script, img"));
        Assert.Equal(query, page.Find("input[name=q]").GetAttribute("value"));
        Assert.Contains(query, page.Find("[data-testid=help-count]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_operator_text_stays_text_even_when_marked()
    {
        _help.Write(
            "en",
            "phone.txt",
            "title: <img src=x onerror=alert(1)> gotcha\nwords: gotcha\n\n<script>alert('gotcha')</script>\n- <b onclick=x>gotcha</b>\n! &lt;gotcha\n=> /security\"onmouseover=\"x gotcha"
        );

        foreach (var page in new[] { Open("en", query: null), Open("en", "gotcha") })
        {
            Assert.Empty(page.FindAll("script, img, [onerror], [onclick], [onmouseover], article b"));
            Assert.Contains("<script>alert('gotcha')</script>", page.Find("#phone").TextContent, StringComparison.Ordinal);
            Assert.Contains("&lt;gotcha", page.Find("#phone").TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_broken_operator_file_shows_the_built_in_text()
    {
        _help.Write("en", "phone.txt", "no head at all");

        var page = Open("en", query: null);

        Assert.Equal(HelpDefaults.For("en")["phone"].Title, page.Find("#phone h3").TextContent);
        Assert.Contains("line 1", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everyone_may_read_it() =>
        Assert.NotEmpty(typeof(HelpPage).GetCustomAttributes(typeof(AllowAnonymousAttribute), inherit: false));

    [Theory]
    [InlineData("Help:RecheckSeconds", "-1")]
    [InlineData("Help:MaxFileBytes", "10")]
    [InlineData("Help:MaxFiles", "0")]
    public void An_option_out_of_range_names_its_key(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        using var services = new ServiceCollection().AddHelp(configuration).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<HelpOptions>>().Value);
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }

    private IRenderedComponent<HelpPage> Open(string culture, string? query)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("q", query));
        return Render<HelpPage>();
    }

    private string TitleOf(IRenderedComponent<HelpPage> page) => Render(page.FindComponent<PageTitle>().Instance.ChildContent!).Markup;
}
