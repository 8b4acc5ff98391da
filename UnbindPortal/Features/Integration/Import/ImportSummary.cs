namespace UnbindPortal.Features.Integration.Import;

/// <summary>What an import did, counted.</summary>
internal sealed record ImportSummary
{
    public int AccountsNew { get; set; }

    public int AccountsUpdated { get; set; }

    public int AccountsUnchanged { get; set; }

    /// <summary>All accounts that are in.</summary>
    public int Accounts => AccountsNew + AccountsUpdated + AccountsUnchanged;

    public int BindingsNew { get; set; }

    public int BindingsKept { get; set; }

    /// <summary>Their owner removed them in the portal; an import never brings them back.</summary>
    public int BindingsKeptRemoved { get; set; }

    public int Refused { get; set; }

    /// <summary>Columns that mean nothing here, each with its file.</summary>
    public IReadOnlyList<string> Ignored { get; set; } = [];

    /// <summary>Adds the counts of one batch, once it is committed.</summary>
    public void Add(ImportSummary batch)
    {
        AccountsNew += batch.AccountsNew;
        AccountsUpdated += batch.AccountsUpdated;
        AccountsUnchanged += batch.AccountsUnchanged;
        BindingsNew += batch.BindingsNew;
        BindingsKept += batch.BindingsKept;
        BindingsKeptRemoved += batch.BindingsKeptRemoved;
    }

    /// <summary>In words, for the console.</summary>
    public override string ToString() =>
        $"Accounts: {AccountsNew} new, {AccountsUpdated} updated, {AccountsUnchanged} unchanged. "
        + $"Bindings: {BindingsNew} new, {BindingsKept} kept, {BindingsKeptRemoved} kept removed. Lines refused: {Refused}.";
}
