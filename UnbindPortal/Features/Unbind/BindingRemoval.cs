using Microsoft.EntityFrameworkCore;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;

namespace UnbindPortal.Features.Unbind;

/// <summary>Rule 7: takes bindings off an account with everything that leaned on them. The one road to removal, for a confirm and for the timer.</summary>
internal static class BindingRemoval
{
    /// <summary>Removes them within <paramref name="change"/>.</summary>
    /// <param name="change">The open change.</param>
    /// <param name="loaded">The account, read in it.</param>
    /// <param name="going">What goes.</param>
    /// <param name="proved">What was just proved by the acting session; its session leans on that from now on.</param>
    /// <returns>Why nothing was removed; empty when all are gone.</returns>
    public static async Task<IReadOnlyList<UnbindRefusal>> ApplyAsync(
        Change change,
        LoadedAccount loaded,
        IReadOnlyList<Guid> going,
        IReadOnlyList<Factor> proved
    )
    {
        var refusals = loaded.Account.Remove(loaded.State, going, change.Now);
        if (refusals.Count > 0)
        {
            return refusals;
        }

        change.Db.LiveIdentities.RemoveRange(await change.Db.LiveIdentities.Where(i => going.Contains(i.BindingId)).ToListAsync());
        await CloseCodesAndProofsAsync(change, loaded.Account.Id, going);
        await EndSessionsAsync(change, loaded.Account.Id, going, proved);
        return [];
    }

    private static async Task CloseCodesAndProofsAsync(Change change, Guid accountId, IReadOnlyList<Guid> going)
    {
        var codes = await change
            .Db.Challenges.Where(c =>
                c.AccountId == accountId && c.ClosedAt == null && c.BindingId != null && going.Contains(c.BindingId.Value)
            )
            .ToListAsync();
        codes.ForEach(code => code.Close(change.Now));

        var proofs = await change
            .Db.Proofs.Where(p => p.AccountId == accountId && p.SpentAt == null && p.BindingId != null && going.Contains(p.BindingId.Value))
            .ToListAsync();
        proofs.ForEach(proof => proof.Spend(change.Now));
    }

    private static async Task EndSessionsAsync(Change change, Guid accountId, IReadOnlyList<Guid> going, IReadOnlyList<Factor> proved)
    {
        var leaning = await change
            .Db.Sessions.Where(s =>
                s.AccountId == accountId && s.EndedAt == null && s.SignedInBindingId != null && going.Contains(s.SignedInBindingId.Value)
            )
            .ToListAsync();
        foreach (var session in leaning)
        {
            if (session.Id == change.Session?.Id)
            {
                Remark(session, going, proved);
            }
            else
            {
                change.End(session, SessionEnd.BindingRemoved);
            }
        }
    }

    // The acting session stays; what it leaned on is gone, so it leans on what was just proved.
    private static void Remark(Session session, IReadOnlyList<Guid> going, IReadOnlyList<Factor> proved)
    {
        var by = proved.OrderBy(factor => factor.BindingId is { } id && going.Contains(id)).First();
        var method = by.Method switch
        {
            ProofMethod.Passkey => SignInMethod.Passkey,
            ProofMethod.PlatformSignIn => SignInMethod.Platform,
            ProofMethod.SmsCode => SignInMethod.SmsCode,
            ProofMethod.Password or ProofMethod.EmailCode or ProofMethod.Totp or ProofMethod.RecoveryCode => SignInMethod.Password,
        };
        session.Remark(method, by.BindingId is { } leansOn && !going.Contains(leansOn) ? leansOn : null);
    }
}
