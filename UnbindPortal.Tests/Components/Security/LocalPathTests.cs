namespace UnbindPortal.Components.Security;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/security")]
    [InlineData("/unbind?binding=1&binding=2")]
    [InlineData("/unbind/0193/verify#code")]
    [InlineData("/help?q=%E6%89%8B%E6%9C%BA")]
    [InlineData("/help?q=100%25")]
    [InlineData("/a?next=https://x.example")]
    public void A_path_of_this_site_is_taken(string path) => Assert.Equal(path, LocalPath.Or(path, "/fallback"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("security")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/security\\..\\evil")]
    [InlineData("/%2fevil.example")]
    [InlineData("/%2Fevil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("/%252fevil.example")]
    [InlineData("/%25252fevil.example")]
    [InlineData("/%2525252fevil.example")]
    [InlineData("https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/a%0d%0aSet-Cookie:x")]
    [InlineData(" /security")]
    public void Everything_else_falls_back(string? path) => Assert.Equal("/fallback", LocalPath.Or(path, "/fallback"));

    [Fact]
    public void An_endless_path_falls_back() => Assert.Equal("/", LocalPath.Or("/" + new string('a', LocalPath.MaxLength), "/"));
}
