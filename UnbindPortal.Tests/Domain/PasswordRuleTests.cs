using System.Text;

namespace UnbindPortal.Domain;

public sealed class PasswordRuleTests
{
    private static readonly string[] Own = ["linxiaofeng", "+8613812345678", "lin"];

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("只有我才记得住的那一句长长的话啊")]
    [InlineData("lin goes fishing on sundays")]
    [InlineData("               x y z q w")]
    public void Long_and_unguessed_is_all_it_takes(string chosen) => Assert.Null(PasswordRule.Check(chosen, 15, Own));

    [Theory]
    [InlineData("Passwordpassword")]
    [InlineData("qwertyqwertyqwerty")]
    [InlineData("linxiaofeng2026")]
    [InlineData("+8613812345678!!")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("1234567890123456")]
    [InlineData("9876543210987654")]
    public void What_is_tried_first_is_too_easy(string chosen) =>
        Assert.Equal(PasswordProblem.TooEasy, PasswordRule.Check(chosen, 15, Own));

    [Theory]
    [InlineData(14, PasswordProblem.TooShort)]
    [InlineData(15, null)]
    [InlineData(256, null)]
    [InlineData(257, PasswordProblem.TooLong)]
    public void Length_counts_from_15_to_256(int length, PasswordProblem? expected)
    {
        var text = string.Concat(Enumerable.Repeat("k7#Qm!zR2x", 26))[..length];

        Assert.Equal(expected, PasswordRule.Check(text, 15, []));
    }

    [Fact]
    public void The_same_keys_give_the_same_password_on_every_keyboard() =>
        Assert.Equal(PasswordRule.Normal(new SecretText("caf\u00e9")), PasswordRule.Normal(new SecretText("cafe\u0301")));

    [Fact]
    public void Half_a_character_is_taken_like_its_encoding()
    {
        var normal = PasswordRule.Normal(new SecretText("half\ud83d"));

        Assert.Equal("half\ufffd", normal);
        Assert.True(normal.IsNormalized(NormalizationForm.FormC));
    }
}
