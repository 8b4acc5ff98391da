using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Data.Protection;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Verification;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>
/// Takes over an operator's accounts and bindings. Both files are streamed; an account and all its bindings commit together, many accounts to
/// a change. Running it again changes nothing that is already there, so a killed import is simply run again.
/// </summary>
internal sealed class Importer(
    PortalChanges changes,
    PortalClock clock,
    KeyRing keys,
    ILookupNormalizer normalizer,
    IOptions<PortalDataOptions> data,
    IOptions<PlatformOptions> platforms
)
{
    private const int AccountsPerChange = 200;
    private const int BindingsPerChange = 2000;

    /// <summary>Most bindings of one account, so that one account never fills the memory.</summary>
    internal const int MostBindings = 1000;

    /// <summary>Runs the import.</summary>
    /// <param name="accountsPath">The accounts file.</param>
    /// <param name="bindingsPath">The bindings file.</param>
    /// <param name="refused">Told of every line that is not taken over.</param>
    /// <param name="committed">Told after every change what is in so far.</param>
    /// <param name="cancel">Stops between two changes.</param>
    /// <exception cref="UnreadableFileException">A file cannot be read; the accounts before it are in.</exception>
    public async Task<ImportSummary> RunAsync(
        string accountsPath,
        string bindingsPath,
        Action<Refusal> refused,
        Action<ImportSummary> committed,
        CancellationToken cancel
    )
    {
        var summary = new ImportSummary();
        using var accounts = CsvTable.Open(accountsPath, AccountLine.Columns);
        using var staging = ImportStaging.In(Path.GetFullPath(data.Value.DataFolder));
        using (var bindings = CsvTable.Open(bindingsPath, BindingLine.Columns))
        {
            summary.Ignored = [.. Ignored(accounts), .. Ignored(bindings)];
            Stage(bindings, staging, Refuse);
        }

        var bindingsFile = Path.GetFileName(bindingsPath);
        foreach (var batch in InBatches(Read(accounts, staging, bindingsFile, Refuse)))
        {
            cancel.ThrowIfCancellationRequested();
            var (counts, refusals) = await changes.RunAsync(
                ChangeScope.None,
                change =>
                {
                    var known = new ImportKnown(change, keys, normalizer);
                    var taken = new ImportBatch(change, keys, known, platforms.Value.EnabledSet, accounts.Name, bindingsFile);
                    return taken.ApplyAsync(batch, cancel);
                },
                cancel
            );
            summary.Add(counts);
            refusals.ForEach(Refuse);
            committed(summary);
        }

        foreach (var line in staging.LinesWithoutAccount())
        {
            Refuse(new Refusal(bindingsFile, line, "account", RefusalReason.UnknownAccount));
        }

        return summary;

        void Refuse(Refusal refusal)
        {
            summary.Refused++;
            refused(refusal);
        }
    }

    private void Stage(CsvTable table, ImportStaging staging, Action<Refusal> refuse)
    {
        while (table.Next() is { } line)
        {
            var fields = new FieldRules(line, clock.Now);
            var binding = BindingLine.Read(line, fields);
            if (fields.Refusal is null && staging.AddIdentity(NameInFile(binding), binding.Line) is { } first)
            {
                fields.Refuse("subject", RefusalReason.DuplicateIdentity, $"line {first}");
            }

            if (fields.Refusal is { } refusal)
            {
                refuse(refusal);
            }
            else
            {
                staging.Add(binding);
            }
        }
    }

    private IEnumerable<ImportAccount> Read(CsvTable table, ImportStaging staging, string bindingsFile, Action<Refusal> refuse)
    {
        while (table.Next() is { } line)
        {
            var fields = new FieldRules(line, clock.Now);
            var account = AccountLine.Read(line, fields);
            if (account.ExternalId.Length > 0 && !staging.TryAddAccount(account.ExternalId, account.Line))
            {
                fields.Refuse("external_id", RefusalReason.DuplicateAccount);
                refuse(fields.Refusal!);
                continue; // its bindings belong to the first line
            }

            if (fields.Refusal is not { } refusal)
            {
                yield return new ImportAccount(account, AtMost(staging.BindingsOf(account.ExternalId), bindingsFile, refuse));
                continue;
            }

            refuse(refusal);
            foreach (var binding in staging.BindingsOf(account.ExternalId))
            {
                refuse(new Refusal(bindingsFile, binding.Line, "account", RefusalReason.AccountRefused));
            }
        }
    }

    private static List<BindingLine> AtMost(IEnumerable<BindingLine> lines, string bindingsFile, Action<Refusal> refuse)
    {
        var taken = new List<BindingLine>();
        foreach (var line in lines)
        {
            if (taken.Count < MostBindings)
            {
                taken.Add(line);
            }
            else
            {
                refuse(new Refusal(bindingsFile, line.Line, "account", RefusalReason.TooManyBindings, $"{MostBindings}"));
            }
        }

        return taken;
    }

    // By both counts, so that neither many accounts nor many bindings of few make a change long.
    private static IEnumerable<IReadOnlyList<ImportAccount>> InBatches(IEnumerable<ImportAccount> accounts)
    {
        var batch = new List<ImportAccount>();
        var bindings = 0;
        foreach (var account in accounts)
        {
            batch.Add(account);
            bindings += account.Bindings.Count;
            if (batch.Count >= AccountsPerChange || bindings >= BindingsPerChange)
            {
                yield return batch;
                batch = [];
                bindings = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static IEnumerable<string> Ignored(CsvTable table) => table.Ignored.Select(column => $"{table.Name}: {column}");

    // Everybody may authorise the same app; every other identity stands in the file once.
    private static string NameInFile(BindingLine line) =>
        line.Name.Kind is BindingKind.App
            ? $"{line.Name.Kind}\n{line.Account}\n{line.Name.Subject}"
            : $"{line.Name.Kind}\n{line.Name.Subject}";
}

/// <summary>An account with its bindings, as the files have it.</summary>
/// <param name="Line">The account's line.</param>
/// <param name="Bindings">Its lines of the bindings file.</param>
internal sealed record ImportAccount(AccountLine Line, IReadOnlyList<BindingLine> Bindings);
