using System.Globalization;
using System.Text;
using CsvHelper;

namespace UnbindPortal.Features.Integration.Import;

/// <summary>A file cannot be read at all; the message says why. Nothing of it is half taken over.</summary>
/// <param name="message">For the operator.</param>
internal sealed class UnreadableFileException(string message) : Exception(message);

/// <summary>The columns of one kind of file. A column that is not here is ignored.</summary>
/// <param name="Required">Without one of these the file is refused.</param>
/// <param name="Optional">Read as empty when missing.</param>
internal sealed record CsvColumns(IReadOnlyList<string> Required, IReadOnlyList<string> Optional);

/// <summary>
/// A CSV file (RFC 4180, UTF-8 with or without a mark) read line by line: memory stays the same however long it is. Header names are
/// compared without regard to case. Values starting with a formula character are data like any other.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    // An unclosed quotation mark would otherwise swallow the file.
    private const int LongestRecordBytes = 256 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    private readonly CsvReader _reader;
    private bool _badQuotes;

    private CsvTable(string path)
    {
        Name = Path.GetFileName(path);
        _reader = CsvReader.Create(
            new StreamReader(path, Utf8, detectEncodingFromByteOrderMarks: false),
            new CsvReaderOptions
            {
                Separator = ',',
                TrackLineNumbers = true,
                MaxRecordSize = LongestRecordBytes,
                IncludeValuesInExceptions = false,
                OnMalformedRecord = _ => _badQuotes = true,
            }
        );
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>Columns of the file that mean nothing here.</summary>
    public IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="UnreadableFileException">It is missing, not readable, not UTF-8, or lacks a required column.</exception>
    public static CsvTable Open(string path, CsvColumns columns)
    {
        CsvTable? table = null;
        try
        {
            table = new CsvTable(path);
            table.ReadHeader(columns);
            return table;
        }
        catch (Exception error) when (Explain(Path.GetFileName(path), error) is { } unreadable)
        {
            table?.Dispose();
            throw new UnreadableFileException(unreadable);
        }
    }

    /// <summary>Reads on, and answers null at the end.</summary>
    /// <exception cref="UnreadableFileException">From here on it cannot be read.</exception>
    public CsvLine? Next()
    {
        try
        {
            _badQuotes = false;
            return _reader.Read()
                ? new CsvLine(Name, (int)_reader.LineNumber, !_badQuotes && _reader.FieldCount == _reader.Headers.Count, Value)
                : null;
        }
        catch (Exception error) when (Explain(Name, error) is { } unreadable)
        {
            throw new UnreadableFileException(unreadable);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _reader.Dispose();

    private string Value(string column) => _reader.TryGetFieldIndex(column, out var at) ? _reader.GetString(at) : "";

    private void ReadHeader(CsvColumns columns)
    {
        _reader.ReadHeader();
        string[] names = [.. _reader.Headers.Select(name => name.Trim())];
        if (names.Length == 0)
        {
            throw new UnreadableFileException(
                $"{Name} is empty. The first line names the columns: {string.Join(", ", columns.Required)} …"
            );
        }

        if (
            names
                .Where(name => name.Length > 0)
                .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
                .FirstOrDefault(g => g.Count() > 1) is
            { } twice
        )
        {
            throw new UnreadableFileException($"{Name} names the column '{Shown(twice.Key)}' twice.");
        }

        string[] missing = [.. columns.Required.Except(names, StringComparer.OrdinalIgnoreCase)];
        if (missing.Length > 0)
        {
            throw new UnreadableFileException($"{Name} lacks {string.Join(", ", missing)}. The first line must name the columns.");
        }

        Ignored = [.. names.Except(columns.Required.Concat(columns.Optional), StringComparer.OrdinalIgnoreCase).Select(Shown)];
    }

    private static string Shown(string name) => name.Length <= 40 ? FieldRules.Plain(name) : $"{FieldRules.Plain(name[..40])}…";

    private static string? Explain(string name, Exception error) =>
        error switch
        {
            UnreadableFileException known => known.Message,
            DecoderFallbackException => $"{name} is not UTF-8. Save it as UTF-8 and run the import again.",
            CsvFormatException bad => string.Create(
                CultureInfo.InvariantCulture,
                $"{name}:{bad.LineNumber}: a record is longer than {LongestRecordBytes} bytes; a quotation mark may be missing."
            ),
            FileNotFoundException or DirectoryNotFoundException => $"{name} does not exist.",
            IOException or UnauthorizedAccessException => $"{name} cannot be read: {error.Message}",
            _ => null,
        };
}

/// <summary>One line of a file. Its values may be read until the next line is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Number">Where it begins, counted from 1, the header included.</param>
/// <param name="IsWhole">It has as many values as the header and its quotation marks fit.</param>
/// <param name="Value">The value of a column; empty when the file has no such column.</param>
internal sealed record CsvLine(string File, int Number, bool IsWhole, Func<string, string> Value);
