using Microsoft.Extensions.Logging;

namespace UnbindPortal.Features.Help;

public sealed class HelpOverrideTests : IDisposable
{
    private const string Own = "title: Ours\n\nOur words.";

    private readonly HelpFixture _help = new();

    public void Dispose() => _help.Dispose();

    [Fact]
    public void An_operators_file_wins_for_its_topic_and_language_only()
    {
        _help.Write("en", "phone.txt", Own);
        var service = _help.NewService();

        Assert.Equal("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);
        Assert.Equal(HelpDefaults.For("en")["email"], HelpFixture.TopicOf(service, "email", HelpFixture.English));
        Assert.Equal(HelpDefaults.For("zh-CN")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.Chinese));
        Assert.Empty(_help.Log.Lines);
    }

    [Fact]
    public void A_rewritten_topic_keeps_its_place_and_is_found_by_its_new_words()
    {
        _help.Write("en", "phone.txt", Own);
        var service = _help.NewService();

        Assert.Equal(
            HelpDefaults.For("en").Values.OrderBy(topic => topic.Group).ThenBy(topic => topic.Order).Select(topic => topic.Id),
            HelpFixture.AllOf(service, HelpFixture.English).Select(topic => topic.Id)
        );
        Assert.Equal("phone", Assert.Single(Assert.IsType<HelpAnswer.Found>(service.Ask("ours words", HelpFixture.English)).Topics).Id);
    }

    [Fact]
    public void A_change_a_new_file_and_a_removed_file_show_without_a_restart()
    {
        var service = _help.NewService();
        Assert.Equal(HelpDefaults.For("en")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.English));

        var path = _help.Write("en", "phone.txt", Own);
        Assert.Equal("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);

        _help.Write("en", "phone.txt", "title: Ours, changed\n\nMore.");
        Assert.Equal("Ours, changed", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);

        File.Delete(path);
        Assert.Equal(HelpDefaults.For("en")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.English));
    }

    [Fact]
    public void The_folder_is_looked_at_no_more_often_than_set()
    {
        _help.Options.RecheckSeconds = 2;
        var service = _help.NewService();
        _ = HelpFixture.AllOf(service, HelpFixture.English);
        _help.Write("en", "phone.txt", Own);

        _help.Clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.NotEqual("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);

        _help.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);
    }

    [Fact]
    public void A_broken_file_is_one_log_line_with_file_and_line_and_the_default_stands_in()
    {
        var path = _help.Write("en", "phone.txt", "title: Ours\ncolour: red\n\ntext");
        var service = _help.NewService();

        for (var visitor = 0; visitor < 3; visitor++)
        {
            Assert.Equal(HelpDefaults.For("en")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.English));
        }

        var (level, text) = Assert.Single(_help.Log.Lines);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains($"{path}, line 2: unknown key", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mended_file_is_used_and_a_file_broken_again_is_told_again()
    {
        _help.Write("en", "phone.txt", "colour: red\n\ntext");
        var service = _help.NewService();
        _ = HelpFixture.AllOf(service, HelpFixture.English);

        _help.Write("en", "phone.txt", Own);
        Assert.Equal("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);

        _help.Write("en", "phone.txt", "title: T\n\n=> javascript:x y");
        Assert.NotEqual("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);
        Assert.Equal(2, _help.Log.Lines.Count);
    }

    [Fact]
    public void A_huge_file_is_refused()
    {
        _help.Write("en", "phone.txt", Own.PadRight(_help.Options.MaxFileBytes + 1));
        var service = _help.NewService();

        Assert.Equal(HelpDefaults.For("en")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.English));
        Assert.Contains("larger than 65536 bytes", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_past_the_limit_are_ignored_and_told_once()
    {
        _help.Options.MaxFiles = 1;
        _help.Write("en", "alipay.txt", Own);
        _help.Write("en", "phone.txt", Own);
        var service = _help.NewService();

        Assert.Equal("Ours", HelpFixture.TopicOf(service, "alipay", HelpFixture.English).Title);
        Assert.NotEqual("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);
        Assert.Contains("only the first 1", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_where_a_file_should_be_and_a_wrong_name_harm_nothing()
    {
        Directory.CreateDirectory(_help.PathOf("en", "phone.txt"));
        _help.Write("en", "My Phone.txt", Own);
        _help.Write("en", ".phone.txt", Own);
        _help.Write("en", "phone.txt~", Own);
        var service = _help.NewService();

        Assert.Equal(HelpDefaults.For("en").Count, HelpFixture.AllOf(service, HelpFixture.English).Count);
        Assert.Contains("My Phone.txt", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_that_is_gone_falls_back_and_is_told_once()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_help.PathOf("en", "phone.txt"))!);
        File.CreateSymbolicLink(_help.PathOf("en", "phone.txt"), "nowhere.txt");
        var service = _help.NewService();

        _ = HelpFixture.AllOf(service, HelpFixture.English);

        Assert.Equal(HelpDefaults.For("en")["phone"], HelpFixture.TopicOf(service, "phone", HelpFixture.English));
        Assert.Contains("can't be read", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_told_at_start_and_may_appear_later()
    {
        var service = _help.NewService();
        Assert.Equal(HelpDefaults.For("en").Count, HelpFixture.AllOf(service, HelpFixture.English).Count);
        Assert.Contains("does not exist", Assert.Single(_help.Log.Lines).Text, StringComparison.Ordinal);

        _help.Write("en", "phone.txt", Own);
        Assert.Equal("Ours", HelpFixture.TopicOf(service, "phone", HelpFixture.English).Title);
    }

    [Fact]
    public void A_topic_of_the_operators_own_is_shown_and_told()
    {
        _help.Write("zh-CN", "opening-hours.txt", "title: 客服时间\ngroup: after\n\n每天 9 点到 21 点。");
        var service = _help.NewService();

        Assert.Equal(HelpGroup.After, HelpFixture.TopicOf(service, "opening-hours", HelpFixture.Chinese).Group);
        Assert.Equal(LogLevel.Information, Assert.Single(_help.Log.Lines).Level);
    }

    [Fact]
    public async Task Many_readers_at_once_see_whole_texts()
    {
        _help.Write("en", "phone.txt", Own);
        var service = _help.NewService();

        var counts = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => HelpFixture.AllOf(service, HelpFixture.English).Count))
        );

        Assert.All(counts, count => Assert.Equal(HelpDefaults.For("en").Count, count));
    }
}
