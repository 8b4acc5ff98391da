namespace UnbindPortal.Features.Help;

public sealed class HelpTopicParserTests
{
    [Fact]
    public void Good_file_becomes_its_title_place_and_blocks()
    {
        var topic = Good(
            """
            # for our users
            title: Unbind a phone
            group: KINDS
            order: 7
            words: mobile

            One paragraph.
            Another one.

            - a
            - b
            1. first
            2. second
            ! careful
            => #codes Is it genuine?
            => /security Look
            # not shown
            => mailto:help@example.cn Write to us
            """
        );

        Assert.Equal(
            ("phone", "Unbind a phone", HelpGroup.Kinds, 7, "mobile"),
            (topic.Id, topic.Title, topic.Group, topic.Order, topic.Words)
        );
        Assert.Collection(
            topic.Blocks,
            block => Assert.Equal("One paragraph.", Assert.IsType<HelpBlock.Paragraph>(block).Text),
            block => Assert.Equal("Another one.", Assert.IsType<HelpBlock.Paragraph>(block).Text),
            block => Assert.Equal(["a", "b"], Assert.IsType<HelpBlock.Points>(block).Items),
            block => Assert.Equal(["first", "second"], Assert.IsType<HelpBlock.Steps>(block).Items),
            block => Assert.Equal("careful", Assert.IsType<HelpBlock.Note>(block).Text),
            block => Assert.Equal(new HelpBlock.Link("/help#codes", "Is it genuine?"), block),
            block => Assert.Equal(new HelpBlock.Link("/security", "Look"), block),
            block => Assert.Equal(new HelpBlock.Link("mailto:help@example.cn", "Write to us"), block)
        );
    }

    [Fact]
    public void Windows_line_ends_a_byte_order_mark_and_a_full_width_colon_are_fine()
    {
        var topic = Good("\uFEFFtitle：标题\r\n\r\n一段话\r\n");

        Assert.Equal("标题", topic.Title);
        Assert.Equal(new HelpBlock.Paragraph("一段话"), Assert.Single(topic.Blocks));
    }

    [Fact]
    public void What_the_head_leaves_out_comes_from_the_original()
    {
        var original = Good("title: Old\ngroup: safety\norder: 3\nwords: lost\n\ntext");

        var reading = HelpTopicParser.Read("phone", "title: New\n\nother", original);

        var topic = Assert.IsType<HelpReading.Good>(reading).Topic;
        Assert.Equal(("New", HelpGroup.Safety, 3, "lost"), (topic.Title, topic.Group, topic.Order, topic.Words));
    }

    [Fact]
    public void Markup_stays_the_text_it_is()
    {
        var topic = Good("title: <b>T</b>\n\n<script>alert(1)</script> **bold** [x](javascript:y)");

        Assert.Equal("<b>T</b>", topic.Title);
        Assert.Equal(new HelpBlock.Paragraph("<script>alert(1)</script> **bold** [x](javascript:y)"), Assert.Single(topic.Blocks));
    }

    [Theory]
    [InlineData("title: T\ncolour: red\n\ntext", 2, HelpProblem.UnknownKey)]
    [InlineData("title: T\nTitle: T\n\ntext", 2, HelpProblem.UnknownKey)]
    [InlineData("title: T\ntitle: U\n\ntext", 2, HelpProblem.RepeatedKey)]
    [InlineData("title: T\nthis is text\n\ntext", 2, HelpProblem.NotAKey)]
    [InlineData(": T\n\ntext", 1, HelpProblem.NotAKey)]
    [InlineData("title:\n\ntext", 1, HelpProblem.EmptyValue)]
    [InlineData("title: T\nwords: \n\ntext", 2, HelpProblem.EmptyValue)]
    [InlineData("title: T\ngroup: 1\n\ntext", 2, HelpProblem.UnknownGroup)]
    [InlineData("title: T\norder: -1\n\ntext", 2, HelpProblem.BadOrder)]
    [InlineData("title: T\norder: 1000\n\ntext", 2, HelpProblem.BadOrder)]
    [InlineData("order: 1\n\ntext", 1, HelpProblem.MissingTitle)]
    [InlineData("", 1, HelpProblem.MissingTitle)]
    [InlineData("title: T", 1, HelpProblem.EmptyBody)]
    [InlineData("title: T\n\n# only a comment\n", 4, HelpProblem.EmptyBody)]
    [InlineData("title: T\n\ntext\u0007", 3, HelpProblem.ControlCharacter)]
    [InlineData("title: T\n\n=> /security", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> javascript:alert(1) Click", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> data:text/html,x Click", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> http://example.cn Click", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> //example.cn Click", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> /\\example.cn Click", 3, HelpProblem.BadLink)]
    [InlineData("title: T\n\n=> #No_Id Click", 3, HelpProblem.BadLink)]
    public void A_mistake_is_named_with_its_line(string text, int line, HelpProblem problem) =>
        Assert.Equal(new HelpReading.Broken(line, problem), HelpTopicParser.Read("phone", text, original: null));

    [Fact]
    public void Long_titles_long_lines_and_long_files_are_refused()
    {
        Assert.Equal(
            new HelpReading.Broken(1, HelpProblem.TitleTooLong),
            HelpTopicParser.Read("phone", $"title: {new string('x', HelpTopicParser.MaxTitleLength + 1)}\n\ntext", null)
        );
        Assert.Equal(
            new HelpReading.Broken(3, HelpProblem.LineTooLong),
            HelpTopicParser.Read("phone", $"title: T\n\n{new string('x', HelpTopicParser.MaxLineLength + 1)}", null)
        );
        Assert.Equal(
            new HelpReading.Broken(HelpTopicParser.MaxLines + 1, HelpProblem.TooManyLines),
            HelpTopicParser.Read("phone", "title: T\n\n" + string.Concat(Enumerable.Repeat("x\n", HelpTopicParser.MaxLines)), null)
        );
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused() =>
        Assert.Equal(new HelpReading.Broken(0, HelpProblem.NotUtf8), HelpTopicParser.Read("phone", [0x74, 0xFF, 0xFE], original: null));

    [Theory]
    [InlineData("Phone")]
    [InlineData("main")]
    [InlineData("phone_title")]
    [InlineData("my phone")]
    [InlineData("../phone")]
    [InlineData("1st")]
    [InlineData("")]
    [InlineData("电话")]
    public void A_name_that_is_no_id_is_refused(string id) =>
        Assert.Equal(new HelpReading.Broken(0, HelpProblem.BadName), HelpTopicParser.Read(id, "title: T\n\ntext", original: null));

    private static HelpTopic Good(string text) =>
        Assert.IsType<HelpReading.Good>(HelpTopicParser.Read("phone", text, original: null)).Topic;
}
