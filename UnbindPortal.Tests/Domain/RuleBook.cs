namespace UnbindPortal.Domain;

/// <summary>
/// The rules that never break and the removal table, written a second time from the design and without the domain's own answers, held
/// against everything the model does.
/// </summary>
internal sealed class RuleBook(PortalModel model)
{
    private const int AttemptsPerCode = 5;
    private static readonly HashSet<Guid> Nothing = [];

    private readonly Dictionary<string, string> _promises = [];
    private readonly Dictionary<Guid, byte[]> _firstShown = [];
    private readonly List<Shown> _proofs = [];
    private readonly Dictionary<Guid, int> _comparisons = [];
    private readonly HashSet<Guid> _answered = [];
    private readonly Dictionary<Guid, int> _removals = [];
    private readonly Dictionary<Guid, UnbindStage> _stages = [];
    private readonly HashSet<Guid> _takenByPeople = [];

    public static bool SignsIn(BindingKind kind) => kind is BindingKind.Phone or BindingKind.Passkey || IsPlatform(kind);

    /// <summary>The hash a browser would still hold from the request's first page.</summary>
    public byte[] FirstShown(UnbindRequest request) => _firstShown.GetValueOrDefault(request.Id, []);

    /// <summary>Choosing: refused exactly when the rules say so; the plan says what the rules say; equal hashes promise the same, and only they.</summary>
    public void Planned(IReadOnlyCollection<Guid> going, UnbindPlan? plan, IReadOnlyList<UnbindRefusal> refusals)
    {
        Assert.Equal(ExpectedRefusals(going), refusals);
        Assert.Equal(refusals.Count == 0, plan is not null);
        if (plan is null)
        {
            return;
        }

        var leaving = going.Concat(model.Waiting).ToHashSet();
        Assert.Equal(going.Order(), plan.Going.Select(b => b.Id).Order());
        Assert.Equal(WaysIn(leaving).Order(), plan.WaysIn.Select(way => way.BindingId is { } id ? $"{id}" : "password").Order());
        Assert.Equal(Notices(leaving).Order(), plan.Notices.Select(b => b.Id).Order());
        Assert.Equal(Notices(leaving).Order(), plan.Recoveries.Select(b => b.Id).Order());
        Assert.Equal(AppsLeaningOn(going).Order(), plan.Apps.Select(b => b.Id).Order());
        Assert.All(plan.Factors, factor => Assert.Contains(factor, Factors()));
        Assert.All(plan.Routes, route => Assert.True(Enough(going, route.Factors), $"{route} does not suffice"));
        Assert.All(plan.Routes, route => Assert.Equal(WaitOf(going, route.Factors), route.Wait));
        var promise = PromiseOf(going, plan);
        var hash = Convert.ToHexString(plan.Hash);
        Assert.Equal(promise, _promises.GetValueOrDefault(hash, promise));
        Assert.DoesNotContain(_promises, earlier => earlier.Value == promise && earlier.Key != hash);
        _promises[hash] = promise;
    }

    /// <summary>All that a plan promises, as people would read it.</summary>
    public string PromiseOf(IReadOnlyCollection<Guid> going, UnbindPlan? plan)
    {
        var leaving = going.Concat(model.Waiting).ToHashSet();
        var routes = plan?.Routes.Select(route => $"{Text(route.Factors.Select(f => f.ToString()))} after {route.Wait}") ?? [];
        return string.Join(
            "\n",
            $"gone {Text(going)}",
            $"ways in {Text(WaysIn(leaving))}",
            $"notices {Text(Notices(leaving))}",
            $"apps {Text(AppsLeaningOn(going))}",
            $"routes {Text(routes)}",
            $"policy {model.Policy.Version}"
        );
    }

    /// <summary>Rule 5: never more comparisons than allowed, only for the plan the code was sent for.</summary>
    public void Compared(Challenge code, byte[] planHash)
    {
        _comparisons[code.Id] = _comparisons.GetValueOrDefault(code.Id) + 1;
        Assert.InRange(_comparisons[code.Id], 1, AttemptsPerCode);
        Assert.Equal(code.PlanHash, planHash);
        Assert.True(model.Now < code.ExpiresAt, "An expired code was compared.");
        Assert.DoesNotContain(code.Id, _answered);
    }

    /// <summary>Rule 5: a code is right at most once.</summary>
    public void Proved(Challenge? code, Proof proof)
    {
        Assert.True(code is null || _answered.Add(code.Id), "A code was right twice.");
        _proofs.Add(
            new Shown(proof.RequestId, proof.SessionId, Convert.ToHexString(proof.PlanHash), proof.Factor, model.Now.AddMinutes(5))
        );
    }

    /// <summary>Verified only by proofs of this session, for this plan, in time, that suffice by the table.</summary>
    public void Verified(UnbindRequest request, Session session) => AssertProved(request, session);

    /// <summary>Rule 2: what is committed is what was shown under the hash and wait that were posted, from a request that stood at Confirm.</summary>
    public void Committing(UnbindRequest request, UnbindStage before, byte[] posted, string promisedNow, TimeSpan wait, Session session)
    {
        Assert.Equal(UnbindStage.Verified, before);
        Assert.True(model.Now < request.PlannedAt.AddMinutes(10), "Committed after the walk had run out.");
        Assert.Equal(_promises[Convert.ToHexString(posted)], promisedNow);
        var factors = AssertProved(request, session);
        Assert.True(wait >= WaitOf(request.BindingIds, factors), $"Committed after {wait}, less than the table asks for.");
        Assert.Equal(wait == TimeSpan.Zero ? null : model.Now + wait, request.DueAt);
    }

    /// <summary>What was there before something is taken off.</summary>
    public (bool WayIn, bool Notice, HashSet<Guid> Live) BeforeRemoval() =>
        (WaysIn(Nothing).Any(), Notices(Nothing).Any(), [.. model.Live.Select(b => b.Id)]);

    /// <summary>Rule 1, and all of a set or none of it.</summary>
    public void AfterRemoval(
        (bool WayIn, bool Notice, HashSet<Guid> Live) before,
        IReadOnlyList<Guid> going,
        IReadOnlyList<UnbindRefusal> refusals
    )
    {
        var gone = refusals.Count > 0 ? [] : going;
        Assert.Equal(before.Live.Except(gone).Order(), model.Live.Select(b => b.Id).Order());
        Assert.True(!before.WayIn || WaysIn(Nothing).Any(), "The last usable way in went.");
        Assert.True(!before.Notice || Notices(Nothing).Any(), "The last notice address went.");
        _takenByPeople.UnionWith(gone);
    }

    /// <summary>Proofs that something took away.</summary>
    public void Void(UnbindRequest request) => _proofs.RemoveAll(p => p.Request == request.Id);

    /// <inheritdoc cref="Void(UnbindRequest)" />
    public void Void(IReadOnlyList<Guid> going) => _proofs.RemoveAll(p => p.Factor.BindingId is { } id && going.Contains(id));

    /// <summary>What must hold after every step.</summary>
    public void After(Command command)
    {
        foreach (var request in model.Requests)
        {
            _firstShown.TryAdd(request.Id, request.PlanHash);
            AssertMoved(request, command);
            AssertRemovedOnce(request);
            Assert.All(request.Items, item => Assert.Equal(request.Stage is UnbindStage.Waiting, item.Waiting));
        }

        var waiting = model.Requests.SelectMany(r => r.Items).Where(item => item.Waiting).ToArray();
        Assert.Equal(waiting.Length, waiting.DistinctBy(item => item.BindingId).Count());
        AssertOneOwnerEach();
        AssertNothingLeansOnWhatIsGone();
    }

    private static void AssertAllowed(UnbindStage from, UnbindStage to) =>
        Assert.True(
            (from, to) switch
            {
                (UnbindStage.Planned or UnbindStage.Verified, _) => to is not UnbindStage.Lapsed,
                (UnbindStage.Waiting, _) => to is UnbindStage.Waiting or UnbindStage.Done or UnbindStage.Cancelled or UnbindStage.Lapsed,
                _ => from == to,
            },
            $"From {from} to {to}"
        );

    private void AssertMoved(UnbindRequest request, Command command)
    {
        var from = _stages.GetValueOrDefault(request.Id, UnbindStage.Planned);
        AssertAllowed(from, request.Stage);
        var ended = request.Stage != from && request.Stage is UnbindStage.Waiting or UnbindStage.Done;
        Assert.True(!ended || command.Verb is Verb.Confirm or Verb.RunDue || from == request.Stage, $"{command.Verb} committed a request.");
        _stages[request.Id] = request.Stage;
    }

    // Rule 3.
    private void AssertRemovedOnce(UnbindRequest request)
    {
        _removals[request.Id] = _removals.GetValueOrDefault(request.Id) + request.TakeEvents().Count(e => e is BindingsRemoved);
        Assert.Equal(request.Stage is UnbindStage.Done ? 1 : 0, _removals[request.Id]);
        Assert.True(
            request.Stage is not UnbindStage.Done || request.BindingIds.All(_takenByPeople.Contains),
            "A request is done and something of it is still bound."
        );
    }

    // Rule 6.
    private void AssertOneOwnerEach()
    {
        Assert.Equal(model.Live.Count(), model.Live.Select(b => Convert.ToHexString(b.Lookup)).Distinct().Count());
        Assert.Equal(model.Live.Select(b => b.Id).Order(), model.LiveIdentities.Values.Order());
    }

    // Rule 7.
    private void AssertNothingLeansOnWhatIsGone()
    {
        var gone = model.Bindings.Where(b => !b.IsLive).Select(b => (Guid?)b.Id).ToHashSet();
        Assert.DoesNotContain(model.Sessions, s => s.EndedAt is null && gone.Contains(s.SignedInBindingId));
        Assert.DoesNotContain(model.Challenges, c => c.ClosedAt is null && gone.Contains(c.BindingId));
        Assert.DoesNotContain(model.Proofs, p => p.SpentAt is null && gone.Contains(p.BindingId));
    }

    private List<UnbindRefusal> ExpectedRefusals(IReadOnlyCollection<Guid> going)
    {
        if (model.Account.Status is not AccountStatus.Active)
        {
            return [UnbindRefusal.AccountNotActive];
        }

        if (going.Count == 0)
        {
            return [UnbindRefusal.NothingChosen];
        }

        if (!going.All(id => model.Live.Any(b => b.Id == id)))
        {
            return [UnbindRefusal.NotBound];
        }

        if (going.Any(model.Waiting.Contains))
        {
            return [UnbindRefusal.AlreadyWaiting];
        }

        var leaving = going.Concat(model.Waiting).ToHashSet();
        var refusals = new List<UnbindRefusal>();
        if (WaysIn(model.Waiting).Any() && !WaysIn(leaving).Any())
        {
            refusals.Add(UnbindRefusal.LastWayIn);
        }

        if (Notices(model.Waiting).Any() && !Notices(leaving).Any())
        {
            refusals.Add(UnbindRefusal.LastNoticeAddress);
        }

        return refusals.Count == 0 && !SomethingSuffices(going) ? [UnbindRefusal.NoStrongProof] : refusals;
    }

    private bool SomethingSuffices(IReadOnlyCollection<Guid> going)
    {
        var factors = Factors().ToArray();
        return Array.Exists(factors, one => Array.Exists(factors, other => Enough(going, [one, other])));
    }

    private Factor[] AssertProved(UnbindRequest request, Session session)
    {
        var hash = Convert.ToHexString(request.PlanHash);
        Factor[] factors =
        [
            .. _proofs
                .Where(p => p.Request == request.Id && p.Session == session.Id && p.Hash == hash && model.Now < p.Until)
                .Select(p => p.Factor),
        ];
        Assert.True(Enough(request.BindingIds, factors), $"Proved by {Text(factors)} only.");
        return factors;
    }

    /// <summary>The design's table, and its sentence on e-mail codes.</summary>
    private bool Enough(IReadOnlyCollection<Guid> going, IReadOnlyCollection<Factor> proved)
    {
        var leaving = model.Live.Where(b => going.Contains(b.Id)).ToArray();
        var onlyByMail = proved.All(f => f.Method is ProofMethod.EmailCode);
        return leaving.All(b => IsMinor(b.Kind) ? proved.Count > 0 : !onlyByMail && Suffices(b, proved));
    }

    private static bool Suffices(Binding goes, IReadOnlyCollection<Factor> proved)
    {
        bool By(ProofMethod method) => proved.Any(f => f.Method == method);
        var own = proved.Any(f => f.BindingId == goes.Id);
        var passkey = proved.Any(f => f.Method is ProofMethod.Passkey && f.BindingId != goes.Id);
        var rescue = By(ProofMethod.EmailCode) && By(ProofMethod.RecoveryCode);
        var known = By(ProofMethod.Password);
        var either = passkey || rescue;
        return goes.Kind switch
        {
            BindingKind.Phone => either
                || own
                || By(ProofMethod.PlatformSignIn)
                || (known && (By(ProofMethod.SmsCode) || By(ProofMethod.EmailCode) || By(ProofMethod.Totp))),
            BindingKind.Email => either
                || By(ProofMethod.SmsCode)
                || By(ProofMethod.PlatformSignIn)
                || (known && (own || By(ProofMethod.Totp))),
            BindingKind.WeChat or BindingKind.QQ or BindingKind.Alipay => either || own || known || By(ProofMethod.SmsCode),
            BindingKind.Passkey or BindingKind.Authenticator => either || own || (known && By(ProofMethod.SmsCode)),
            BindingKind.App or BindingKind.Device => proved.Count > 0,
        };
    }

    private TimeSpan WaitOf(IReadOnlyCollection<Guid> going, IReadOnlyCollection<Factor> proved)
    {
        var leaving = going.Concat(model.Waiting).ToHashSet();
        var passkey = proved.Any(f => f.Method is ProofMethod.Passkey);
        var phone = proved.Any(f => f.Method is ProofMethod.SmsCode);
        var waits = model.Live.Any(b =>
            going.Contains(b.Id)
            && b.Kind is BindingKind.Phone or BindingKind.Email
            && b.ProvedAt is not null
            && !Notices(leaving).Any(stays => model.Live.Single(other => other.Id == stays).Kind == b.Kind)
            && !passkey
            && !proved.Any(f => f.BindingId == b.Id)
            && !(phone && b.Kind is BindingKind.Email)
        );
        return waits ? model.LastContactWait : TimeSpan.Zero;
    }

    // What waits to go counts as gone: it proves nothing any more either.
    private IEnumerable<Factor> Factors() =>
        model
            .Live.Where(b => IsUsable(b) && !model.Waiting.Contains(b.Id))
            .SelectMany(b =>
                b.Kind switch
                {
                    BindingKind.Phone => [new Factor(ProofMethod.SmsCode, b.Id)],
                    BindingKind.Email => [new Factor(ProofMethod.EmailCode, b.Id)],
                    BindingKind.WeChat or BindingKind.QQ or BindingKind.Alipay => [new Factor(ProofMethod.PlatformSignIn, b.Id)],
                    BindingKind.Passkey => [new Factor(ProofMethod.Passkey, b.Id)],
                    BindingKind.Authenticator => [new Factor(ProofMethod.Totp, b.Id)],
                    BindingKind.App or BindingKind.Device => Array.Empty<Factor>(),
                }
            )
            .Concat(model.HasPassword ? [new Factor(ProofMethod.Password)] : []);

    private IEnumerable<string> WaysIn(IReadOnlySet<Guid> without)
    {
        var ways = model.Live.Where(b => SignsIn(b.Kind) && IsUsable(b) && !without.Contains(b.Id)).Select(b => $"{b.Id}");
        return model.HasPassword ? ways.Append("password") : ways;
    }

    private IEnumerable<Guid> Notices(IReadOnlySet<Guid> without) =>
        model.Live.Where(b => b.Kind is BindingKind.Phone or BindingKind.Email && IsUsable(b) && !without.Contains(b.Id)).Select(b => b.Id);

    private IEnumerable<Guid> AppsLeaningOn(IReadOnlyCollection<Guid> going) =>
        model
            .Live.Select(b => b.Id)
            .Where(id => !going.Contains(id) && !model.Waiting.Contains(id))
            .Where(id => model.Dependencies.Exists(d => d.AppBindingId == id && going.Contains(d.OnBindingId)));

    private bool IsUsable(Binding b) =>
        b.RemovedAt is null && b.ProvedAt is not null && b.SuspendedAt is null && (!IsPlatform(b.Kind) || model.Platforms.Contains(b.Kind));

    private static bool IsPlatform(BindingKind kind) => kind is BindingKind.WeChat or BindingKind.QQ or BindingKind.Alipay;

    private static bool IsMinor(BindingKind kind) => kind is BindingKind.App or BindingKind.Device;

    private static string Text<T>(IEnumerable<T> parts) => string.Join(", ", parts.Select(part => $"{part}").Order(StringComparer.Ordinal));

    private sealed record Shown(Guid Request, Guid Session, string Hash, Factor Factor, DateTimeOffset Until);
}
