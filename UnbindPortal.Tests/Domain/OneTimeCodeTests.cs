using UnbindPortal.Support;

namespace UnbindPortal.Domain;

public sealed class OneTimeCodeTests
{
    /// <summary>
    /// Chi-square of each position with 9 degrees of freedom: 45 is passed by chance once in a million positions, and a draw by remainder
    /// of a byte (digits 0 to 5 come up 4 % more often) gives about 70 with these numbers.
    /// </summary>
    [Fact]
    public void Digits_are_uniform_at_every_position()
    {
        var draws = TestScale.Pick(200_000, 1_000_000);
        var counts = new int[6, 10];
        for (var i = 0; i < draws; i++)
        {
            var digits = OneTimeCode.Draw(6).Reveal();
            for (var position = 0; position < 6; position++)
            {
                counts[position, digits[position] - '0']++;
            }
        }

        var expected = draws / 10.0;
        Assert.All(
            Enumerable.Range(0, 6),
            position =>
                Assert.InRange(Enumerable.Range(0, 10).Sum(digit => Math.Pow(counts[position, digit] - expected, 2) / expected), 0, 45)
        );
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(10)]
    public void A_code_keeps_its_length_and_its_leading_zeros(int length)
    {
        var drawn = Enumerable.Range(0, 1000).Select(_ => OneTimeCode.Draw(length).Reveal()).ToArray();

        Assert.All(drawn, code => Assert.Equal(length, code.Length));
        Assert.Contains(drawn, code => code[0] == '0');
    }

    [Theory]
    [InlineData("012345", "012345")]
    [InlineData(" 012 345\n", "012345")]
    [InlineData("０１２３４５", "012345")]
    [InlineData("012-345", "012345")]
    [InlineData("abc", "")]
    [InlineData("½²", "")]
    [InlineData(null, "")]
    public void What_is_typed_is_read_as_digits(string? typed, string digits) => Assert.Equal(digits, new OneTimeCode(typed).Reveal());

    [Fact]
    public void Codes_are_equal_by_their_digits()
    {
        Assert.Equal(new OneTimeCode("012 345"), new OneTimeCode("０１２３４５"));
        Assert.NotEqual(new OneTimeCode("012345"), new OneTimeCode("12345"));
        Assert.Equal(default, new OneTimeCode(""));
        Assert.Equal(new OneTimeCode("012345").GetHashCode(), new OneTimeCode("012 345").GetHashCode());
    }
}
