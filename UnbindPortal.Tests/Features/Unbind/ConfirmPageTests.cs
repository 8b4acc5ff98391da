using Bunit;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;

namespace UnbindPortal.Features.Unbind;

public sealed class ConfirmPageTests : PageContext
{
    private readonly FakeUnbinding unbinding = new();
    private readonly Guid request = Guid.NewGuid();

    public ConfirmPageTests()
    {
        Services.AddSingleton<IUnbindService>(unbinding);
        Interactive = false;
        unbinding.View = () => View(TimeSpan.Zero);
    }

    public static TheoryData<string> Languages => [.. Words.Languages];

    public static TheoryData<UnbindStage> OtherStages =>
        [.. Enum.GetValues<UnbindStage>().Where(stage => stage is not UnbindStage.Verified)];

    public static TheoryData<BindingKind> Kinds => [.. Enum.GetValues<BindingKind>()];

    [Theory]
    [MemberData(nameof(OtherStages))]
    public void Another_stage_leads_to_its_own_page(UnbindStage stage)
    {
        unbinding.View = () => View(null) with { Stage = stage };

        Open();

        Assert.Equal(UnbindSteps.UrlFor(request, stage), WentTo);
    }

    [Fact]
    public void A_request_that_is_none_or_not_theirs_is_no_page()
    {
        unbinding.View = () => null;

        var page = Open();

        Assert.True(SaidNotFound);
        Assert.Empty(page.FindAll("form"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_plan_is_told_with_its_facts(string language)
    {
        Speak(language);
        unbinding.View = () =>
            View(TimeSpan.Zero) with
            {
                SessionsEnding = 3,
                Apps = [Label(BindingKind.App, "Notes"), Label(BindingKind.App, "Photos")],
                WaysIn = [new WayInLabel(null, null), new WayInLabel(BindingKind.Phone, "137 **** 0001")],
                Recoveries = [Label(BindingKind.Email, "l***@example.cn")],
            };

        var plan = Said(ById(Open(), "plan"));

        var separator = Words.Of<SharedTexts>("ListSeparator");
        string[] facts =
        [
            Words.Of<UnbindTexts>("GoneItem", Words.Of<BindingTexts>("WeChat"), "\u6797**"),
            Words.Of<UnbindTexts>("GoneUsed", Words.Of<SharedTexts>("DaysAgo", 18)),
            Words.Of<UnbindTexts>("SessionsEnd", 3),
            Words.Of<UnbindTexts>("AppLeans", "Notes"),
            Words.Of<UnbindTexts>("AppLeans", "Photos"),
            Words.Of<BindingTexts>("WeChatImpact"),
            Words.Of<UnbindTexts>(
                "StaySignIn",
                $"{Words.Of<BindingTexts>("PasswordWayIn")}{separator}{Words.Of<BindingTexts>("PhoneWayIn")}"
            ),
            Words.Of<UnbindTexts>("StayRecover", $"{Words.Of<BindingTexts>("Email")} l***@example.cn"),
            Words.Of<UnbindTexts>("WhenNow"),
        ];
        Assert.All(facts, fact => Assert.Contains(Folded(fact), plan, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_sessions_recoveries_or_a_last_use_it_does_not_make_any_up()
    {
        unbinding.View = () => View(TimeSpan.Zero) with { Going = [Label(BindingKind.QQ, "q**")] };

        var plan = Said(ById(Open(), "plan"));

        Assert.Contains(Folded(Words.Of<UnbindTexts>("GoneItem", "QQ", "q**")), plan, StringComparison.Ordinal);
        Assert.Contains(Words.Of<UnbindTexts>("SessionsStay"), plan, StringComparison.Ordinal);
        Assert.DoesNotContain(Words.Of<UnbindTexts>("StayRecover", ""), plan, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_wait_is_told_with_its_length_and_end(string language)
    {
        Speak(language);
        unbinding.View = () => View(TimeSpan.FromHours(72));

        var plan = Said(ById(Open(), "plan"));

        var end = Services.GetRequiredService<When>().Moment(Now.AddHours(72));
        Assert.Contains(Words.Of<UnbindTexts>("WhenWait", Words.Of<SharedTexts>("InHours", 72), end), plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(72, "259200")]
    public void The_form_posts_what_was_shown_plainly(int hours, string seconds)
    {
        unbinding.View = () => View(TimeSpan.FromHours(hours));

        var form = Open().Find($"form[action='/unbind/{request}/confirm']");

        Assert.Equal(("post", "false"), (form.GetAttribute("method"), form.GetAttribute("data-enhance")));
        Assert.Equal(new string('a', 64), form.QuerySelector("input[type=hidden][name=planHash]")!.GetAttribute("value"));
        Assert.Equal(seconds, form.QuerySelector("input[type=hidden][name=wait]")!.GetAttribute("value"));
        Assert.Equal("a-token", form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
        var confirm = form.QuerySelector("[data-testid=confirm]")!;
        Assert.Equal(("submit", Words.Of<UnbindTexts>("Confirm", 1)), (confirm.GetAttribute("type"), Said(confirm)));
        Assert.Null(confirm.GetAttribute("form"));
    }

    [Fact]
    public void Cancel_and_another_proof_are_forms_of_their_own()
    {
        var page = Open();

        var cancel = ById(page, "cancel");
        var another = ById(page, "another-proof");
        Assert.Equal($"/unbind/{request}/cancel", page.Find($"#{cancel.GetAttribute("form")}").GetAttribute("action"));
        Assert.Equal($"/unbind/{request}/another-proof", another.Closest("form")!.GetAttribute("action"));
        Assert.Equal(3, page.FindAll("form input[name=__RequestVerificationToken]").Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_tells_its_impact_and_platforms_what_they_keep(BindingKind kind)
    {
        unbinding.View = () => View(TimeSpan.Zero) with { Going = [Label(kind, "masked")] };

        var page = Open();

        Assert.Contains(Words.Of<BindingTexts>($"{kind}Impact"), Said(ById(page, "plan")), StringComparison.Ordinal);
        var note = Words.Of<UnbindTexts>("PlatformNote", Words.Of<BindingTexts>($"{kind}"));
        Assert.Equal(BindingCatalogue.For(kind).IsPlatform, Said(page).Contains(note, StringComparison.Ordinal));
    }

    private IRenderedComponent<ConfirmPage> Open() => Render<ConfirmPage>(page => page.Add(p => p.RequestId, request));

    private static string Folded(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static BindingLabel Label(BindingKind kind, string masked) => new(Guid.NewGuid(), kind, masked, null);

    private UnbindView View(TimeSpan? wait) =>
        new()
        {
            Id = request,
            Stage = UnbindStage.Verified,
            Going = [Label(BindingKind.WeChat, "\u6797**") with { LastUsedAt = Now.AddDays(-18) }],
            WaysIn = [new WayInLabel(null, null)],
            PlanHash = new string('a', 64),
            Wait = wait,
            ExpiresAt = Now.AddMinutes(10),
        };
}
