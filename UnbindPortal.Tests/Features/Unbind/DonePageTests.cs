using Bunit;
using Microsoft.Extensions.DependencyInjection;
using UnbindPortal.Components.Shared;
using UnbindPortal.Domain;
using UnbindPortal.Support;

namespace UnbindPortal.Features.Unbind;

public sealed class DonePageTests : PageContext
{
    private static readonly UnbindStage[] Open = [UnbindStage.Planned, UnbindStage.Verified];
    private readonly FakeUnbinding unbinding = new();
    private readonly Guid request = Guid.NewGuid();
    private readonly BindingLabel wechat = new(Guid.NewGuid(), BindingKind.WeChat, "\u6797**", null);
    private readonly BindingLabel phone = new(Guid.NewGuid(), BindingKind.Phone, "137 **** 0001", null);

    public DonePageTests()
    {
        Services.AddSingleton<IUnbindService>(unbinding);
        Interactive = false;
    }

    public static TheoryData<UnbindStage> OpenStages => [.. Open];

    public static TheoryData<string, UnbindStage> Ends
    {
        get
        {
            var cases = new TheoryData<string, UnbindStage>();
            foreach (var language in Words.Languages)
            {
                foreach (var stage in Enum.GetValues<UnbindStage>().Except(Open))
                {
                    cases.Add(language, stage);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string, CancelReason> Reasons
    {
        get
        {
            var cases = new TheoryData<string, CancelReason>();
            foreach (var language in Words.Languages)
            {
                foreach (var reason in Enum.GetValues<CancelReason>())
                {
                    cases.Add(language, reason);
                }
            }

            return cases;
        }
    }

    private string Both =>
        $"{Words.Of<BindingTexts>("WeChat")} \u6797**{Words.Of<SharedTexts>("ListSeparator")}{Words.Of<BindingTexts>("Phone")} 137 **** 0001";

    [Theory]
    [MemberData(nameof(OpenStages))]
    public void A_walk_that_goes_on_leads_to_its_own_page(UnbindStage stage)
    {
        OpenAt(stage);

        Assert.Equal(UnbindSteps.UrlFor(request, stage), WentTo);
    }

    [Fact]
    public void A_request_that_is_none_or_not_theirs_is_no_page()
    {
        unbinding.View = () => null;

        var page = Render<DonePage>(p => p.Add(d => d.RequestId, request));

        Assert.True(SaidNotFound);
        Assert.Null(Maybe(page, "outcome"));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Every_end_has_its_heading_and_words_and_a_way_on(string language, UnbindStage stage)
    {
        Speak(language);

        var page = OpenAt(stage);

        var outcome = ById(page, "outcome");
        var due = Services.GetRequiredService<When>().Moment(Now.AddHours(72));
        var lead = stage switch
        {
            UnbindStage.Done => Words.Of<UnbindTexts>("DoneDoneLead", Both),
            UnbindStage.Waiting => Words.Of<UnbindTexts>("DoneWaitingLead", Both, due),
            UnbindStage.Cancelled => Words.Of<UnbindTexts>("DoneCancelledByOwner"),
            UnbindStage.Expired => Words.Of<UnbindTexts>("DoneExpiredLead"),
            UnbindStage.Lapsed => Words.Of<UnbindTexts>("DoneLapsedLead"),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "The page has no test for this stage."),
        };
        Assert.Equal($"{stage}", outcome.GetAttribute("data-stage"));
        Assert.Equal(Words.Of<UnbindTexts>($"Done{stage}Title"), outcome.QuerySelector("h1")!.TextContent);
        Assert.Contains(lead, outcome.TextContent, StringComparison.Ordinal);
        Assert.Equal("/security", ById(page, "back").GetAttribute("href"));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_of_a_cancel_is_told(string language, CancelReason reason)
    {
        Speak(language);

        var page = OpenAt(UnbindStage.Cancelled, reason);

        Assert.Contains(Words.Of<UnbindTexts>($"DoneCancelled{reason}"), Said(ById(page, "outcome")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnbindStage.Cancelled)]
    [InlineData(UnbindStage.Expired)]
    [InlineData(UnbindStage.Lapsed)]
    public void Where_nothing_changed_the_same_set_can_be_chosen_again(UnbindStage stage)
    {
        var page = OpenAt(stage);

        Assert.Equal($"/unbind?b={wechat.Id}&b={phone.Id}", ById(page, "start-again").GetAttribute("href"));
        Assert.DoesNotContain(Words.Of<UnbindTexts>("NotYou"), Said(page), StringComparison.Ordinal);
        Assert.Null(Maybe(page, "cancel"));
    }

    [Fact]
    public void What_waits_can_be_cancelled_by_a_plain_form()
    {
        var page = OpenAt(UnbindStage.Waiting);

        var form = ById(page, "cancel").Closest("form")!;
        Assert.Equal(("post", $"/unbind/{request}/cancel"), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Equal("a-token", form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value"));
        Assert.Contains(Words.Of<UnbindTexts>("NotYou"), Said(page), StringComparison.Ordinal);
        Assert.Null(Maybe(page, "start-again"));
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public void What_is_done_tells_when_who_was_told_and_what_the_platform_keeps(string language)
    {
        Speak(language);

        var page = OpenAt(UnbindStage.Done);

        var said = Said(page);
        var at = Services.GetRequiredService<When>().Moment(Now);
        Assert.Contains(Words.Of<UnbindTexts>("DoneAt", at), said, StringComparison.Ordinal);
        Assert.Contains(Words.Of<UnbindTexts>("DoneNotices"), said, StringComparison.Ordinal);
        Assert.Contains(Words.Of<UnbindTexts>("NotYou"), said, StringComparison.Ordinal);
        Assert.Contains(Words.Of<UnbindTexts>("Platforms", Words.Of<BindingTexts>("WeChat")), said, StringComparison.Ordinal);
        Assert.Null(Maybe(page, "cancel"));
    }

    private IRenderedComponent<DonePage> OpenAt(UnbindStage stage, CancelReason reason = CancelReason.ByOwner)
    {
        unbinding.View = () =>
            new UnbindView
            {
                Id = request,
                Stage = stage,
                Going = [wechat, phone],
                ExpiresAt = Now,
                DueAt = stage is UnbindStage.Waiting ? Now.AddHours(72) : null,
                FinishedAt = stage is UnbindStage.Waiting ? null : Now,
                Cancelled = stage is UnbindStage.Cancelled ? reason : null,
            };
        return Render<DonePage>(page => page.Add(p => p.RequestId, request));
    }
}
