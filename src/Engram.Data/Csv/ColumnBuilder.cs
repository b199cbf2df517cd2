using System.Text;

namespace Engram.Data;

/// <summary>Takes the cells of a column one by one and keeps what they mean in as few bytes as that needs.</summary>
internal abstract class ColumnBuilder(ColumnPlan plan)
{
    private CellFaults? _first;
    private long _faults;

    protected ColumnPlan Plan { get; } = plan;

    protected CellFaults? Faults => _first is null ? null : _first with { Count = _faults };

    public static ColumnBuilder Create(ColumnPlan plan, int rows) => plan.Kind switch
    {
        ColumnKind.Number => new NumberColumnBuilder(plan, rows),
        ColumnKind.Time => new TimeColumnBuilder(plan, rows),
        _ => new TextColumnBuilder(plan, rows),
    };

    /// <summary>Adds a cell that has a value.</summary>
    /// <returns>False where the cell is not what the column holds.</returns>
    public abstract bool TryAdd(ReadOnlySpan<byte> cell, int row, int file);

    /// <summary>Leaves a row without a value.</summary>
    public abstract void AddMissing(int row);

    /// <summary>The column, when all rows are there.</summary>
    public abstract Column Build();

    /// <summary>Remembers a faulty cell.</summary>
    public void AddFault(ReadOnlySpan<byte> cell, string file, long line)
    {
        const int Shown = 40;
        _faults++;
        if (_first is null)
        {
            string text = Encoding.UTF8.GetString(cell);
            _first = new CellFaults(file, line, text.Length > Shown ? text[..Shown] + "…" : text, 1);
        }
    }
}

/// <summary>Numbers, NaN where missing or faulty.</summary>
internal sealed class NumberColumnBuilder(ColumnPlan plan, int rows) : ColumnBuilder(plan)
{
    private readonly double[] _values = new double[rows];

    public override bool TryAdd(ReadOnlySpan<byte> cell, int row, int file) => NumberText.TryParse(cell, Plan.DecimalMarks[file], out _values[row]);

    public override void AddMissing(int row) => _values[row] = double.NaN;

    public override Column Build() => new NumberColumn(Plan.Name, _values, Faults);
}

/// <summary>Times, <see cref="DateTime.MinValue"/> where missing or faulty.</summary>
internal sealed class TimeColumnBuilder(ColumnPlan plan, int rows) : ColumnBuilder(plan)
{
    private readonly DateTime[] _values = new DateTime[rows];

    public override bool TryAdd(ReadOnlySpan<byte> cell, int row, int file) =>
        TimeText.TryRead(cell, out TimeText time) && time.TryGet(Plan.DateOrders[file], out _values[row]);

    public override void AddMissing(int row) => _values[row] = DateTime.MinValue;

    public override Column Build() => new TimeColumn(Plan.Name, _values, Faults);
}

/// <summary>Words, each different one held once.</summary>
internal sealed class TextColumnBuilder(ColumnPlan plan, int rows) : ColumnBuilder(plan)
{
    private readonly int[] _codes = new int[rows];
    private readonly Dictionary<string, int> _codeOf = new(StringComparer.Ordinal);
    private readonly List<string> _levels = [];
    private char[] _buffer = new char[256];

    public override bool TryAdd(ReadOnlySpan<byte> cell, int row, int file)
    {
        if (_buffer.Length < cell.Length)
        {
            _buffer = new char[cell.Length * 2];
        }
        ReadOnlySpan<char> text = _buffer.AsSpan(0, Encoding.UTF8.GetChars(cell, _buffer));
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _codeOf.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out int code))
        {
            code = _levels.Count;
            _levels.Add(text.ToString());
            _codeOf.Add(_levels[code], code);
        }
        _codes[row] = code;
        // Should the column be asked for as numbers, this says where the first word stands.
        return NumberText.Classify(cell, out _) != NumberShape.None;
    }

    public override void AddMissing(int row) => _codes[row] = -1;

    public override Column Build() => new TextColumn(Plan.Name, _codes, [.. _levels], Faults);
}
