namespace UnbindPortal.Features.Help;

public sealed class HelpSearchTests : IDisposable
{
    private readonly HelpFixture _help = new();

    public void Dispose() => _help.Dispose();

    [Theory]
    [InlineData("wechat")]
    [InlineData("WeChat")]
    [InlineData("ＷＥＣＨＡＴ")]
    [InlineData("  wEcHaT?! ")]
    public void Case_width_and_marks_make_no_difference(string typed) => Assert.Equal("wechat", FirstOf(typed, english: true));

    [Fact]
    public void Several_words_must_all_be_there()
    {
        var one = Found("密码", HelpFixture.Chinese);
        var two = Found("密码　邮箱", HelpFixture.Chinese);

        Assert.True(two.Count < one.Count);
        Assert.All(two, topic => Assert.Contains("邮箱", topic.Haystack, StringComparison.Ordinal));
        Assert.All(two, topic => Assert.Contains("密码", topic.Haystack, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("换号")]
    [InlineData("收不到 验证码")]
    [InlineData("骗子")]
    [InlineData("手机 丢失")]
    [InlineData("忘了 号码")]
    [InlineData("72")]
    public void What_people_type_in_Chinese_finds_something(string typed) => Assert.NotEmpty(Found(typed, HelpFixture.Chinese));

    [Theory]
    [InlineData("lost phone")]
    [InlineData("e-mail")]
    [InlineData("email password")]
    [InlineData("scam")]
    [InlineData("72 hours")]
    public void What_people_type_in_English_finds_something(string typed) => Assert.NotEmpty(Found(typed, HelpFixture.English));

    [Fact]
    public void A_word_in_the_title_comes_first() => Assert.Equal("alipay", FirstOf("支付宝", english: false));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("？！ -- ，")]
    public void Nothing_to_search_for_shows_everything(string? typed) =>
        Assert.IsType<HelpAnswer.Everything>(_help.NewService().Ask(typed, HelpFixture.English));

    [Fact]
    public void A_whole_Chinese_question_that_matches_nowhere_still_leads_near()
    {
        var nothing = Assert.IsType<HelpAnswer.Nothing>(_help.NewService().Ask("我的手机昨天丢了该怎么办呢", HelpFixture.Chinese));

        Assert.Contains(nothing.Suggestions, topic => topic.Id == "phone-lost");
    }

    [Fact]
    public void Nonsense_gets_the_usual_suggestions()
    {
        var nothing = Assert.IsType<HelpAnswer.Nothing>(_help.NewService().Ask("zzxqv", HelpFixture.English));

        Assert.Equal(4, nothing.Suggestions.Count);
    }

    [Fact]
    public void A_long_query_is_cut_and_says_so()
    {
        var query = HelpQuery.Read(new string('手', 10_000));

        Assert.True(query.Shortened);
        Assert.Equal(HelpQuery.MaxLength, query.Shown.Length);
        Assert.True(HelpQuery.Read("a b c d e f g h i").Shortened);
        Assert.False(HelpQuery.Read(new string('手', HelpQuery.MaxLength)).Shortened);
    }

    [Theory]
    [InlineData("\u202Egnp.exe")]
    [InlineData("a\0b\u0007c\r\nSet-Cookie: x")]
    [InlineData("\uD800 lone surrogate \uDC00")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("' OR 1=1 --")]
    [InlineData("%00%ff{0}{99}")]
    public void Hostile_queries_are_answered_and_lose_what_is_invisible(string typed)
    {
        var answer = _help.NewService().Ask(typed, HelpFixture.Chinese);

        Assert.NotNull(answer);
        Assert.DoesNotContain(
            HelpQuery.Read(typed).Shown,
            character => char.IsControl(character) || char.IsSurrogate(character) || character == '\u202E'
        );
    }

    [Theory]
    [InlineData("Unbind WeChat", "wechat", "Unbind |[WeChat]")]
    [InlineData("用ＱＱ登录", "qq", "用|[ＱＱ]|登录")]
    [InlineData("aaa", "aa", "[aaa]")]
    [InlineData("重 5㎏ 吗", "kg", "重 5|[㎏]| 吗")]
    [InlineData("🙂code🙂", "code", "🙂|[code]|🙂")]
    [InlineData("nothing here", "x", "nothing here")]
    public void Marks_cover_exactly_what_was_found(string text, string word, string expected) =>
        Assert.Equal(expected, string.Join('|', HelpSearch.Mark(text, [word]).Select(run => run.Marked ? $"[{run.Text}]" : run.Text)));

    [Fact]
    public void Overlapping_words_make_one_mark()
    {
        var runs = HelpSearch.Mark("短信验证码", ["短信验", "验证码"]);

        Assert.Equal(new HelpRun("短信验证码", Marked: true), Assert.Single(runs));
    }

    private string FirstOf(string typed, bool english) => Found(typed, english ? HelpFixture.English : HelpFixture.Chinese)[0].Id;

    private IReadOnlyList<HelpTopic> Found(string typed, CultureInfo culture) =>
        Assert.IsType<HelpAnswer.Found>(_help.NewService().Ask(typed, culture)).Topics;
}
