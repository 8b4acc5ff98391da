namespace UnbindPortal.Domain;

/// <summary>
/// One account with its browsers, requests, codes and proofs in memory. Every step uses the domain types in the same order and with the
/// same checks as the services do under the account's lock; <see cref="RuleBook"/> watches.
/// </summary>
internal sealed class PortalModel
{
    // Looser than the defaults, within what options allow, so that the limit of the code itself is what stops a guesser.
    private const int TriesPerRequest = 7;
    private const int AttemptsPerCode = 5;
    private static readonly TimeSpan PlanLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ResendAfter = TimeSpan.FromMinutes(1);
    private static readonly FailureLimits Failures = new(10, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(20),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(72),
        TimeSpan.FromHours(-1),
        TimeSpan.FromHours(24),
    ];

    // The same table in other words, and the same words with another wait: only the policy's version tells them apart in a plan.
    private static readonly RemovalPolicy[] Policies =
    [
        RemovalPolicy.Default,
        Given.Policy(BindingKind.QQ, "password, passkey, phone-code, own, email-code+recovery-code"),
        new(new Dictionary<BindingKind, string>(), TimeSpan.FromHours(24)),
    ];

    private readonly RuleBook _rules;
    private readonly FailureBudget _budget = new([]);
    private readonly Queue<Question> _open = new();
    private DateTimeOffset _wall = Given.Noon;
    private int _made;

    public PortalModel(AccountSeed seed)
    {
        Account = Given.Account(seed.Status);
        HasPassword = seed.HasPassword;
        Platforms = [.. Given.EveryPlatform.Where(kind => (seed.Platforms & (1 << (int)kind - (int)BindingKind.WeChat)) != 0)];
        foreach (var planted in seed.Bindings)
        {
            if (Bind(planted.Kind, planted.Identity, planted.Proved) is { } bound && planted.Suspended)
            {
                Given.Suspend(bound, Now);
            }
        }

        foreach (var (app, on) in seed.Leans)
        {
            Lean(app, on);
        }

        Sessions = [Opened(0), Opened(1), Opened(2)];
        _rules = new RuleBook(this);
    }

    public Account Account { get; }
    public List<Binding> Bindings { get; } = [];
    public bool HasPassword { get; private set; }
    public HashSet<BindingKind> Platforms { get; }
    public List<AppDependency> Dependencies { get; } = [];
    public RemovalPolicy Policy { get; private set; } = RemovalPolicy.Default;
    public TimeSpan LastContactWait => TimeSpan.FromHours(Policy == Policies[2] ? 24 : 72);
    public List<UnbindRequest> Requests { get; } = [];
    public List<Challenge> Challenges { get; } = [];
    public List<Proof> Proofs { get; } = [];
    public Session[] Sessions { get; }

    /// <summary>Lookup of every identity that is bound, as the unique index of storage keeps them.</summary>
    public Dictionary<string, Guid> LiveIdentities { get; } = [];

    /// <summary>How often each kind of outcome came up.</summary>
    public Dictionary<string, int> Reached { get; } = [];

    /// <summary>Never earlier than what was committed, however the wall clock jumps.</summary>
    public DateTimeOffset Now { get; private set; } = Given.Noon;

    public IEnumerable<Binding> Live => Bindings.Where(b => b.IsLive);

    public HashSet<Guid> Waiting => [.. Requests.SelectMany(r => r.Items).Where(item => item.Waiting).Select(item => item.BindingId)];

    public AccountState State => new(Account.Id, Account.Status, HasPassword, [.. Live], Dependencies, Waiting, Platforms);

    public void Run(IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            Note($"{command.Verb}: {Do(command)}");
            _rules.After(command);
        }
    }

    private string Do(Command command)
    {
        var session = Sessions[command.Session % Sessions.Length];
        var request = Requests.Count > 0 ? Requests[^(1 + (command.Request % Requests.Count))] : null;
        if (session.EndedAt is not null && command.Verb is not (Verb.SignIn or Verb.Pass or Verb.RunDue or Verb.Change))
        {
            return "SignedOut";
        }

        return (command.Verb, request) switch
        {
            (Verb.Plan, _) => Start(command.Pick),
            (Verb.Pass, _) => Pass(Pauses[command.Pick % Pauses.Length]),
            (Verb.RunDue, _) => RunDue(),
            (Verb.Change, _) => Change((AccountChange)(command.Variant % Enum.GetValues<AccountChange>().Length), command.Pick),
            (Verb.SignIn, _) => SignIn(command.Session % Sessions.Length, command.Pick),
            (Verb.Finish, _) => _open.TryDequeue(out var question) ? Finish(question) : "Nothing",
            (_, null) => "NoRequest",
            (Verb.Send, { } r) => Send(r, session, FactorAt(r, command.Pick)),
            (Verb.Answer, { } r) => Answer(r, session, FactorAt(r, command.Pick), command.Variant),
            (Verb.ProveRoute, { } r) => ProveRoute(r, session, command.Pick, command.Variant),
            (Verb.Back, { } r) => Back(r),
            (Verb.Confirm, { } r) => Confirm(r, session, Posted(r, command.Variant), command.Variant is 9 ? TimeSpan.FromHours(1) : null),
            (Verb.Cancel, { } r) => $"{r.Cancel(Now)}",
        };
    }

    private UnbindPlan? PlanFor(IReadOnlyCollection<Guid> going)
    {
        var state = State;
        var (plan, refusals) = UnbindPlan.Make(state, going, Policy, Given.EveryMethod);
        _rules.Planned(going, plan, refusals);
        foreach (var refusal in refusals)
        {
            Note($"Refused: {refusal}");
        }

        return plan;
    }

    // The bits of the pick choose among what is bound; a full hand holds one more that is not, as a page left open might.
    private string Start(int pick)
    {
        Binding[] live = [.. Live];
        var picked = Enumerable.Range(0, live.Length > 0 ? 6 : 0).Where(bit => (pick & (1 << bit)) != 0);
        Guid[] going = [.. picked.Select(bit => live[bit % live.Length].Id).Distinct()];
        var stale = Bindings.Find(b => !b.IsLive)?.Id ?? Guid.AllBitsSet;
        Guid[] chosen = pick % 32 == 31 ? [.. going, stale] : going;
        if (PlanFor(chosen) is not { } plan)
        {
            return "Refused";
        }

        if (Requests.Exists(r => r.IsOpenAt(Now) && chosen.ToHashSet().SetEquals(r.BindingIds) && r.PlanHash.SequenceEqual(plan.Hash)))
        {
            return "Reused";
        }

        Requests.Add(new UnbindRequest(Given.Id(++_made), plan, Now, PlanLife));
        return "Started";
    }

    // Below 20 what the plan asks for, below 40 one of its codes if it has any; above that anything the account has ever had, strangers' things included.
    private Factor FactorAt(UnbindRequest request, int pick)
    {
        if (pick < 40 && PlanFor(request.BindingIds) is { Factors: { Count: > 0 } asked })
        {
            Factor[] codes = [.. asked.Where(f => f.Method is ProofMethod.SmsCode or ProofMethod.EmailCode)];
            return pick >= 20 && codes.Length > 0 ? codes[pick % codes.Length] : asked[pick % asked.Count];
        }

        var methods = Enum.GetValues<ProofMethod>();
        return Bindings.Count == 0 ? new Factor(ProofMethod.Password)
            : pick % 5 == 0 ? new Factor(ProofMethod.RecoveryCode)
            : new Factor(methods[pick % methods.Length], Bindings[pick % Bindings.Count].Id);
    }

    private string Send(UnbindRequest request, Session session, Factor factor)
    {
        if (request.StageAt(Now) is not UnbindStage.Planned || PlanFor(request.BindingIds) is not { } plan)
        {
            return "NotAvailable";
        }

        if (!plan.Factors.Contains(factor) || factor.Method is not (ProofMethod.SmsCode or ProofMethod.EmailCode))
        {
            return "NotAvailable";
        }

        TakeOn(request, plan);
        request.Engage();
        var open = CodeOf(request, session, factor);
        if (open is not null && Now < open.SentAt + ResendAfter)
        {
            return "TooSoon";
        }

        if (open?.Attempts >= AttemptsPerCode)
        {
            return "NoTriesLeft";
        }

        var code = open ?? new Challenge(Given.Id(++_made), AskedBy(request, session, factor), factor.Method, [], Now);
        if (open is null)
        {
            Challenges.Add(code);
        }

        code.Issue(BitConverter.GetBytes(++_made), plan.Hash, Now, CodeLife);
        return open is null ? "Sent" : "Resent";
    }

    // An even variant is right, every third is finished later, so that answers overlap.
    private string Answer(UnbindRequest request, Session session, Factor factor, int variant)
    {
        var (refusal, question) = Begin(request, session, factor, right: variant % 2 == 0);
        if (question is null)
        {
            return refusal;
        }

        if (variant % 3 == 2)
        {
            _open.Enqueue(question);
            return "Begun";
        }

        return Finish(question);
    }

    private (string Refusal, Question? Question) Begin(UnbindRequest request, Session session, Factor factor, bool right)
    {
        if (request.StageAt(Now) is not UnbindStage.Planned || PlanFor(request.BindingIds) is not { } plan)
        {
            return ("Over", null);
        }

        if (TakeOn(request, plan))
        {
            return ("PlanChanged", null);
        }

        if (!plan.Factors.Contains(factor))
        {
            return ("NotSuitable", null);
        }

        if (!_budget.TryCharge(Failures, Now))
        {
            return ("MustWait", null);
        }

        request.Engage();
        if (factor.Method is not (ProofMethod.SmsCode or ProofMethod.EmailCode))
        {
            return ("", new Question(request, session, factor, plan.Hash, right, null, []));
        }

        var code = CodeOf(request, session, factor);
        var taken = code?.TakeAttempt(plan.Hash, AttemptsPerCode, Now) ?? GuessOutcome.NoCode;
        if (taken is GuessOutcome.NoCode)
        {
            _budget.Refund(Now);
        }

        if (taken is not GuessOutcome.Wrong)
        {
            return ($"{taken}", null);
        }

        _rules.Compared(code!, plan.Hash);
        return ("", new Question(request, session, factor, plan.Hash, right, code, code!.CodeHash));
    }

    private string Finish(Question asked)
    {
        var request = asked.Request;
        if (asked.Session.EndedAt is not null)
        {
            return "SignedOut";
        }

        if (!asked.Right)
        {
            if (!request.IsOpenAt(Now))
            {
                return "Over";
            }

            request.Fail(TriesPerRequest, Now);
            return request.IsOpenAt(Now) ? "Wrong" : "OneWrongTooMany";
        }

        if (request.StageAt(Now) is not UnbindStage.Planned || PlanFor(request.BindingIds) is not { } plan)
        {
            return "Over";
        }

        if (!plan.Hash.AsSpan().SequenceEqual(asked.PlanHash))
        {
            TakeOn(request, plan);
            return "PlanChanged";
        }

        if (asked.Code is { } code && !code.Use(asked.CodeHash, Now))
        {
            return "NoCode";
        }

        return NoteProof(asked, plan);
    }

    private string NoteProof(Question asked, UnbindPlan plan)
    {
        var request = asked.Request;
        _budget.Refund(Now);
        Live.FirstOrDefault(b => b.Id == asked.Factor.BindingId)?.Proved(Now);
        var proof = new Proof(Given.Id(++_made), Account.Id, asked.Session.Id, request.Id, plan.Hash, asked.Factor, Now, ProofLife);
        _rules.Proved(asked.Code, proof);
        var earlier = Proofs.Where(p => p.RequestId == request.Id && p.CountsFor(asked.Session.Id, plan.Hash, Now)).ToList();
        Proofs.Add(proof);
        request.Prove(plan, [.. earlier, proof], proof);
        if (request.Stage is not UnbindStage.Verified)
        {
            return "OneMore";
        }

        _rules.Verified(request, asked.Session);
        return "Verified";
    }

    // Variants 10 and 11 give only the first or the last factor: half of a pair.
    private string ProveRoute(UnbindRequest request, Session session, int pick, int variant)
    {
        if (PlanFor(request.BindingIds) is not { } plan)
        {
            return "Over";
        }

        // Half the time the slowest one: those are the routes that wait.
        var route = pick % 2 == 0 ? plan.Routes[pick / 2 % plan.Routes.Count] : plan.Routes[^1];
        var answers = new List<string>();
        foreach (
            var factor in variant is 10 ? route.Factors.Take(1)
            : variant is 11 ? route.Factors.TakeLast(1)
            : route.Factors
        )
        {
            Send(request, session, factor);
            answers.Add(Answer(request, session, factor, variant: 0));
        }

        return answers[^1];
    }

    private string Back(UnbindRequest request)
    {
        if (request.StageAt(Now) is not UnbindStage.Verified || PlanFor(request.BindingIds) is not { } plan)
        {
            return "Nothing";
        }

        SpendProofs(request);
        request.Replan(plan, ReplanReason.AnotherProof);
        return "Replanned";
    }

    // What the browser posts: mostly the hash last shown, else an older one, a garbled one, or none.
    private byte[] Posted(UnbindRequest request, int variant) =>
        variant switch
        {
            6 => _rules.FirstShown(request),
            7 => [.. request.PlanHash.Select((b, i) => i == 0 ? (byte)(b ^ 1) : b)],
            8 => [],
            _ => request.PlanHash,
        };

    private string Confirm(UnbindRequest request, Session session, byte[] posted, TimeSpan? wrongWait)
    {
        var plan = PlanFor(request.BindingIds);
        var wait = wrongWait ?? request.Wait ?? TimeSpan.Zero;
        Proof[] proofs = [.. Proofs.Where(p => p.RequestId == request.Id)];
        var before = request.StageAt(Now);
        var promised = _rules.PromiseOf(request.BindingIds, plan);
        var decision = request.Confirm(plan, proofs, posted, wait, session.Id, Now);
        switch (decision)
        {
            case ConfirmDecision.PlanChanged when plan is null:
                request.GiveUp(Now);
                return "NotPossible";
            case ConfirmDecision.PlanChanged:
                request.Replan(plan, ReplanReason.PlanChanged);
                break;
            case ConfirmDecision.ProofMissing:
                request.Replan(plan!, ReplanReason.ProofExpired);
                break;
            case ConfirmDecision.Remove or ConfirmDecision.Wait:
                _rules.Committing(request, before, posted, promised, wait, session);
                if (decision is ConfirmDecision.Remove)
                {
                    Assert.Empty(Remove(State, request.BindingIds, session, proofs.FirstOrDefault(p => p.SpentAt is null)));
                }

                SpendProofs(request);
                break;
        }

        return $"{decision}";
    }

    private string RunDue()
    {
        var ended = new List<string> { "Nothing" };
        foreach (var request in Requests)
        {
            if (request.Stage is UnbindStage.Planned or UnbindStage.Verified && Now >= request.ExpiresAt)
            {
                request.Expire(Now);
                ended.Add("Expired");
            }
            else if (request.Stage is UnbindStage.Waiting && _wall >= request.DueAt) // waits follow the wall clock
            {
                if (Remove(State.WithoutWaiting(request.BindingIds), request.BindingIds, null, null).Count == 0)
                {
                    request.Complete(Now);
                }
                else
                {
                    request.Lapse(Now);
                }

                ended.Add($"{request.Stage}");
            }
        }

        return ended[^1];
    }

    // Rule 7 as the one road to removal does it.
    private IReadOnlyList<UnbindRefusal> Remove(AccountState state, IReadOnlyList<Guid> going, Session? acting, Proof? proved)
    {
        var watched = _rules.BeforeRemoval();
        var refusals = Account.Remove(state, going, Now);
        _rules.AfterRemoval(watched, going, refusals);
        if (refusals.Count == 0)
        {
            TakeWhatLeaned(going, acting, proved);
        }

        return refusals;
    }

    private void TakeWhatLeaned(IReadOnlyList<Guid> going, Session? acting, Proof? proved)
    {
        bool Gone(Guid? id) => id is { } present && going.Contains(present);
        foreach (var identity in LiveIdentities.Where(pair => going.Contains(pair.Value)).ToArray())
        {
            LiveIdentities.Remove(identity.Key);
        }

        Challenges.Where(c => Gone(c.BindingId)).ToList().ForEach(code => code.Close(Now));
        Proofs.Where(p => Gone(p.BindingId)).ToList().ForEach(proof => proof.Spend(Now));
        foreach (var session in Sessions.Where(s => s.EndedAt is null && Gone(s.SignedInBindingId)))
        {
            if (session == acting)
            {
                session.Remark(SignInMethod.Password, Gone(proved?.BindingId) ? null : proved?.BindingId);
            }
            else
            {
                session.End(SessionEnd.BindingRemoved, Now);
            }
        }

        _rules.Void(going);
    }

    private string Pass(TimeSpan pause)
    {
        _wall += pause;
        Now = _wall > Now ? _wall : Now;
        return pause < TimeSpan.Zero ? "Back" : "On";
    }

    private string SignIn(int slot, int pick)
    {
        if (Sessions[slot].EndedAt is not null)
        {
            Sessions[slot] = Opened(pick);
        }

        return "In";
    }

    private Session Opened(int pick)
    {
        Binding[] live = [.. Live.Where(b => RuleBook.SignsIn(b.Kind))];
        var by = live.Length == 0 ? null : live[pick % live.Length];
        return new Session(Given.Id(++_made), Account.Id, [], SignInMethod.SmsCode, by?.Id, Now, TimeSpan.FromDays(365));
    }

    private string Change(AccountChange change, int pick)
    {
        Binding[] live = [.. Live];
        var one = live.Length == 0 ? null : live[pick % live.Length];
        switch (change)
        {
            case AccountChange.Bind:
                var kind = one is null || pick < 32 ? (BindingKind)(1 + (pick % 9)) : one.Kind;
                return Bind(kind, pick % 3, proved: pick % 7 != 0) is null ? "Taken" : "Bound";
            case AccountChange.Prove:
                one?.Proved(Now);
                break;
            case AccountChange.Suspend or AccountChange.Restore when one is not null:
                Given.Suspend(one, change is AccountChange.Suspend ? Now : null);
                break;
            case AccountChange.TakenAway when one is not null: // a recycled number: the operator may, rule 1 or not
                one.Remove(Now);
                TakeWhatLeaned([one.Id], null, null);
                break;
            case AccountChange.Platform:
                var platform = BindingKind.WeChat + (pick % 3);
                Assert.True(Platforms.Remove(platform) || Platforms.Add(platform));
                break;
            case AccountChange.Password:
                HasPassword = true;
                break;
            case AccountChange.Lean:
                Lean(pick % 8, pick / 8);
                break;
            case AccountChange.Policy:
                Policy = Policies[pick % Policies.Length];
                break;
            case AccountChange.Use:
                one?.Used(Now);
                break;
            case AccountChange.Close when pick % 4 == 0:
                Account.Close();
                break;
        }

        return $"{change}";
    }

    private Binding? Bind(BindingKind kind, int identity, bool proved)
    {
        var binding = new Binding(Given.Id(1000 + ++_made), Account.Id, kind, [(byte)kind, (byte)identity], [], Now);
        if (!LiveIdentities.TryAdd(Convert.ToHexString(binding.Lookup), binding.Id))
        {
            return null;
        }

        if (proved)
        {
            binding.Proved(Now);
        }

        Bindings.Add(binding);
        return binding;
    }

    private void Lean(int app, int on)
    {
        Binding[] apps = [.. Live.Where(b => b.Kind is BindingKind.App)];
        Binding[] others = [.. Live.Where(b => b.Kind is not BindingKind.App)];
        if (apps.Length > 0 && others.Length > 0)
        {
            Dependencies.Add(new AppDependency(Account.Id, apps[app % apps.Length].Id, others[on % others.Length].Id));
        }
    }

    private static bool TakeOn(UnbindRequest request, UnbindPlan plan)
    {
        if (plan.Hash.AsSpan().SequenceEqual(request.PlanHash))
        {
            return false;
        }

        request.Replan(plan, ReplanReason.PlanChanged);
        return true;
    }

    private void SpendProofs(UnbindRequest request)
    {
        Proofs.Where(p => p.RequestId == request.Id).ToList().ForEach(proof => proof.Spend(Now));
        _rules.Void(request);
    }

    private Challenge? CodeOf(UnbindRequest request, Session session, Factor factor) =>
        Challenges.SingleOrDefault(c =>
            c.ClosedAt is null
            && c.BindingId == factor.BindingId
            && c.Subject.SequenceEqual(request.Id.ToByteArray())
            && c.BoundTo.SequenceEqual(session.Id.ToByteArray())
        );

    private ChallengeFor AskedBy(UnbindRequest request, Session session, Factor factor) =>
        new(ChallengePurpose.Unbind, Account.Id, request.Id.ToByteArray(), session.Id.ToByteArray(), factor.BindingId);

    private void Note(string outcome) => Reached[outcome] = Reached.GetValueOrDefault(outcome) + 1;

    // An answer whose attempt is taken and that is not compared yet.
    private sealed record Question(
        UnbindRequest Request,
        Session Session,
        Factor Factor,
        byte[] PlanHash,
        bool Right,
        Challenge? Code,
        byte[] CodeHash
    );
}
