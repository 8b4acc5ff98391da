namespace UnbindPortal.Domain;

/// <summary>What the plan hash covers: everything that is promised and nothing else.</summary>
public sealed class UnbindPlanTests
{
    private static readonly HashSet<BindingKind> WithoutQQ = [BindingKind.WeChat, BindingKind.Alipay];

    private readonly Binding _phone = Given.Binding(BindingKind.Phone);
    private readonly Binding _mail = Given.Binding(BindingKind.Email);
    private readonly Binding _weChat = Given.Binding(BindingKind.WeChat);
    private readonly Binding _qq = Given.Binding(BindingKind.QQ);
    private readonly Binding _app = Given.Binding(BindingKind.App);
    private readonly AccountState _state;

    public UnbindPlanTests() => _state = Given.State(_phone, _mail, _weChat, _qq, _app).WithPassword();

    /// <summary>Whoever changes the canonical form voids every open plan and must raise its version: this test is where they notice.</summary>
    [Fact]
    public void The_canonical_form_is_pinned() =>
        Assert.Equal("cbdb17315890d8c2260e51a2a815d35b1caa19977ac8bef612ff1d029bde4e9e", Hash(_state, _phone, _weChat));

    [Fact]
    public void Each_promised_thing_changes_the_hash()
    {
        var second = Given.Binding(BindingKind.Phone, 2);
        var passkey = Given.Binding(BindingKind.Passkey);
        var authenticator = Given.Binding(BindingKind.Authenticator);
        var otherTable = Given.Policy(BindingKind.Device, "password");
        string[] hashes =
        [
            Hash(_state, _phone),
            Hash(_state, _weChat),
            Hash(_state, _phone, _weChat),
            Hash(_state with { AccountId = Given.Id(7) }, _phone),
            Hash(_state with { HasPassword = false }, _phone),
            Hash(_state with { EnabledPlatforms = WithoutQQ }, _phone),
            Hash(_state with { Bindings = [.. _state.Bindings, second] }, _phone),
            Hash(_state with { Bindings = [.. _state.Bindings, passkey] }, _phone),
            Hash(_state with { Bindings = [.. _state.Bindings, authenticator] }, _phone),
            Hash(_state.WithGoing(_qq), _weChat),
            Hash(_state with { Dependencies = [new(Given.AccountId, _app.Id, _phone.Id)] }, _phone),
            Convert.ToHexStringLower(Given.Plan(_state, otherTable, _phone).Hash),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    /// <summary>With nothing else different: a table in other words, and a notice address that is no factor because its method is not offered.</summary>
    [Fact]
    public void The_table_and_the_notice_addresses_count_by_themselves()
    {
        var second = Given.Binding(BindingKind.Email, 2);
        HashSet<ProofMethod> passwordOnly = [ProofMethod.Password];
        var more = _state with { Bindings = [.. _state.Bindings, second] };

        Assert.NotEqual(Made(_state, passwordOnly), Made(more, passwordOnly));
        Assert.NotEqual(Made(_state, passwordOnly), Made(_state, passwordOnly, Given.Policy(BindingKind.App, "any,any")));
    }

    [Fact]
    public void Nothing_else_changes_the_hash()
    {
        var before = Hash(_state, _phone, _weChat);
        foreach (var binding in _state.Bindings)
        {
            binding.Proved(Given.Noon.AddDays(3));
            binding.Used(Given.Noon.AddDays(4));
        }

        Assert.Equal(before, Hash(_state, _phone, _weChat));
        Assert.Equal(before, Hash(_state, _weChat, _phone));
        Assert.Equal(Hash(_state, _app), Hash(_state with { Bindings = [.. _state.Bindings.Reverse()] }, _app));
        Assert.Equal(before, Hash(_state with { Bindings = [.. _state.Bindings.Reverse()] }, _phone, _weChat));
        Assert.Equal(before, Hash(_state with { Bindings = [.. _state.Bindings, Given.Binding(BindingKind.Device)] }, _phone, _weChat));
        Assert.Equal(before, Hash(_state with { Dependencies = [new(Given.AccountId, _app.Id, _mail.Id)] }, _phone, _weChat));
        Assert.Equal(before, Hash(_state with { Bindings = [.. _state.Bindings.Select(Redrawn)] }, _phone, _weChat));
    }

    [Fact]
    public void The_last_way_in_and_the_last_notice_address_stay()
    {
        Assert.Equal([UnbindRefusal.LastWayIn, UnbindRefusal.LastNoticeAddress], Given.Refusals(Given.State(_phone), _phone));
        Assert.Equal([UnbindRefusal.LastWayIn], Given.Refusals(Given.State(_phone, _mail), _phone));
        Assert.Equal([UnbindRefusal.LastNoticeAddress], Given.Refusals(Given.State(_phone).WithPassword(), _phone));
        Assert.Equal([UnbindRefusal.LastNoticeAddress], Given.Refusals(Given.State(_phone, _mail, _weChat), _phone, _mail));
    }

    [Fact]
    public void What_is_unverified_suspended_switched_off_or_waiting_holds_nothing()
    {
        Assert.Equal([UnbindRefusal.LastWayIn], Given.Refusals(Given.State(_phone, _mail, Given.Unproved(BindingKind.WeChat)), _phone));
        Assert.Equal([UnbindRefusal.LastWayIn], Given.Refusals(Given.State(_phone, _mail, Given.Suspended(BindingKind.WeChat)), _phone));
        var off = Given.State(_phone, _mail, _qq) with { EnabledPlatforms = WithoutQQ };
        Assert.Equal([UnbindRefusal.LastWayIn], Given.Refusals(off, _phone));
        Assert.Equal([UnbindRefusal.LastWayIn], Given.Refusals(Given.State(_phone, _mail, _weChat).WithGoing(_weChat), _phone));
        Assert.Equal(
            [UnbindRefusal.LastNoticeAddress],
            Given.Refusals(Given.State(_phone, Given.Suspended(BindingKind.Email), _weChat), _phone)
        );
    }

    [Fact]
    public void What_is_unverified_suspended_switched_off_or_waiting_proves_nothing()
    {
        Binding[] weak =
        [
            Given.Unproved(BindingKind.Phone, 2),
            Given.Suspended(BindingKind.Email, 2),
            Given.Suspended(BindingKind.Passkey, 2),
            Given.Binding(BindingKind.Phone, 3),
            _qq,
        ];
        var state = (_state with { Bindings = [.. _state.Bindings.Union(weak)] }).WithGoing(weak[3]) with { EnabledPlatforms = WithoutQQ };

        Assert.DoesNotContain(Given.Plan(state, _weChat).Factors, factor => Array.Exists(weak, b => b.Id == factor.BindingId));
    }

    [Fact]
    public void What_holds_nothing_goes_even_from_an_account_without_a_way_in()
    {
        var (app, mail) = (Given.Binding(BindingKind.App), Given.Binding(BindingKind.Email));

        Assert.Empty(Given.Refusals(Given.State(app, mail), app));
    }

    [Fact]
    public void An_email_code_takes_off_apps_and_devices_and_nothing_else()
    {
        Binding[] all = [.. Enum.GetValues<BindingKind>().Select(kind => Given.Binding(kind)), Given.Binding(BindingKind.Email, 2)];
        var state = Given.State(all).WithPassword();
        Factor[] mails = [.. all.Where(b => b.Kind is BindingKind.Email).Select(b => Given.By(ProofMethod.EmailCode, b))];
        foreach (var set in Sets(all).Where(set => Given.Refusals(state, set).Count == 0))
        {
            var minor = set.All(b => b.Kind is BindingKind.App or BindingKind.Device);

            Assert.Equal(minor, Given.Plan(state, set).WaitAfter(mails) is not null);
        }
    }

    [Fact]
    public void Without_a_strong_proof_there_is_no_plan()
    {
        var unproved = Given.Unproved(BindingKind.WeChat);

        Assert.Equal([UnbindRefusal.NoStrongProof], Given.Refusals(Given.State(unproved, _mail), unproved));
    }

    [Fact]
    public void Choosing_nothing_something_gone_or_something_waiting_is_refused()
    {
        Assert.Equal([UnbindRefusal.NothingChosen], Given.Refusals(_state));
        Assert.Equal([UnbindRefusal.NotBound], Given.Refusals(_state, _phone, Given.Binding(BindingKind.Phone, 8)));
        Assert.Equal([UnbindRefusal.AlreadyWaiting], Given.Refusals(_state.WithGoing(_weChat), _weChat, _qq));
    }

    [Theory]
    [InlineData(AccountStatus.Inactive)]
    [InlineData(AccountStatus.NeedsRecovery)]
    [InlineData(AccountStatus.Closed)]
    public void Only_an_active_account_unbinds(AccountStatus status) =>
        Assert.Equal([UnbindRefusal.AccountNotActive], Given.Refusals(_state with { Status = status }, _weChat));

    [Fact]
    public void Apps_that_lean_on_it_are_named_unless_they_go_or_wait_to_go_themselves()
    {
        var state = _state with { Dependencies = [new(Given.AccountId, _app.Id, _phone.Id)] };

        Assert.Equal([_app], Given.Plan(state, _phone).Apps);
        Assert.Empty(Given.Plan(state, _weChat).Apps);
        Assert.Empty(Given.Plan(state, _phone, _app).Apps);
        Assert.Empty(Given.Plan(state.WithGoing(_app), _phone).Apps);
    }

    [Fact]
    public void A_request_that_falls_due_is_not_in_its_own_way_but_others_are()
    {
        var waiting = Given.State(_phone, _mail, _weChat).WithGoing(_phone, _weChat);

        Assert.Equal([UnbindRefusal.AlreadyWaiting], waiting.RefusalsFor([_phone.Id]));
        Assert.Equal([UnbindRefusal.LastWayIn], waiting.WithoutWaiting([_phone.Id]).RefusalsFor([_phone.Id]));
        Assert.Empty(waiting.WithPassword().WithoutWaiting([_phone.Id]).RefusalsFor([_phone.Id]));
    }

    [Fact]
    public void Routes_are_the_smallest_that_suffice_quickest_first()
    {
        var routes = Given.Plan(_state, _phone).Routes;

        Assert.Equal([0, 72, 72, 72], routes.Select(route => route.Wait.TotalHours));
        Assert.Equal([Given.By(ProofMethod.SmsCode, _phone)], routes[0].Factors);
        Assert.Equal([1, 1, 1, 2], routes.Select(route => route.Factors.Count));
    }

    [Fact]
    public void Who_proved_more_than_needed_waits_as_for_the_quickest_of_it()
    {
        var plan = Given.Plan(_state, _phone);
        var (own, platform) = (Given.By(ProofMethod.SmsCode, _phone), Given.By(ProofMethod.PlatformSignIn, _weChat));

        Assert.Equal(TimeSpan.FromHours(72), plan.WaitAfter([platform]));
        Assert.Equal(TimeSpan.Zero, plan.WaitAfter([platform, own]));
    }

    private static string Hash(AccountState state, params Binding[] going) => Convert.ToHexStringLower(Given.Plan(state, going).Hash);

    private string Made(AccountState state, IReadOnlySet<ProofMethod> methods, RemovalPolicy? policy = null) =>
        Convert.ToHexStringLower(UnbindPlan.Make(state, [_weChat.Id], policy ?? RemovalPolicy.Default, methods).Plan!.Hash);

    // The same binding with another identity and another display text, bound at another time.
    private static Binding Redrawn(Binding b)
    {
        var copy = new Binding(b.Id, b.AccountId, b.Kind, [99], [98], Given.Noon.AddYears(-1));
        copy.Proved(Given.Noon);
        return copy;
    }

    private static IEnumerable<Binding[]> Sets(Binding[] all) =>
        Enumerable.Range(1, (1 << all.Length) - 1).Select(bits => all.Where((_, i) => (bits & (1 << i)) != 0).ToArray());
}
