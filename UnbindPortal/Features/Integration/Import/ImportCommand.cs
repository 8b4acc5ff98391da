using System.CommandLine;
using System.Globalization;
using CsvHelper;
using Microsoft.Extensions.Options;
using UnbindPortal.Data;
using UnbindPortal.Data.Changes;
using UnbindPortal.Domain;
using UnbindPortal.Trust.Hosting;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>`import accounts.csv bindings.csv`: exit code 0 when all is in, 1 when a line was refused or a file cannot be read.</summary>
internal sealed class ImportCommand(Importer importer, PortalClock clock, IOptions<PortalDataOptions> data) : IPortalCommand
{
    private const int AccountsPerSign = 1000;

    public Command Build()
    {
        var accounts = new Argument<string>("accounts") { Description = "The accounts file (CSV)" };
        var bindings = new Argument<string>("bindings") { Description = "The bindings file (CSV)" };
        var command = new Command("import", "Takes over accounts and bindings from an operator's export") { accounts, bindings };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(accounts), parsed.GetRequiredValue(bindings), cancel));
        return command;
    }

    private async Task<int> RunAsync(string accounts, string bindings, CancellationToken cancel)
    {
        var errors = new ErrorFile(Path.Combine(data.Value.DataFolder, $"import-errors-{clock.Now:yyyyMMdd'T'HHmmss'Z'}.csv"));
        try
        {
            var summary = await importer.RunAsync(accounts, bindings, errors.Add, SignsOfLife(), cancel);
            if (summary.Ignored.Count > 0)
            {
                await Console.Error.WriteLineAsync($"Columns ignored: {string.Join(", ", summary.Ignored)}.");
            }

            await Console.Out.WriteLineAsync(summary.ToString());
            if (summary.Refused > 0)
            {
                await Console.Error.WriteLineAsync($"The refused lines stand in {errors.Path}.");
            }

            return summary.Refused == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is UnreadableFileException or StorageUnavailableException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        finally
        {
            errors.Dispose();
        }
    }

    // A long import says where it is; what it has named is committed.
    private static Action<ImportSummary> SignsOfLife()
    {
        var next = AccountsPerSign;
        return summary =>
        {
            if (summary.Accounts >= next)
            {
                Console.WriteLine($"{summary.Accounts} accounts …");
                next = ((summary.Accounts / AccountsPerSign) + 1) * AccountsPerSign;
            }
        };
    }

    /// <summary>Every refused line, on the console and in a file that is made with the first one.</summary>
    private sealed class ErrorFile(string path) : IDisposable
    {
        private CsvWriter? _writer;

        public string Path { get; } = path;

        public void Add(Refusal refusal)
        {
            Console.Error.WriteLine(refusal);
            if (_writer is null)
            {
                _writer = CsvWriter.ToFile(Path);
                Write("file", "line", "column", "reason");
            }

            Write(refusal.File, refusal.Line.ToString(CultureInfo.InvariantCulture), refusal.Column, refusal.Words);
        }

        public void Dispose() => _writer?.Dispose();

        private void Write(params string[] values) => _writer!.WriteRecord(values);
    }
}
