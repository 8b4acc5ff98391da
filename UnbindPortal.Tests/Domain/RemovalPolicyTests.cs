namespace UnbindPortal.Domain;

/// <summary>Which proof removes what, and how long it then waits: the design's table, every single proof and every pair.</summary>
public sealed class RemovalPolicyTests
{
    private const string AllOthers = "phone=0 mail=0 passkey=0 platform=0 password=0 totp=0 rescue=0";
    private const string PlatformAlone = "own=0 passkey=0 phone=0 password=0";

    [Theory]
    [InlineData(BindingKind.Phone, "own=0 passkey=0 platform=72", "password+phone=72 password+mail=72 password+totp=72 mail+rescue=72")]
    [InlineData(BindingKind.Email, "passkey=0 phone=0 platform=72", "own+password=0 own+rescue=0 mail+rescue=72 password+totp=72")]
    [InlineData(BindingKind.WeChat, PlatformAlone, "mail+rescue=0")]
    [InlineData(BindingKind.QQ, PlatformAlone, "mail+rescue=0")]
    [InlineData(BindingKind.Alipay, PlatformAlone, "mail+rescue=0")]
    [InlineData(BindingKind.Passkey, "own=0 passkey=0", "phone+password=0 mail+rescue=0")]
    [InlineData(BindingKind.Authenticator, "own=0 passkey=0", "phone+password=0 mail+rescue=0")]
    [InlineData(BindingKind.App, AllOthers, "")]
    [InlineData(BindingKind.Device, AllOthers, "")]
    public void The_table_says_what_suffices_and_how_long_it_waits(BindingKind kind, string alone, string pairs)
    {
        var goes = Given.Binding(kind);
        var single = Read(alone);
        var both = Read(pairs);
        var names = kind is BindingKind.App or BindingKind.Device ? Others : [.. Others, "own"];
        foreach (var name in names)
        {
            AssertWay(goes, [name], single.TryGetValue(name, out var hours) ? hours : null);
        }

        var met = 0;
        foreach (var (first, second) in names.SelectMany((a, i) => names.Skip(i + 1).Select(b => (a, b))))
        {
            if (single.ContainsKey(first) || single.ContainsKey(second))
            {
                Assert.True(RemovalPolicy.Default.Suffices(goes, Proved(goes, [first, second]), Given.State(goes)));
                continue;
            }

            var pair = both.Keys.SingleOrDefault(way => way.Split('+').ToHashSet().SetEquals([first, second]));
            AssertWay(goes, [first, second], pair is null ? null : both[pair]);
            met += pair is null ? 0 : 1;
        }

        Assert.Equal(both.Count, met);
    }

    [Theory]
    [InlineData(BindingKind.Phone)]
    [InlineData(BindingKind.Email)]
    public void What_is_not_the_last_of_its_kind_does_not_wait(BindingKind kind)
    {
        var goes = Given.Binding(kind);
        var stays = Given.Binding(kind, 2);

        Assert.Equal(0, Hours(goes, Given.State(goes, stays), "platform"));
        Assert.Equal(72, Hours(goes, Given.State(goes, Given.Unproved(kind, 2)), "platform"));
        Assert.Equal(72, Hours(goes, Given.State(goes, Given.Suspended(kind, 2)), "platform"));
        Assert.Equal(72, Hours(goes, Given.State(goes, stays).WithGoing(stays), "platform"));
    }

    [Fact]
    public void Two_phones_going_at_once_are_both_the_last()
    {
        var (first, second) = (Given.Binding(BindingKind.Phone), Given.Binding(BindingKind.Phone, 2));
        var plan = Given.Plan(Given.State(first, second, Given.Binding(BindingKind.Email)).WithPassword(), first, second);

        Assert.Equal(TimeSpan.Zero, plan.WaitAfter([Given.By(ProofMethod.SmsCode, first), Given.By(ProofMethod.SmsCode, second)]));
        Assert.Null(plan.WaitAfter([Given.By(ProofMethod.SmsCode, first)]));
        Assert.Equal(TimeSpan.FromHours(72), plan.WaitAfter([Given.By(ProofMethod.SmsCode, first), Given.By(ProofMethod.Password)]));
    }

    [Fact]
    public void One_nobody_ever_proved_does_not_wait_and_a_suspended_one_does()
    {
        var unproved = Given.Unproved(BindingKind.Phone);
        var suspended = Given.Suspended(BindingKind.Phone);

        Assert.Equal(0, Hours(unproved, Given.State(unproved), "platform"));
        Assert.Equal(72, Hours(suspended, Given.State(suspended), "platform"));
    }

    [Fact]
    public void A_set_waits_for_its_longest_wait_and_needs_what_its_strictest_member_needs()
    {
        var (phone, app, mail) = (Given.Binding(BindingKind.Phone), Given.Binding(BindingKind.App), Given.Binding(BindingKind.Email));
        var plan = Given.Plan(Given.State(phone, app, mail).WithPassword(), phone, app);

        Assert.Null(plan.WaitAfter([Given.By(ProofMethod.EmailCode, mail)]));
        Assert.Null(plan.WaitAfter([Given.By(ProofMethod.Password)]));
        Assert.Equal(TimeSpan.FromHours(72), plan.WaitAfter([Given.By(ProofMethod.Password), Given.By(ProofMethod.EmailCode, mail)]));
        Assert.Equal(TimeSpan.Zero, plan.WaitAfter([Given.By(ProofMethod.SmsCode, phone)]));
    }

    [Fact]
    public void One_code_never_counts_twice_in_a_pair()
    {
        var phone = Given.Binding(BindingKind.Phone);
        var policy = Given.Policy(BindingKind.Phone, "own+any-code");
        var own = Given.By(ProofMethod.SmsCode, phone);

        Assert.False(policy.Suffices(phone, [own], Given.State(phone)));
        Assert.False(policy.Suffices(phone, [own, own], Given.State(phone)));
        Assert.True(policy.Suffices(phone, [own, Given.By(ProofMethod.SmsCode, Given.Binding(BindingKind.Phone, 2))], Given.State(phone)));
    }

    [Fact]
    public void Another_passkey_is_not_the_one_that_goes()
    {
        var (goes, other) = (Given.Binding(BindingKind.Passkey), Given.Binding(BindingKind.Passkey, 2));
        var policy = Given.Policy(BindingKind.Passkey, "passkey");

        Assert.False(policy.Suffices(goes, [Given.By(ProofMethod.Passkey, goes)], Given.State(goes, other)));
        Assert.True(policy.Suffices(goes, [Given.By(ProofMethod.Passkey, other)], Given.State(goes, other)));
    }

    [Theory]
    [InlineData("own,passkey")]
    [InlineData("OWN , Passkey")]
    [InlineData("own,,passkey,")]
    public void A_row_is_read_whatever_its_case_and_blanks(string row)
    {
        var phone = Given.Binding(BindingKind.Phone);
        var policy = Given.Policy(BindingKind.Phone, row);

        Assert.True(policy.Suffices(phone, Proved(phone, ["own"]), Given.State(phone)));
        Assert.True(policy.Suffices(phone, Proved(phone, ["passkey"]), Given.State(phone)));
        Assert.False(policy.Suffices(phone, Proved(phone, ["password", "mail"]), Given.State(phone)));
    }

    [Theory]
    [InlineData(BindingKind.Phone, "")]
    [InlineData(BindingKind.Phone, " , ")]
    [InlineData(BindingKind.Phone, "fax")]
    [InlineData(BindingKind.Phone, "own+")]
    [InlineData(BindingKind.Phone, "1")]
    [InlineData(BindingKind.Phone, "-1")]
    [InlineData(BindingKind.Phone, "-99")]
    [InlineData(BindingKind.Phone, "own passkey")]
    [InlineData(BindingKind.App, "own+password+totp")]
    [InlineData(BindingKind.Phone, "own+password+totp")]
    public void A_row_that_cannot_be_read_is_refused_by_name(BindingKind kind, string row) => AssertRefused(kind, row);

    [Theory]
    [InlineData(BindingKind.Phone, "email-code")]
    [InlineData(BindingKind.Phone, "any-code")]
    [InlineData(BindingKind.Phone, "any")]
    [InlineData(BindingKind.Phone, "email-code+any-code")]
    [InlineData(BindingKind.Phone, "any+any")]
    [InlineData(BindingKind.Email, "own")]
    [InlineData(BindingKind.Email, "own+email-code")]
    [InlineData(BindingKind.WeChat, "password, any")]
    [InlineData(BindingKind.Passkey, "email-code+email-code")]
    [InlineData(BindingKind.Authenticator, "any-code")]
    public void No_row_lets_email_codes_alone_remove_a_way_in_or_a_recovery_method(BindingKind kind, string row) =>
        AssertRefused(kind, row);

    [Fact]
    public void The_version_names_the_table_and_the_wait()
    {
        var same = new RemovalPolicy(new Dictionary<BindingKind, string>(), TimeSpan.FromHours(72));
        var otherWait = new RemovalPolicy(new Dictionary<BindingKind, string>(), TimeSpan.FromHours(71));
        var otherRows = Enum.GetValues<BindingKind>().Select(kind => Given.Policy(kind, "passkey").Version).ToArray();

        Assert.Equal(RemovalPolicy.Default.Version, same.Version);
        Assert.NotEqual(RemovalPolicy.Default.Version, otherWait.Version);
        Assert.Equal(otherRows.Length, otherRows.Append(RemovalPolicy.Default.Version).Distinct().Count() - 1);
    }

    private static readonly string[] Others = ["phone", "mail", "passkey", "platform", "password", "totp", "rescue"];

    private static void AssertRefused(BindingKind kind, string row)
    {
        var refusal = Assert.Throws<FormatException>(() => Given.Policy(kind, row));

        Assert.StartsWith($"Unbind:Policy:{kind}", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertWay(Binding goes, string[] names, int? hours)
    {
        var state = Given.State(goes);
        var proved = Proved(goes, names);

        Assert.True(RemovalPolicy.Default.Suffices(goes, proved, state) == hours is not null, $"{goes.Kind} by {string.Join('+', names)}");
        if (hours is { } expected)
        {
            Assert.Equal(TimeSpan.FromHours(expected), RemovalPolicy.Default.WaitFor(goes, [goes.Id], proved, state));
        }
    }

    private static double Hours(Binding goes, AccountState state, string by) =>
        RemovalPolicy.Default.WaitFor(goes, [goes.Id], Proved(goes, [by]), state).TotalHours;

    private static Factor[] Proved(Binding goes, string[] names) => [.. names.Select(name => name is "own" ? Own(goes) : Other(name))];

    private static Factor Own(Binding goes) =>
        Given.By(
            goes.Kind switch
            {
                BindingKind.Phone => ProofMethod.SmsCode,
                BindingKind.Email => ProofMethod.EmailCode,
                BindingKind.Passkey => ProofMethod.Passkey,
                BindingKind.Authenticator => ProofMethod.Totp,
                BindingKind.WeChat or BindingKind.QQ or BindingKind.Alipay => ProofMethod.PlatformSignIn,
                BindingKind.App or BindingKind.Device => throw new ArgumentOutOfRangeException(nameof(goes), goes.Kind, "proves nothing"),
            },
            goes
        );

    // Through a binding that is not the one that goes.
    private static Factor Other(string name) =>
        name switch
        {
            "phone" => Given.By(ProofMethod.SmsCode, Given.Binding(BindingKind.Phone, 9)),
            "mail" => Given.By(ProofMethod.EmailCode, Given.Binding(BindingKind.Email, 9)),
            "passkey" => Given.By(ProofMethod.Passkey, Given.Binding(BindingKind.Passkey, 9)),
            "platform" => Given.By(ProofMethod.PlatformSignIn, Given.Binding(BindingKind.QQ, 9)),
            "totp" => Given.By(ProofMethod.Totp, Given.Binding(BindingKind.Authenticator, 9)),
            "password" => Given.By(ProofMethod.Password),
            "rescue" => Given.By(ProofMethod.RecoveryCode),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such proof"),
        };

    private static Dictionary<string, int> Read(string ways) =>
        ways.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(way => way.Split('='))
            .ToDictionary(way => way[0], way => int.Parse(way[1], CultureInfo.InvariantCulture));
}
