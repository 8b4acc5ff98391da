using Bunit;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;

namespace UnbindPortal.Features.SecurityCenter;

public sealed class SecurityCenterPageTests : PageContext
{
    private readonly FakeBindings bindings = new();

    public SecurityCenterPageTests() => Services.AddSingleton<IBindingService>(bindings);

    public static TheoryData<string> Languages => [.. Words.Languages];

    public static TheoryData<BindingKind> Kinds => [.. Enum.GetValues<BindingKind>()];

    public static TheoryData<string, UnbindRefusal, bool> Refusals
    {
        get
        {
            var cases = new TheoryData<string, UnbindRefusal, bool>();
            foreach (var language in Words.Languages)
            {
                foreach (var refusal in Enum.GetValues<UnbindRefusal>())
                {
                    cases.Add(language, refusal, true);
                    cases.Add(language, refusal, false);
                }
            }

            return cases;
        }
    }

    [Fact]
    public async Task While_the_list_is_read_its_shape_stands_and_is_announced()
    {
        var reading = new TaskCompletionSource<SecurityOverview?>();
        bindings.Answer = () => reading.Task;

        var page = Render<SecurityCenterPage>();

        Assert.Equal("status", ById(page, "loading").GetAttribute("role"));
        Assert.Equal(Words.Of<SecurityCenterTexts>("Title"), page.Find("h1").TextContent);
        await page.InvokeAsync(() => reading.SetResult(Overview()));
        page.WaitForAssertion(() => Assert.Null(Maybe(page, "loading")));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void With_nothing_bound_it_says_so_and_offers_nothing_to_unbind(string language)
    {
        Speak(language);
        var page = Open(Overview());

        Assert.Contains(Words.Of<SecurityCenterTexts>("EmptyTitle"), Said(ById(page, "empty")), StringComparison.Ordinal);
        Assert.Null(Maybe(page, "start-unbind"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void When_storage_cannot_be_read_it_says_so_and_offers_to_try_again(string language)
    {
        Speak(language);
        bindings.Answer = () => Task.FromException<SecurityOverview?>(Trouble(StorageTrouble.Busy));

        var page = Render<SecurityCenterPage>();

        var error = ById(page, "error");
        Assert.Equal("alert", error.GetAttribute("role"));
        Assert.Contains(Words.Of<SecurityCenterTexts>("ErrorTitle"), Said(error), StringComparison.Ordinal);
        Assert.Equal("/security", ById(page, "retry").GetAttribute("href"));
    }

    [Fact]
    public void An_ended_session_leads_to_sign_in()
    {
        bindings.Answer = () => Task.FromResult<SecurityOverview?>(null);

        Render<SecurityCenterPage>();

        Assert.Equal("/login", WentTo);
    }

    [Fact]
    public void Nobody_signed_in_asks_for_nothing_and_leads_to_sign_in()
    {
        Authorization.SetNotAuthorized();

        Render<SecurityCenterPage>();

        Assert.Equal((0, "/login"), (bindings.Asked.Count, WentTo));
    }

    [Fact]
    public void It_asks_once_and_for_the_person_signed_in()
    {
        Open(Overview(Card(BindingKind.Phone)));

        Assert.Equal([Me], bindings.Asked);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_counts_and_the_name_are_shown(string language)
    {
        Speak(language);
        var page = Open(Overview(Card(BindingKind.Phone)) with { WaysIn = 3, Recoveries = 2, Sessions = 4, DisplayName = "\u6797" });

        Assert.Equal(Words.Of<SecurityCenterTexts>("Greeting", "\u6797"), page.Find("h1").TextContent);
        Assert.Equal(("3", "2", "4"), (Said(ById(page, "ways-in")), Said(ById(page, "recoveries")), Said(ById(page, "sessions"))));
        Assert.Equal("/unbind", ById(page, "start-unbind").GetAttribute("href"));
    }

    [Theory]
    [InlineData(0, "SummaryNone")]
    [InlineData(1, "SummaryOneWay")]
    [InlineData(2, "SummaryOk")]
    [InlineData(9, "SummaryOk")]
    public void The_summary_tells_how_safe_it_is(int ways, string key)
    {
        var page = Open(Overview(Card(BindingKind.Phone)) with { WaysIn = ways });

        Assert.Contains(Words.Of<SecurityCenterTexts>(key), Said(ById(page, "summary")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_row_with_its_name_identity_and_history(BindingKind kind)
    {
        var card = Card(kind) with
        {
            Masked = "masked-identity",
            DisplayName = kind is BindingKind.App ? "Notes" : null,
            Scopes = ["name", "avatar"],
            LastUsedAt = Now.AddDays(-3),
        };

        var row = Said(ById(Open(Overview(card)), "binding-row"));

        Assert.Contains(kind is BindingKind.App ? "Notes" : Words.Of<BindingTexts>($"{kind}"), row, StringComparison.Ordinal);
        Assert.Contains(Words.Of<SecurityCenterTexts>("UsedAgo", Words.Of<SharedTexts>("DaysAgo", 3)), row, StringComparison.Ordinal);
        if (kind is BindingKind.App)
        {
            var scopes = $"name{Words.Of<SharedTexts>("ListSeparator")}avatar";
            Assert.Contains(Words.Of<SecurityCenterTexts>("MaySee", scopes), row, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("masked-identity", row, StringComparison.Ordinal);
            Assert.Contains(
                Words.Of<SecurityCenterTexts>("ProvedAgo", Words.Of<SharedTexts>("DaysAgo", 10)),
                row,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Rows_are_grouped_contacts_first()
    {
        var page = Open(Overview(Card(BindingKind.App) with { DisplayName = "Notes" }, Card(BindingKind.WeChat), Card(BindingKind.Phone)));

        var groups = page.FindAll("h2").Select(Said).ToList();

        Assert.Equal(
            [
                Words.Of<SecurityCenterTexts>("GroupContact"),
                Words.Of<SecurityCenterTexts>("GroupSignIn"),
                Words.Of<SecurityCenterTexts>("GroupApps"),
            ],
            groups.Take(3)
        );
    }

    [Fact]
    public void What_can_go_has_a_link_that_ticks_it_and_is_named()
    {
        var card = Card(BindingKind.WeChat) with { Masked = "\u6797**" };

        var link = ById(Open(Overview(card)), $"unbind-{card.Id}");

        Assert.Equal($"/unbind?b={card.Id}", link.GetAttribute("href"));
        Assert.Contains(Words.Of<BindingTexts>("WeChat"), link.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("\u6797**", link.GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_go_says_why_and_what_to_do_instead(string language, UnbindRefusal refusal, bool hasPassword)
    {
        Speak(language);
        var card = Card(BindingKind.Phone) with { Refusals = [refusal] };

        var page = Open(Overview(card) with { HasPassword = hasPassword });

        Assert.Contains(Words.Of<SharedTexts>($"Refused{refusal}"), Said(ById(page, "refusals")), StringComparison.Ordinal);
        Assert.Null(Maybe(page, $"unbind-{card.Id}"));
        var canSetPassword = !hasPassword && refusal is UnbindRefusal.LastWayIn or UnbindRefusal.NoStrongProof && !hasPassword;
        Assert.Equal(canSetPassword ? "/security/password" : null, Maybe(page, "set-password")?.GetAttribute("href"));
    }

    [Fact]
    public void What_waits_to_go_says_so_and_leads_to_its_request()
    {
        var request = Guid.NewGuid();
        var card = Card(BindingKind.Email) with { WaitsIn = request, Refusals = [UnbindRefusal.AlreadyWaiting] };

        var page = Open(Overview(card));

        Assert.Contains(Words.Of<SecurityCenterTexts>("ChipWaiting"), Said(ById(page, "binding-row")), StringComparison.Ordinal);
        Assert.Equal($"/unbind/{request}/done", ById(page, $"waiting-{card.Id}").GetAttribute("href"));
        Assert.Null(Maybe(page, "refusals"));
    }

    [Fact]
    public void A_platform_that_is_off_is_marked_and_good_for_nothing()
    {
        var row = RowOf(Card(BindingKind.QQ) with { PlatformOff = true, Capabilities = Capabilities.None });

        Assert.Contains(Words.Of<SecurityCenterTexts>("ChipPlatformOff"), row, StringComparison.Ordinal);
        Assert.Contains(Words.Of<SecurityCenterTexts>("GoodForNothing"), row, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_never_proved_or_used_says_so()
    {
        var row = RowOf(Card(BindingKind.Email) with { ProvedAt = null, LastUsedAt = null });

        Assert.Contains(Words.Of<SecurityCenterTexts>("ChipUnverified"), row, StringComparison.Ordinal);
        Assert.Contains(Words.Of<SecurityCenterTexts>("NeverProved"), row, StringComparison.Ordinal);
        Assert.Contains(Words.Of<SecurityCenterTexts>("NeverUsed"), row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BindingKind.Phone, 366, true)]
    [InlineData(BindingKind.Email, 366, true)]
    [InlineData(BindingKind.Phone, 364, false)]
    [InlineData(BindingKind.WeChat, 3660, false)]
    public void A_contact_proved_long_ago_is_marked(BindingKind kind, int days, bool marked)
    {
        var row = RowOf(Card(kind) with { ProvedAt = Now.AddDays(-days) });

        Assert.Equal(marked, row.Contains(Words.Of<SecurityCenterTexts>("ChipStale"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void What_it_is_good_for_is_told(string language)
    {
        Speak(language);

        var row = RowOf(Card(BindingKind.Phone) with { Capabilities = Capabilities.SignIn | Capabilities.Notice });

        var both =
            $"{Words.Of<SharedTexts>("CapabilitySignIn")}{Words.Of<SharedTexts>("ListSeparator")}{Words.Of<SharedTexts>("CapabilityNotice")}";
        Assert.Contains(Words.Of<SecurityCenterTexts>("GoodFor", both), row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "PasswordSet", false)]
    [InlineData(false, "PasswordNotSet", true)]
    public void The_password_is_shown_and_can_be_set_when_there_is_none(bool set, string key, bool offered)
    {
        var page = Open(Overview(Card(BindingKind.Phone)) with { HasPassword = set });

        Assert.Contains(Words.Of<SecurityCenterTexts>(key), Said(page), StringComparison.Ordinal);
        Assert.Equal(offered, page.FindAll("a[href='/security/password']").Count > 0);
    }

    private string RowOf(BindingCard card) => Said(ById(Open(Overview(card)), "binding-row"));

    private IRenderedComponent<SecurityCenterPage> Open(SecurityOverview overview)
    {
        bindings.Answer = () => Task.FromResult<SecurityOverview?>(overview);
        return Render<SecurityCenterPage>();
    }

    private SecurityOverview Overview(params BindingCard[] cards) => new("lin", true, 3, 2, 1, cards, Now);

    private BindingCard Card(BindingKind kind) =>
        new(
            Guid.NewGuid(),
            kind,
            "137 **** 0001",
            null,
            [],
            Now.AddYears(-2),
            Now.AddDays(-10),
            Now.AddDays(-1),
            BindingCatalogue.For(kind).Capabilities,
            false,
            [],
            null
        );

    private sealed class FakeBindings : IBindingService
    {
        public Func<Task<SecurityOverview?>> Answer { get; set; } = () => Task.FromResult<SecurityOverview?>(null);

        public List<Actor> Asked { get; } = [];

        public Task<SecurityOverview?> ListAsync(Actor actor, CancellationToken cancel = default)
        {
            Asked.Add(actor);
            return Answer();
        }
    }
}
