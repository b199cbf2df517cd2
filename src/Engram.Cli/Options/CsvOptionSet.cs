using System.CommandLine;
using Engram.Data;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>How the data files are written, where that shall not be found from the files themselves.</summary>
internal sealed class CsvOptionSet
{
    private readonly Option<string?> _encoding = Opt.Reference(
        "--encoding", "E", "Character encoding, such as utf-8, utf-16, gb18030, gbk, big5, windows-1252.", "found from the file", Values.Encoding);

    private readonly Option<char?> _delimiter = Opt.Value(
        "--delimiter", "C", "What stands between cells: a character, or comma, semicolon, tab, space, bar.", "found from the file", Values.Delimiter);

    private readonly Option<char?> _decimal = Opt.Value(
        "--decimal", "C", "What stands before the fraction of a number: point or comma.", "found from the column", Values.DecimalMark);

    private readonly Option<DateOrder?> _dateOrder = Opt.Value(
        "--date-order", "dmy|mdy|ymd", "Order of day, month and year in dates of numbers only.", "found from the column", Values.Order);

    private readonly Option<bool> _noHeader = new("--no-header")
    {
        Description = "The first line holds data; columns are named column1, column2 … [default: found from the file]",
        Arity = ArgumentArity.Zero,
    };

    private readonly Option<IReadOnlyList<string>?> _missing = Opt.Reference(
        "--missing", "NA,…", "Texts that mean a missing value; an empty cell always does.", string.Join(",", CsvOptions.DefaultMissingValues), Values.Names);

    public IEnumerable<Option> All => [_encoding, _delimiter, _decimal, _dateOrder, _noHeader, _missing];

    /// <summary>Those that matter where columns are read as texts alone: neither numbers, dates nor missing values.</summary>
    public IEnumerable<Option> OfTexts => [_encoding, _delimiter, _noHeader];

    /// <summary>The only one that matters where a file is no table.</summary>
    public IEnumerable<Option> OfPlainText => [_encoding];

    /// <summary>Refuses those that a task makes nothing of.</summary>
    /// <exception cref="InvalidOptionException">One was given.</exception>
    public void RefuseAllBut(IEnumerable<Option> heeded, ParseResult result, string task)
    {
        if (All.Except(heeded).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } useless)
        {
            throw new InvalidOptionException(useless.Name, string.Join(' ', result.GetResult(useless)!.Tokens), $"means nothing to this model, whose task is {task}. Leave the option out.");
        }
    }

    public CsvOptions Read(ParseResult result) => new()
    {
        Encoding = result.GetValue(_encoding),
        Delimiter = result.GetValue(_delimiter),
        DecimalMark = result.GetValue(_decimal),
        DateOrder = result.GetValue(_dateOrder),
        HasHeader = result.GetValue(_noHeader) ? false : null,
        MissingValues = result.GetValue(_missing),
    };

    /// <summary>Reads a table from files, or from standard input where the only one is <c>-</c>.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="files">The files.</param>
    /// <param name="like">How the data trained on were read.</param>
    public Table ReadTable(ParseResult result, IReadOnlyList<string> files, CsvReading? like)
    {
        CsvOptions options = Read(result) with { Like = like };
        return DataInput.Read(files, names => Table.ReadCsv(names, options), input => Table.ReadCsv(input, options));
    }

    /// <summary>Reads a column of texts, and one of labels unless it is null, from files, or from standard input where the only one is <c>-</c>.</summary>
    public LabelledTexts ReadTexts(ParseResult result, IReadOnlyList<string> files, string textColumn, string? labelColumn)
    {
        CsvOptions options = Read(result);
        return DataInput.Read(
            files, names => LabelledTexts.Read(names, textColumn, labelColumn, options), input => LabelledTexts.Read(input, textColumn, labelColumn, options));
    }
}
