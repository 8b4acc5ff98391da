namespace UnbindPortal.Support.Code;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a(); // gone", "a();        ")]
    [InlineData("/* gone */ a();", "           a();")]
    [InlineData("\"http://kept\"; // gone", "\"http://kept\";        ")]
    [InlineData("@\"c:\\\"; // gone", "@\"c:\\\";        ")]
    [InlineData("'\"'; // gone", "'\"';        ")]
    [InlineData("\"\\\"// kept\"", "\"\\\"// kept\"")]
    [InlineData("\"\"\" \" // kept \"\"\"", "\"\"\" \" // kept \"\"\"")]
    public void CSharp_comments_go_and_strings_stay(string code, string left) => Assert.Equal(left, CodeText.WithoutCSharpComments(code));

    [Theory]
    [InlineData("<p>it's @* gone *@ kept</p>", "<p>it's            kept</p>")]
    [InlineData("<a href=\"https://kept\">", "<a href=\"https://kept\">")]
    [InlineData("<!-- gone --><p>", "             <p>")]
    [InlineData("@code { // gone", "@code {        ")]
    public void Razor_comments_go_and_markup_stays(string markup, string left) => Assert.Equal(left, CodeText.WithoutRazorComments(markup));
}
