using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Unbind;

public sealed class VerifyPageTests : PageContext
{
    private static readonly Guid PhoneId = Guid.NewGuid();
    private static readonly Guid EmailId = Guid.NewGuid();
    private static readonly Factor Password = new(ProofMethod.Password);
    private static readonly Factor Sms = new(ProofMethod.SmsCode, PhoneId);
    private static readonly Factor Mail = new(ProofMethod.EmailCode, EmailId);
    private readonly FakeUnbinding unbinding = new();
    private readonly Guid request = Guid.NewGuid();

    public VerifyPageTests()
    {
        Services.AddSingleton<IUnbindService>(unbinding);
        Services.AddSingleton<IUnbindProofs>(unbinding);
        unbinding.View = () => View(ChoiceOf(Sms), ChoiceOf(Password));
    }

    public static TheoryData<string> Languages => [.. Words.Languages];

    public static TheoryData<UnbindStage> OtherStages =>
        [.. Enum.GetValues<UnbindStage>().Where(stage => stage is not UnbindStage.Planned)];

    public static TheoryData<string, ReplanReason> Reasons => InBoth(Enum.GetValues<ReplanReason>());

    public static TheoryData<string, ProveOutcome> Outcomes => InBoth(Enum.GetValues<ProveOutcome>());

    public static TheoryData<string, StorageTrouble> Troubles => InBoth(Enum.GetValues<StorageTrouble>());

    /// <summary>Every outcome of sending there is, found by reflection so that a new one needs an answer here.</summary>
    public static TheoryData<string, string> SendOutcomes =>
        InBoth(typeof(SendOutcome).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SendOutcome))).Select(type => type.Name));

    [Theory]
    [MemberData(nameof(OtherStages))]
    public void Another_stage_leads_to_its_own_page(UnbindStage stage)
    {
        unbinding.View = () => View() with { Stage = stage };

        Open();

        Assert.Equal(UnbindSteps.UrlFor(request, stage), WentTo);
    }

    [Fact]
    public void A_request_that_is_none_or_not_theirs_is_no_page()
    {
        unbinding.View = () => null;

        Open();

        Assert.True(SaidNotFound);
        Assert.Equal([(Me, request)], unbinding.Found);
    }

    [Fact]
    public void A_request_that_cannot_be_read_says_so_and_offers_to_try_again()
    {
        unbinding.View = () => throw Trouble(StorageTrouble.Busy);

        var page = Open();

        Assert.Contains(Words.Of<UnbindTexts>("ErrorLead"), Said(ById(page, "error")), StringComparison.Ordinal);
        Assert.Equal($"/unbind/{request}/verify", ById(page, "retry").GetAttribute("href"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void It_tells_what_goes_and_offers_every_proof_with_what_it_brings(string language)
    {
        Speak(language);
        unbinding.View = () =>
            View(ChoiceOf(Sms), ChoiceOf(Password) with { Wait = TimeSpan.FromHours(72) }, ChoiceOf(Mail) with { Partner = Password });

        var page = Open();

        var going = $"{Words.Of<BindingTexts>("WeChat")} \u6797**";
        Assert.Contains(Words.Of<UnbindTexts>("VerifyLead", going), Said(page.Find(".page-header")), StringComparison.Ordinal);
        Assert.Contains(Words.Of<UnbindTexts>("AtOnce"), Said(ById(page, "proof-sms")), StringComparison.Ordinal);
        Assert.Contains("137 **** 0001", Said(ById(page, "proof-sms")), StringComparison.Ordinal);
        Assert.Contains(
            Words.Of<UnbindTexts>("AfterWait", Words.Of<SharedTexts>("InHours", 72)),
            Said(ById(page, "proof-password")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            Words.Of<UnbindTexts>("WithPartner", Words.Of<UnbindTexts>("ProofPassword")),
            Said(ById(page, "proof-email")),
            StringComparison.Ordinal
        );
        Assert.Contains(Words.Of<UnbindTexts>("EmailWeak"), Said(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_picks_among_their_proofs()
    {
        var page = Open();
        Assert.Equal(("true", "false"), (Pressed(page, "proof-sms"), Pressed(page, "proof-password")));

        await ById(page, "proof-password").ClickAsync(new MouseEventArgs());

        Assert.Equal(("false", "true"), (Pressed(page, "proof-sms"), Pressed(page, "proof-password")));
        Assert.Equal("password", ById(page, "password").GetAttribute("type"));
        Assert.Null(Maybe(page, "send-code"));
    }

    [Theory]
    [MemberData(nameof(SendOutcomes))]
    public async Task Every_outcome_of_sending_is_shown(string language, string outcome)
    {
        Speak(language);
        unbinding.Send = () => NewSendOutcome(outcome);
        var page = Open();
        if (outcome is nameof(SendOutcome.Sent))
        {
            unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(60) }, ChoiceOf(Password));
        }
        else if (outcome is nameof(SendOutcome.SignedOut))
        {
            unbinding.View = () => null;
        }

        await ById(page, "send-code").ClickAsync(new MouseEventArgs());

        Assert.Equal([PhoneId], unbinding.SentThrough);
        switch (outcome)
        {
            case nameof(SendOutcome.Sent):
                Assert.Contains(Words.Of<UnbindTexts>("CodeSentTo", "137 **** 0001"), Said(page), StringComparison.Ordinal);
                Assert.NotNull(Maybe(page, "code"));
                Assert.Null(Maybe(page, "outcome"));
                break;
            case nameof(SendOutcome.SignedOut):
                Assert.Equal(("/login", false), (WentTo, SaidNotFound));
                break;
            default:
                Assert.Equal(WordsFor(outcome), Said(ById(page, "outcome")));
                Assert.Equal("assertive", ById(page, "outcome").ParentElement!.GetAttribute("aria-live"));
                Assert.Null(WentTo);
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Every_outcome_of_proving_is_shown(string language, ProveOutcome outcome)
    {
        Speak(language);
        unbinding.View = () => View(ChoiceOf(Password));
        unbinding.Prove = () => Task.FromResult(outcome);
        var page = Open();
        unbinding.View = () => After(outcome);

        await AnswerAsync(page, "password", "my password");

        var key = outcome switch
        {
            ProveOutcome.Verified or ProveOutcome.OneMore or ProveOutcome.SignedOut => null,
            ProveOutcome.Wrong => "ProblemWrong",
            ProveOutcome.NoCode => "ProblemNoCode",
            ProveOutcome.NoTriesLeft => "ProblemNoTriesLeft",
            ProveOutcome.MustWait => "ProblemMustWait",
            ProveOutcome.PlanChanged => "ProblemPlanChanged",
            ProveOutcome.NotSuitable => "ProblemNotSuitable",
            ProveOutcome.Over or ProveOutcome.NotFound => "ProblemOver",
        };
        var leads = outcome switch
        {
            ProveOutcome.Verified => $"/unbind/{request}/confirm",
            ProveOutcome.Over => $"/unbind/{request}/done",
            ProveOutcome.SignedOut => "/login",
            _ => null,
        };
        Assert.Equal(key is null ? null : Words.Of<UnbindTexts>(key, 4), Maybe(page, "outcome") is { } shown ? Said(shown) : null);
        Assert.Equal(leads, WentTo);
        Assert.Equal(outcome is ProveOutcome.NotFound, SaidNotFound);
        Assert.Equal(outcome is ProveOutcome.OneMore, Maybe(page, "one-more") is not null);
    }

    [Fact]
    public async Task A_password_is_handed_over_as_typed_and_forgotten()
    {
        unbinding.View = () => View(ChoiceOf(Password));
        unbinding.Prove = () => Task.FromResult(ProveOutcome.Wrong);
        var page = Open();

        await AnswerAsync(page, "password", " copper window ");

        var (factor, answer) = Assert.Single(unbinding.Proved);
        Assert.Equal(Password, factor);
        Assert.Equal(" copper window ", Assert.IsType<ProofAnswer.Password>(answer).Typed.Reveal());
        Assert.DoesNotContain("copper", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("482913")]
    [InlineData("482 913")]
    [InlineData("\uff14\uff18\uff12\uff19\uff11\uff13")]
    public async Task A_code_is_handed_over_as_its_digits(string typed)
    {
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(60) });
        unbinding.Prove = () => Task.FromResult(ProveOutcome.Wrong);
        var page = Open();

        await AnswerAsync(page, "code", typed);

        var (factor, answer) = Assert.Single(unbinding.Proved);
        Assert.Equal(Sms, factor);
        Assert.Equal("482913", Assert.IsType<ProofAnswer.Code>(answer).Typed.Reveal());
    }

    [Theory]
    [InlineData("zh-CN", "")]
    [InlineData("en", "48291")]
    [InlineData("zh-CN", "abcdef")]
    public async Task A_code_that_is_not_all_there_costs_no_try(string language, string typed)
    {
        Speak(language);
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(60) });
        var page = Open();

        await AnswerAsync(page, "code", typed);

        Assert.Empty(unbinding.Proved);
        Assert.Equal(Words.Of<UnbindTexts>("ProblemIncomplete", 6), Said(ById(page, "outcome")));
    }

    [Fact]
    public async Task An_empty_password_costs_no_try()
    {
        unbinding.View = () => View(ChoiceOf(Password));
        var page = Open();

        await page.Find("form").SubmitAsync();

        Assert.Empty(unbinding.Proved);
        Assert.Equal(Words.Of<UnbindTexts>("ProblemNoPassword"), Said(ById(page, "outcome")));
    }

    [Fact]
    public void An_e_mail_code_has_eight_digits_and_an_SMS_code_six()
    {
        unbinding.View = () => View(ChoiceOf(Mail) with { Code = CodeFor(60) });
        Assert.Equal("8", ById(Open(), "code").GetAttribute("maxlength"));

        unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(60) });
        var code = ById(Open(), "code");
        Assert.Equal(
            ("6", "numeric", "one-time-code"),
            (code.GetAttribute("maxlength"), code.GetAttribute("inputmode"), code.GetAttribute("autocomplete"))
        );
    }

    [Fact]
    public async Task The_first_half_of_a_pair_leads_on_to_the_second()
    {
        var halves = new[]
        {
            ChoiceOf(Mail) with
            {
                Partner = Password,
                Code = CodeFor(60),
            },
            ChoiceOf(Password) with
            {
                Partner = Mail,
            },
            ChoiceOf(Sms),
        };
        unbinding.View = () => View(halves);
        unbinding.Prove = () => Task.FromResult(ProveOutcome.OneMore);
        var page = Open();
        await ById(page, "proof-email").ClickAsync(new MouseEventArgs());
        unbinding.View = () => View(halves[0] with { Given = true, Code = null }, halves[1] with { Partner = null }, halves[2]);

        await AnswerAsync(page, "code", "12345678");

        Assert.Contains(
            Words.Of<UnbindTexts>("OneMore", Words.Of<UnbindTexts>("ProofEmailCode")),
            Said(ById(page, "one-more")),
            StringComparison.Ordinal
        );
        Assert.Equal("status", ById(page, "one-more").GetAttribute("role"));
        Assert.True(ById(page, "proof-email").HasAttribute("disabled"));
        Assert.Equal("true", Pressed(page, ById(page, "password") is not null ? "proof-password" : ""));
    }

    [Fact]
    public void The_time_until_a_code_may_be_sent_again_counts_down()
    {
        var code = CodeFor(60);
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = code });
        var page = Open();
        Assert.Contains(Words.Of<UnbindTexts>("ResendIn", Words.Of<SharedTexts>("InSeconds", 60)), Said(page), StringComparison.Ordinal);
        Assert.Null(Maybe(page, "send-code"));

        Clock.Advance(TimeSpan.FromSeconds(59));
        page.WaitForAssertion(() =>
            Assert.Contains(Words.Of<UnbindTexts>("ResendIn", Words.Of<SharedTexts>("InSeconds", 1)), Said(page), StringComparison.Ordinal)
        );

        Clock.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Equal(Words.Of<UnbindTexts>("SendAgain"), Said(ById(page, "send-code"))));
    }

    [Fact]
    public void With_no_code_on_its_way_the_clock_draws_nothing_anew()
    {
        var page = Open();
        var drawn = page.RenderCount;

        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(drawn, page.RenderCount);
    }

    [Theory]
    [InlineData(3, 5, 3)]
    [InlineData(5, 2, 2)]
    public void The_tries_left_are_the_fewer_of_the_code_and_the_walk(int ofCode, int ofWalk, int shown)
    {
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(60) with { TriesLeft = ofCode } }) with { TriesLeft = ofWalk };

        var facts = Words.Of<UnbindTexts>("CodeFacts", Words.Of<SharedTexts>("InMinutes", 5), shown);
        Assert.Contains(facts, Said(Open()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Why_it_came_back_is_told(string language, ReplanReason reason)
    {
        Speak(language);
        unbinding.View = () => View(ChoiceOf(Sms)) with { Replanned = reason };

        Assert.Equal(Words.Of<UnbindTexts>($"Replanned{reason}"), Said(ById(Open(), "replanned")));
    }

    [Fact]
    public async Task Cancel_cancels_and_leads_back()
    {
        var page = Open();

        await ById(page, "cancel").ClickAsync(new MouseEventArgs());

        Assert.Equal([request], unbinding.Cancelled);
        Assert.Equal("/security", WentTo);
    }

    [Fact]
    public async Task Cancelling_what_is_no_longer_there_leads_back_too()
    {
        unbinding.Cancel = () => false;
        var page = Open();

        await ById(page, "cancel").ClickAsync(new MouseEventArgs());

        Assert.Equal("/security", WentTo);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task Storage_trouble_is_told_keeps_what_was_typed_and_can_be_tried_again(string language, StorageTrouble trouble)
    {
        Speak(language);
        unbinding.View = () => View(ChoiceOf(Password));
        unbinding.Prove = () => Task.FromException<ProveOutcome>(Trouble(trouble));
        var page = Open();

        await AnswerAsync(page, "password", "my password");

        Assert.Equal(Words.Of<SharedTexts>($"StorageTrouble{trouble}"), Said(ById(page, "trouble")));
        unbinding.Prove = () => Task.FromResult(ProveOutcome.Wrong);
        await page.Find("form").SubmitAsync();
        Assert.Equal(2, unbinding.Proved.Count);
        Assert.Equal("my password", Assert.IsType<ProofAnswer.Password>(unbinding.Proved[1].Answer).Typed.Reveal());
        Assert.Null(Maybe(page, "trouble"));
    }

    [Fact]
    public async Task Storage_trouble_while_sending_or_cancelling_is_told_and_nothing_moves()
    {
        unbinding.Send = () => throw Trouble(StorageTrouble.Full);
        unbinding.Cancel = () => throw Trouble(StorageTrouble.Full);
        var page = Open();

        foreach (var act in new[] { "send-code", "cancel" })
        {
            await ById(page, act).ClickAsync(new MouseEventArgs());
            Assert.Equal(Words.Of<SharedTexts>("StorageTroubleFull"), Said(ById(page, "trouble")));
        }

        Assert.Null(WentTo);
    }

    [Fact]
    public async Task A_double_submit_answers_once()
    {
        var proving = new TaskCompletionSource<ProveOutcome>();
        unbinding.View = () => View(ChoiceOf(Password));
        unbinding.Prove = () => proving.Task;
        var page = Open();
        await ById(page, "password").ChangeAsync("my password");

        var first = page.Find("form").SubmitAsync();
        var second = page.Find("form").SubmitAsync();
        await page.InvokeAsync(() => proving.SetResult(ProveOutcome.Wrong));
        await Task.WhenAll(first, second);

        Assert.Single(unbinding.Proved);
    }

    [Fact]
    public void Before_the_circuit_is_up_nothing_can_be_typed_or_sent()
    {
        Interactive = false;
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = CodeFor(0) }, ChoiceOf(Password));

        var page = Open();

        Assert.All(
            new[] { "code", "send-code", "submit-proof", "cancel", "proof-sms", "proof-password" },
            control => Assert.True(ById(page, control).HasAttribute("disabled"), control)
        );
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void It_says_how_to_tell_a_genuine_message(string language)
    {
        Speak(language);

        var going = $"{Words.Of<BindingTexts>("WeChat")} \u6797**";
        Assert.Contains(Words.Of<UnbindTexts>("Genuine", going), Said(Open()), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaving_the_page_stops_its_clock()
    {
        var code = CodeFor(60);
        unbinding.View = () => View(ChoiceOf(Sms) with { Code = code });
        var page = Open();
        var drawn = page.RenderCount;

        page.Instance.Dispose();
        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(drawn, page.RenderCount);
    }

    private static TheoryData<string, T> InBoth<T>(IEnumerable<T> values)
    {
        var all = values.ToList();
        var cases = new TheoryData<string, T>();
        foreach (var language in Words.Languages)
        {
            all.ForEach(value => cases.Add(language, value));
        }

        return cases;
    }

    private IRenderedComponent<VerifyPage> Open() => Render<VerifyPage>(page => page.Add(p => p.RequestId, request));

    private static async Task AnswerAsync(IRenderedComponent<VerifyPage> page, string field, string answer)
    {
        await ById(page, field).ChangeAsync(answer);
        await page.Find("form").SubmitAsync();
    }

    private static string? Pressed(IRenderedComponent<VerifyPage> page, string testId) => ById(page, testId).GetAttribute("aria-pressed");

    private UnbindView? After(ProveOutcome outcome) =>
        outcome switch
        {
            ProveOutcome.NotFound or ProveOutcome.SignedOut => null,
            ProveOutcome.Verified => View() with { Stage = UnbindStage.Verified },
            ProveOutcome.Over => View() with { Stage = UnbindStage.Cancelled },
            ProveOutcome.OneMore => View(ChoiceOf(Password) with { Given = true }, ChoiceOf(Sms)),
            _ => View(ChoiceOf(Password)) with { TriesLeft = 4 },
        };

    private SendOutcome NewSendOutcome(string name) =>
        name switch
        {
            nameof(SendOutcome.Sent) => new SendOutcome.Sent(Now.AddMinutes(5), Now.AddSeconds(60), 5),
            nameof(SendOutcome.TooSoon) => new SendOutcome.TooSoon(Now.AddSeconds(42)),
            nameof(SendOutcome.Limited) => new SendOutcome.Limited(Now.AddHours(1)),
            nameof(SendOutcome.NoTriesLeft) => new SendOutcome.NoTriesLeft(),
            nameof(SendOutcome.NotAvailable) => new SendOutcome.NotAvailable(),
            nameof(SendOutcome.SignedOut) => new SendOutcome.SignedOut(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The page has no test for this outcome."),
        };

    private static string WordsFor(string sendOutcome) =>
        sendOutcome is nameof(SendOutcome.TooSoon)
            ? Words.Of<UnbindTexts>("ProblemTooSoon", Words.Of<SharedTexts>("InSeconds", 42))
            : Words.Of<UnbindTexts>($"Problem{sendOutcome}");

    private CodeOnItsWay CodeFor(int resendInSeconds) => new(Now.AddMinutes(5), Now.AddSeconds(resendInSeconds), 5);

    private static ProofChoice ChoiceOf(Factor factor) =>
        new(
            factor,
            factor.Method switch
            {
                ProofMethod.SmsCode => "137 **** 0001",
                ProofMethod.EmailCode => "l***@example.cn",
                _ => null,
            },
            false,
            TimeSpan.Zero,
            null,
            null
        );

    private UnbindView View(params ProofChoice[] proofs) =>
        new()
        {
            Id = request,
            Stage = UnbindStage.Planned,
            Going = [new BindingLabel(Guid.NewGuid(), BindingKind.WeChat, "\u6797**", null)],
            ExpiresAt = Now.AddMinutes(10),
            Proofs = proofs,
            TriesLeft = 5,
        };
}
