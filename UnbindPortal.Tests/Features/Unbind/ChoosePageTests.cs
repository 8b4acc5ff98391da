using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;

namespace UnbindPortal.Features.Unbind;

public sealed class ChoosePageTests : PageContext
{
    private readonly FakeUnbinding unbinding = new();
    private readonly Choice phone = ChoiceOf(BindingKind.Phone, "137 **** 0001");
    private readonly Choice wechat = ChoiceOf(BindingKind.WeChat, "\u6797**");

    public ChoosePageTests()
    {
        Services.AddSingleton<IUnbindService>(unbinding);
        unbinding.Choices = () => View(phone, wechat);
    }

    public static TheoryData<string> Languages => [.. Words.Languages];

    public static TheoryData<string, UnbindRefusal> Refusals
    {
        get
        {
            var cases = new TheoryData<string, UnbindRefusal>();
            foreach (var language in Words.Languages)
            {
                foreach (var refusal in Enum.GetValues<UnbindRefusal>())
                {
                    cases.Add(language, refusal);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void Nothing_is_ticked_at_first_and_there_is_no_next()
    {
        var page = Open();

        Assert.False(IsTicked(page, phone));
        Assert.True(ById(page, "next").HasAttribute("disabled"));
        Assert.Equal(Words.Of<UnbindTexts>("RemainCountNow", 1, 0), Said(page.Find(".bar-summary")));
        Assert.Equal("/security", ById(page, "cancel").GetAttribute("href"));
    }

    [Fact]
    public void What_the_address_names_is_ticked_and_what_it_makes_up_is_ignored()
    {
        var waiting = ChoiceOf(BindingKind.QQ, "q**") with { Refusals = [UnbindRefusal.AlreadyWaiting], WaitsIn = Guid.NewGuid() };
        unbinding.Choices = () => View(phone, wechat, waiting);

        var page = Open($"?b={wechat.Binding.Id}&b={Guid.NewGuid()}&b={waiting.Binding.Id}");

        Assert.Equal((false, true, false), (IsTicked(page, phone), IsTicked(page, wechat), IsTicked(page, waiting)));
        Assert.False(ById(page, "next").HasAttribute("disabled"));
        Assert.Equal(Words.Of<UnbindTexts>("Next", 1), Said(ById(page, "next")));
    }

    [Fact]
    public async Task Ticking_and_unticking_changes_what_would_stay_the_count_and_the_address()
    {
        unbinding.Previews = chosen =>
            chosen.Count == 0
                ? new([new(null, null), new(BindingKind.Phone, "137 **** 0001")], [phone.Binding], [phone.Binding], [], [])
                : new([new(null, null)], [], [], [new(BindingKind.Phone, "137 **** 0001")], []);
        var page = Open();

        await Box(page, phone).ChangeAsync(true);

        Assert.Equal(Words.Of<UnbindTexts>("RemainCount", 1, 0), Said(page.Find(".bar-summary")));
        Assert.Equal(Words.Of<BindingTexts>("PhoneWayIn"), Said(ById(page, "remains").QuerySelector("del")!));
        Assert.Equal(Words.Of<UnbindTexts>("Next", 1), Said(ById(page, "next")));
        Assert.Equal($"/unbind?b={phone.Binding.Id}", ReplacedWith());

        await Box(page, phone).ChangeAsync(false);

        Assert.Equal(Words.Of<UnbindTexts>("RemainCountNow", 2, 1), Said(page.Find(".bar-summary")));
        Assert.Null(ById(page, "remains").QuerySelector("del"));
        Assert.Equal("/unbind", ReplacedWith());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_choice_that_cannot_be_says_why_at_once_and_has_no_next(string language, UnbindRefusal refusal)
    {
        Speak(language);
        unbinding.Previews = chosen => FakeUnbinding.NothingLost with { Refusals = chosen.Count == 0 ? [] : [refusal] };
        var page = Open();

        await Box(page, phone).ChangeAsync(true);

        Assert.Contains(Words.Of<SharedTexts>($"Refused{refusal}"), Said(ById(page, "refused")), StringComparison.Ordinal);
        Assert.Equal(Words.Of<UnbindTexts>("RemainRefused"), Said(page.Find(".bar-summary")));
        Assert.True(ById(page, "next").HasAttribute("disabled"));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_of_the_server_is_told_in_words_and_the_page_goes_on(string language, UnbindRefusal refusal)
    {
        Speak(language);
        unbinding.Start = () => Task.FromResult<StartOutcome>(new StartOutcome.Refused([refusal]));
        var page = Open($"?b={phone.Binding.Id}");

        await ById(page, "next").ClickAsync(new MouseEventArgs());

        Assert.Equal("alert", ById(page, "outcome").GetAttribute("role"));
        Assert.Contains(Words.Of<SharedTexts>($"Refused{refusal}"), Said(ById(page, "outcome")), StringComparison.Ordinal);
        Assert.Null(WentTo);

        await Box(page, wechat).ChangeAsync(true);
        Assert.Null(Maybe(page, "outcome"));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_go_even_alone_cannot_be_ticked_and_says_why(string language, UnbindRefusal refusal)
    {
        Speak(language);
        var stuck = phone with { Refusals = [refusal] };
        unbinding.Choices = () => View(stuck, wechat);

        var page = Open();

        Assert.True(Box(page, stuck).HasAttribute("disabled"));
        Assert.Contains(Words.Of<SharedTexts>($"Refused{refusal}"), Said(ById(page, "refusals")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_to_go_cannot_be_ticked_again()
    {
        var waiting = phone with { Refusals = [UnbindRefusal.AlreadyWaiting], WaitsIn = Guid.NewGuid() };
        unbinding.Choices = () => View(waiting, wechat);

        var page = Open();

        Assert.True(Box(page, waiting).HasAttribute("disabled"));
        Assert.Contains(Words.Of<UnbindTexts>("WaitingRow"), Said(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_starts_with_all_that_is_ticked_and_leads_to_the_proof()
    {
        var request = Guid.NewGuid();
        unbinding.Start = () => Task.FromResult<StartOutcome>(new StartOutcome.Started(request));
        var page = Open($"?b={phone.Binding.Id}");
        await Box(page, wechat).ChangeAsync(true);

        await ById(page, "next").ClickAsync(new MouseEventArgs());

        var started = Assert.Single(unbinding.Started);
        Assert.Equal(new[] { phone.Binding.Id, wechat.Binding.Id }.Order(), started.Order());
        Assert.Equal($"/unbind/{request}/verify", WentTo);
    }

    [Fact]
    public async Task A_double_click_starts_once()
    {
        var starting = new TaskCompletionSource<StartOutcome>();
        unbinding.Start = () => starting.Task;
        var page = Open($"?b={phone.Binding.Id}");

        var first = ById(page, "next").ClickAsync(new MouseEventArgs());
        var second = ById(page, "next").ClickAsync(new MouseEventArgs());
        await page.InvokeAsync(() => starting.SetResult(new StartOutcome.Started(Guid.NewGuid())));
        await Task.WhenAll(first, second);

        Assert.Single(unbinding.Started);
    }

    [Fact]
    public async Task While_starting_the_button_is_busy_and_keeps_the_focus()
    {
        var starting = new TaskCompletionSource<StartOutcome>();
        unbinding.Start = () => starting.Task;
        var page = Open($"?b={phone.Binding.Id}");

        var click = ById(page, "next").ClickAsync(new MouseEventArgs());

        Assert.Equal("true", ById(page, "next").GetAttribute("aria-busy"));
        Assert.False(ById(page, "next").HasAttribute("disabled"));
        await page.InvokeAsync(() => starting.SetResult(new StartOutcome.Refused([UnbindRefusal.NotBound])));
        await click;
        Assert.Null(ById(page, "next").GetAttribute("aria-busy"));
    }

    [Fact]
    public async Task An_ended_session_leads_to_sign_in()
    {
        unbinding.Start = () => Task.FromResult<StartOutcome>(new StartOutcome.SignedOut());
        var page = Open($"?b={phone.Binding.Id}");

        await ById(page, "next").ClickAsync(new MouseEventArgs());

        Assert.Equal("/login", WentTo);
    }

    [Fact]
    public void A_session_that_ended_before_the_page_opened_leads_to_sign_in()
    {
        unbinding.Choices = () => null;

        Open();

        Assert.Equal("/login", WentTo);
    }

    [Theory]
    [InlineData("zh-CN", StorageTrouble.Busy)]
    [InlineData("en", StorageTrouble.Busy)]
    [InlineData("zh-CN", StorageTrouble.Full)]
    [InlineData("zh-CN", StorageTrouble.ReadOnly)]
    [InlineData("zh-CN", StorageTrouble.Missing)]
    [InlineData("zh-CN", StorageTrouble.Damaged)]
    public async Task Storage_trouble_is_told_keeps_the_ticks_and_can_be_tried_again(string language, StorageTrouble trouble)
    {
        Speak(language);
        unbinding.Start = () => Task.FromException<StartOutcome>(Trouble(trouble));
        var page = Open($"?b={phone.Binding.Id}");

        await ById(page, "next").ClickAsync(new MouseEventArgs());

        Assert.Equal(Words.Of<SharedTexts>($"StorageTrouble{trouble}"), Said(ById(page, "trouble")));
        Assert.Equal("assertive", ById(page, "trouble").ParentElement!.GetAttribute("aria-live"));
        Assert.True(IsTicked(page, phone));

        unbinding.Start = () => Task.FromResult<StartOutcome>(new StartOutcome.Started(Guid.NewGuid()));
        await ById(page, "next").ClickAsync(new MouseEventArgs());
        Assert.Null(Maybe(page, "trouble"));
        Assert.NotNull(WentTo);
    }

    [Fact]
    public void A_list_that_cannot_be_read_says_so_and_offers_to_try_again()
    {
        unbinding.Choices = () => throw Trouble(StorageTrouble.Missing);

        var page = Open();

        Assert.Contains(Words.Of<UnbindTexts>("ErrorTitle"), Said(ById(page, "error")), StringComparison.Ordinal);
        Assert.Equal("/unbind", ById(page, "retry").GetAttribute("href"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void With_nothing_bound_it_says_so_and_leads_back(string language)
    {
        Speak(language);
        unbinding.Choices = () => View();

        var page = Open();

        Assert.Contains(Words.Of<UnbindTexts>("EmptyTitle"), Said(ById(page, "empty")), StringComparison.Ordinal);
        Assert.Equal("/security", ById(page, "cancel").GetAttribute("href"));
    }

    [Fact]
    public void Before_the_circuit_is_up_nothing_can_be_ticked_or_sent()
    {
        Interactive = false;

        var page = Open($"?b={phone.Binding.Id}");

        Assert.All(page.FindAll("input[type=checkbox]"), box => Assert.True(box.HasAttribute("disabled")));
        Assert.True(ById(page, "next").HasAttribute("disabled"));
        Assert.True(IsTicked(page, phone));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(0, true)]
    [InlineData(11, false)]
    public void Few_requests_left_are_counted_aloud(int left, bool shown)
    {
        unbinding.Choices = () => View(phone) with { RequestsLeft = left };

        Assert.Equal(shown, Said(Open()).Contains(Words.Of<UnbindTexts>("RequestsLeft", left), StringComparison.Ordinal));
    }

    private IRenderedComponent<ChoosePage> Open(string query = "")
    {
        Navigation.NavigateTo("/unbind" + query);
        Forget();
        return Render<ChoosePage>();
    }

    private string? ReplacedWith() =>
        JSInterop.Invocations.Last(call => call.Identifier == "history.replaceState").Arguments[2]?.ToString();

    private static IElement Box(IRenderedComponent<ChoosePage> page, Choice choice) => ById(page, $"binding-{choice.Binding.Id}");

    private static bool IsTicked(IRenderedComponent<ChoosePage> page, Choice choice) => Box(page, choice).HasAttribute("checked");

    private static ChooseView View(params Choice[] choices) => new(choices, true, 5, 5);

    private static Choice ChoiceOf(BindingKind kind, string masked) =>
        new(new BindingLabel(Guid.NewGuid(), kind, masked, null), BindingCatalogue.For(kind).Capabilities, [], null);
}
