namespace UnbindPortal.Domain;

/// <summary>One canonical form for one number or address: what rule 6 compares.</summary>
public sealed class CanonicalTests
{
    [Theory]
    [InlineData("13812345678", "+8613812345678")]
    [InlineData("+8613812345678", "+8613812345678")]
    [InlineData("008613812345678", "+8613812345678")]
    [InlineData(" 138 1234-5678 ", "+8613812345678")]
    [InlineData("（138）1234.5678", "+8613812345678")]
    [InlineData("１３８１２３４５６７８", "+8613812345678")]
    [InlineData("＋８６　１３８１２３４５６７８", "+8613812345678")]
    [InlineData("19912345678", "+8619912345678")]
    [InlineData("13012345678", "+8613012345678")]
    [InlineData("+85291234567", "+85291234567")]
    [InlineData("0085291234567", "+85291234567")]
    [InlineData("+1 (415) 555-2671", "+14155552671")]
    [InlineData("+2901234", "+2901234")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void A_number_has_one_form_however_it_is_typed(string typed, string canonical) =>
        Assert.Equal(canonical, Canonical.Phone(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("00")]
    [InlineData("12812345678")]
    [InlineData("10812345678")]
    [InlineData("1381234567")]
    [InlineData("138123456789")]
    [InlineData("+8612812345678")]
    [InlineData("+86138123456789")]
    [InlineData("+861381234567")]
    [InlineData("+123456")]
    [InlineData("+1234567890123456")]
    [InlineData("+0123456789")]
    [InlineData("++8613812345678")]
    [InlineData("1381234567a")]
    [InlineData("13812345678\r\n")]
    [InlineData("1381234\n5678")]
    [InlineData("13812345678\0")]
    [InlineData("١٣٨١٢٣٤٥٦٧٨")]
    [InlineData("+8613812345678;ext=1")]
    public void What_is_no_number_has_no_form(string? typed) => Assert.Null(Canonical.Phone(typed));

    [Theory]
    [InlineData("Lin@Example.CN", "lin@example.cn")]
    [InlineData("  lin@example.cn\t", "lin@example.cn")]
    [InlineData("l.i.n+bank@example.cn", "l.i.n+bank@example.cn")]
    [InlineData("lin@例子.中国", "lin@xn--fsqu00a.xn--fiqs8s")]
    [InlineData("lin@XN--FSQU00A.xn--fiqs8s", "lin@xn--fsqu00a.xn--fiqs8s")]
    [InlineData("lin@example。cn", "lin@example.cn")]
    [InlineData("lin@ＥＸＡＭＰＬＥ.cn", "lin@example.cn")]
    [InlineData("林@example.cn", "林@example.cn")]
    public void An_address_has_one_form_and_keeps_its_dots(string typed, string canonical) =>
        Assert.Equal(canonical, Canonical.Email(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("lin")]
    [InlineData("@example.cn")]
    [InlineData("lin@")]
    [InlineData("lin@localhost")]
    [InlineData("lin@example.cn.")]
    [InlineData("lin@.cn")]
    [InlineData("lin@example..cn")]
    [InlineData("lin@@example.cn")]
    [InlineData("lin@evil.cn@example.cn")]
    [InlineData("lin@exam ple.cn")]
    [InlineData("lin\r\nBcc:x@example.cn")]
    [InlineData("lin@example.cn\r\nBcc: x")]
    [InlineData("lin\0@example.cn")]
    [InlineData("lin\u0085@example.cn")]
    [InlineData("lin@-example.cn")]
    public void What_is_no_address_has_no_form(string? typed) => Assert.Null(Canonical.Email(typed));

    /// <summary>A browser's connection can carry half a character; inline data of a theory cannot.</summary>
    [Fact]
    public void Half_characters_are_no_number_and_no_domain()
    {
        Assert.Null(Canonical.Phone("1381234567\ud83d"));
        Assert.Null(Canonical.Email("lin@exa\udc00mple.cn"));
    }

    [Fact]
    public void A_local_part_of_64_is_the_longest()
    {
        Assert.NotNull(Canonical.Email($"{new string('a', 64)}@example.cn"));
        Assert.Null(Canonical.Email($"{new string('a', 65)}@example.cn"));
    }

    [Fact]
    public void An_address_of_254_is_the_longest_also_once_its_domain_is_punycode()
    {
        Assert.Equal(254, Canonical.Email(OfLength(254))!.Length);
        Assert.Null(Canonical.Email(OfLength(255)));
        var grows = $"{new string('a', 64)}@{string.Join('.', Enumerable.Repeat(new string('例', 20) + "b", 8))}.cn";
        Assert.True(grows.Length < 254);
        Assert.Null(Canonical.Email(grows));
    }

    private static string OfLength(int length)
    {
        var start = $"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}.";
        return start + new string('c', length - start.Length);
    }
}
