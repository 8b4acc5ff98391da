using Bunit;

namespace UnbindPortal.Components.Shared;

public sealed class FieldTests : ShellContext
{
    [Fact]
    public void A_code_is_one_native_text_field_made_for_one_time_codes()
    {
        var input = RenderCode().Find("input");

        Assert.Single(RenderCode().FindAll("input"));
        Assert.Equal("numeric", input.GetAttribute("inputmode"));
        Assert.Equal("one-time-code", input.GetAttribute("autocomplete"));
        Assert.Equal("8", input.GetAttribute("maxlength"));
        Assert.Equal("code", input.GetAttribute("data-testid"));
        Assert.Equal("Input.Code", input.GetAttribute("name"));
    }

    [Fact]
    public void A_label_belongs_to_its_native_input()
    {
        var page = RenderCode();

        Assert.Equal(page.Find("input").Id, page.Find("label").GetAttribute("for"));
        Assert.Equal("Code", page.Find("label").TextContent);
    }

    [Fact]
    public void An_error_is_named_by_the_input_and_read_out()
    {
        var page = RenderCode("Wrong code");
        var input = page.Find("input");
        var error = page.Find("[role=alert]");

        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Contains(error.Id!, input.GetAttribute("aria-describedby")!.Split(' '));
        Assert.Contains("Wrong code", error.TextContent);
    }

    [Fact]
    public void Without_an_error_the_input_is_not_invalid()
    {
        var input = RenderCode().Find("input");

        Assert.False(input.HasAttribute("aria-invalid"));
        Assert.False(input.HasAttribute("aria-describedby"));
    }

    [Theory]
    [InlineData("482 913", "482913")]
    [InlineData("\uff14\uff18\uff12\uff19\uff11\uff13", "482913")]
    [InlineData("", "")]
    public async Task A_typed_code_arrives_as_plain_digits(string typed, string expected)
    {
        string? arrived = null;
        var page = Render<CodeInput>(code =>
            code.Add(c => c.Label, "Code").Add(c => c.Value, "x").Add(c => c.ValueChanged, value => arrived = value)
        );

        await page.Find("input").ChangeAsync(new() { Value = typed });

        Assert.Equal(expected, arrived);
    }

    [Theory]
    [InlineData(FieldType.Text, "text")]
    [InlineData(FieldType.Password, "password")]
    [InlineData(FieldType.Phone, "tel")]
    [InlineData(FieldType.Email, "email")]
    [InlineData(FieldType.Search, "search")]
    public void A_field_passes_type_name_value_and_test_id_to_the_native_input(FieldType type, string native)
    {
        var page = Render<PortalField>(field =>
            field
                .Add(f => f.Label, "User")
                .Add(f => f.Type, type)
                .Add(f => f.Name, "user")
                .Add(f => f.Value, "lin")
                .Add(f => f.AutoComplete, "username")
                .AddUnmatched("data-testid", "user")
                .AddUnmatched("autofocus", "autofocus")
        );
        var input = page.Find("input");

        Assert.Equal(native, input.GetAttribute("type"));
        Assert.Equal("user", input.GetAttribute("name"));
        Assert.Equal("lin", input.GetAttribute("value"));
        Assert.Equal("username", input.GetAttribute("autocomplete"));
        Assert.Equal("user", input.GetAttribute("data-testid"));
        Assert.True(input.HasAttribute("autofocus"));
        Assert.Equal(input.Id, page.Find("label").GetAttribute("for"));
    }

    [Fact]
    public async Task A_field_tells_what_was_typed()
    {
        string? arrived = null;
        var page = Render<PortalField>(field => field.Add(f => f.Label, "User").Add(f => f.ValueChanged, value => arrived = value));

        await page.Find("input").ChangeAsync(new() { Value = "wang" });

        Assert.Equal("wang", arrived);
    }

    [Fact]
    public async Task A_tick_row_is_the_label_of_its_native_checkbox()
    {
        var ticked = false;
        var page = Render<TickRow>(row =>
            row.Add(r => r.Mark, "phone")
                .Add(r => r.Name, "Phone")
                .Add(r => r.Identity, "138 **** 5678")
                .Add(r => r.CheckedChanged, value => ticked = value)
                .AddUnmatched("data-testid", "binding-1")
        );

        var box = page.Find("label input[type=checkbox][data-testid=binding-1]");
        await box.ChangeAsync(new() { Value = true });

        Assert.True(ticked);
        Assert.Contains("138 **** 5678", page.Find("label").TextContent);
    }

    private IRenderedComponent<CodeInput> RenderCode(string? error = null) =>
        Render<CodeInput>(code =>
            code.Add(c => c.Label, "Code")
                .Add(c => c.Name, "Input.Code")
                .Add(c => c.Length, 8)
                .Add(c => c.Error, error)
                .AddUnmatched("data-testid", "code")
        );
}
