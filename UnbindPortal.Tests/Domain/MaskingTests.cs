namespace UnbindPortal.Domain;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("+8613812345678", "138 **** 5678")]
    [InlineData("+85291234567", "+85 **** 67")]
    [InlineData("+2901234", "+29 **** 34")]
    [InlineData("+12345", "****")]
    [InlineData("", "****")]
    public void A_number_shows_enough_to_recognise_it(string number, string masked) => Assert.Equal(masked, Masking.Phone(number));

    [Theory]
    [InlineData("lin@example.cn", "l***@example.cn")]
    [InlineData("a@example.cn", "a***@example.cn")]
    [InlineData("😀lin@example.cn", "😀***@example.cn")]
    [InlineData("@example.cn", "***")]
    [InlineData("lin", "***")]
    [InlineData("", "***")]
    public void An_address_shows_its_first_character_and_its_domain(string address, string masked) =>
        Assert.Equal(masked, Masking.Email(address));

    [Theory]
    [InlineData("晓风残月", "晓**")]
    [InlineData("晓", "晓**")]
    [InlineData("👨‍👩‍👧 family", "👨‍👩‍👧**")]
    [InlineData("🇨🇳cn", "🇨🇳**")]
    [InlineData("e\u0301tienne", "e\u0301**")]
    [InlineData("", "**")]
    public void A_name_shows_one_whole_character_and_no_length(string name, string masked) => Assert.Equal(masked, Masking.Name(name));

    [Theory]
    [InlineData("oX12345689", "oX***89")]
    [InlineData("123456", "12***56")]
    [InlineData("12345", "***")]
    [InlineData("", "***")]
    public void A_subject_shows_its_ends_when_it_is_long_enough(string subject, string masked) =>
        Assert.Equal(masked, Masking.Subject(subject));

    [Theory]
    [InlineData(BindingKind.Phone, "+8613812345678", "Lin", "138 **** 5678")]
    [InlineData(BindingKind.Email, "lin@example.cn", "Lin", "l***@example.cn")]
    [InlineData(BindingKind.WeChat, "oX12345689", "晓风", "晓**")]
    [InlineData(BindingKind.QQ, "oX12345689", "", "oX***89")]
    [InlineData(BindingKind.Alipay, "oX12345689", null, "oX***89")]
    [InlineData(BindingKind.App, "app-000001", "Books", "Books")]
    [InlineData(BindingKind.App, "app-000001", null, "ap***01")]
    public void Each_kind_is_masked_its_own_way(BindingKind kind, string subject, string? name, string masked) =>
        Assert.Equal(masked, new BindingIdentity(subject, name, []).Masked(kind));
}
