namespace Engram.Data;

/// <summary>
/// Decides from the profiles of all files which columns there are and how each is read. What a file leaves open about a column (1,234;
/// 1/2/2012) is taken from its other columns, then from the same column of the other files, then from how files like it were read.
/// </summary>
internal sealed class CsvPlanner(IReadOnlyList<CsvFile> files, CsvOptions options)
{
    /// <summary>A column without a name is no column of the data if fewer of its cells have a value: someone's note at the margin.</summary>
    private const double LargestStrayShare = 0.01;

    private readonly Dictionary<CsvFile, string[]> _names = [];

    public List<string> Notes { get; } = [];

    /// <summary>One plan for each column that is kept.</summary>
    /// <exception cref="DataException">A file lacks a column of the first.</exception>
    public IReadOnlyList<ColumnPlan> Plan()
    {
        NoteFiles();
        string[] names = UniqueNames(files[0]);
        List<ColumnPlan> plans = [];
        int unnamed = 0;
        long strayCells = 0;
        for (int column = 0; column < names.Length; column++)
        {
            ColumnProfile first = files[0].Profiles[column];
            if (files[0].Header[column].Length == 0 && first.Count <= LargestStrayShare * (first.Count + first.Missing))
            {
                unnamed++;
                strayCells += first.Count;
                continue;
            }
            int[] places = [.. files.Select((file, index) => index == 0 ? column : Place(file, names[column], column))];
            ColumnProfile whole = new();
            for (int file = 0; file < files.Count; file++)
            {
                whole.Add(files[file].Profiles[places[file]]);
            }
            plans.Add(PlanColumn(names[column], places, whole));
        }
        if (unnamed > 0)
        {
            string values = strayCells == 0 ? "without values" : $"with no more than {Quantity.Of(strayCells, "value")}";
            Notes.Add($"{Quantity.Of(unnamed, "column")} without a name and {values} left out.");
        }
        return plans;
    }

    private ColumnPlan PlanColumn(string name, int[] places, ColumnProfile whole)
    {
        char[] marks = [.. files.Select((file, index) => DecimalMark(file, file.Profiles[places[index]], whole))];
        DateOrder[] orders = [.. files.Select((file, index) => Order(file.Profiles[places[index]].Times, whole.Times))];
        long numbers = files.Select((file, index) => file.Profiles[places[index]].Numbers(marks[index])).Sum();
        ColumnKind kind = whole.Count == 0 || 2 * numbers > whole.Count ? ColumnKind.Number
            : 2 * whole.Times.Count > whole.Count ? ColumnKind.Time
            : ColumnKind.Text;
        NoteColumn(name, kind, marks, orders, places, whole);
        return new ColumnPlan(name, kind, places, marks, orders);
    }

    private char DecimalMark(CsvFile file, ColumnProfile column, ColumnProfile whole)
    {
        if (options.DecimalMark is { } given)
        {
            return given;
        }
        (long point, long comma) = column.MarkEvidence;
        if (point == comma)
        {
            (point, comma) = FileEvidence(file);
        }
        if (point == comma)
        {
            (point, comma) = whole.MarkEvidence;
        }
        return point != comma ? (comma > point ? ',' : '.')
            // Points alone between commas are fractions, whatever the files before had: thousands would have commas.
            : options.Like?.DecimalMark is { } like && (column.HasAmbiguousComma || file.Delimiter != ',') ? like
            : column.HasAmbiguousComma && file.Delimiter == ';' ? ','
            : '.';
    }

    private static (long Point, long Comma) FileEvidence(CsvFile file) =>
        (file.Profiles.Sum(profile => profile.MarkEvidence.Point), file.Profiles.Sum(profile => profile.MarkEvidence.Comma));

    private DateOrder Order(TimeEvidence column, TimeEvidence whole) =>
        options.DateOrder ?? (column.IsAmbiguous || column.Count == 0 ? whole : column).Order(options.Like?.DateOrder);

    /// <summary>How the files are read, for others like them.</summary>
    public CsvReading ReadingOf(IReadOnlyList<ColumnPlan> plans)
    {
        char[] marks = [.. plans.Where(plan => plan.Kind == ColumnKind.Number).SelectMany(Marks).Distinct()];
        DateOrder[] orders = [.. plans.Where(plan => plan.Kind == ColumnKind.Time).SelectMany(Orders).Distinct()];
        return new CsvReading
        {
            DecimalMark = options.DecimalMark ?? (marks is [var mark] ? mark : marks is [] ? options.Like?.DecimalMark : null),
            DateOrder = options.DateOrder ?? (orders is [var order] ? order : orders is [] ? options.Like?.DateOrder : null),
            HasHeader = files[0].HasHeader ? null : false,
            MissingValues = options.MissingValues ?? options.Like?.MissingValues,
        };

        IEnumerable<char> Marks(ColumnPlan plan) => plan.DecimalMarks.Where((_, file) => files[file].Profiles[plan.Places[file]].HasMark);

        IEnumerable<DateOrder> Orders(ColumnPlan plan) => plan.DateOrders.Where((_, file) => files[file].Profiles[plan.Places[file]].Times.NeedsOrder);
    }

    private void NoteFiles()
    {
        foreach (CsvFile file in files)
        {
            string place = files.Count == 1 ? "" : file.Name + ": ";
            if (file.EncodingNote is { } encoding)
            {
                Notes.Add(place + encoding);
            }
            if (file.Delimiter != ',' && file.Header.Length > 1 && options.Delimiter is null)
            {
                Notes.Add($"{place}Cells are separated by {CsvFile.Describe(file.Delimiter)}.");
            }
            if (!file.HasHeader && (options.HasHeader ?? options.Like?.HasHeader) is null)
            {
                Notes.Add($"{place}The first line holds values, not names: columns are named column1, column2 …");
            }
            if (file.EmptyRows > 0)
            {
                Notes.Add($"{place}{Quantity.Of(file.EmptyRows, "row")} of empty cells left out.");
            }
        }
    }

    private void NoteColumn(string name, ColumnKind kind, char[] marks, DateOrder[] orders, int[] places, ColumnProfile whole)
    {
        if (whole.Count > 0 && whole.Missing > 0)
        {
            Notes.Add($"{Quantity.Of(whole.Missing, "cell")} of '{name}' without a value.");
        }
        if (kind == ColumnKind.Time)
        {
            Notes.AddRange(whole.Times.Notes(name, orders[0], options));
        }
        if (kind != ColumnKind.Number)
        {
            return;
        }
        bool isDoubtful = options.DecimalMark is null && files.Where((file, index) =>
            file.Profiles[places[index]].HasDoubtfulMark && (file.Profiles[places[index]].HasAmbiguousComma || marks[index] == ',') && FileEvidence(file) == (0, 0)).Any();
        string doubt = !isDoubtful ? ""
            : options.Like?.DecimalMark is not null ? "; nothing tells, so it is taken as in the data before"
            : "; nothing tells, so name the decimal mark (--decimal) if that is wrong";
        if (marks.Contains(',') && (isDoubtful || whole.MarkEvidence.Comma > 0) && options.DecimalMark is null)
        {
            Notes.Add($"The comma is the decimal mark in '{name}'{doubt}.");
        }
        else if (whole.Decoration.HasFlag(NumberDecoration.Thousands))
        {
            Notes.Add($"Numbers of '{name}' have thousands separators{doubt}.");
        }
        if (whole.Decoration.HasFlag(NumberDecoration.Percent))
        {
            Notes.Add($"Numbers of '{name}' have percent signs: 12.5% is taken as 12.5.");
        }
        if (whole.Decoration.HasFlag(NumberDecoration.Currency))
        {
            Notes.Add($"Currency signs of '{name}' are left out.");
        }
        if (whole.Decoration.HasFlag(NumberDecoration.Magnitude))
        {
            Notes.Add($"K, M, B, 万 and 亿 behind numbers of '{name}' are taken as 10^3, 10^6, 10^9, 10^4 and 10^8.");
        }
    }

    /// <summary>The column of a further file that has a name; by place where files have no header.</summary>
    private int Place(CsvFile file, string name, int column)
    {
        if (!files[0].HasHeader || !file.HasHeader || files[0].Header[column].Length == 0)
        {
            return column < file.Header.Length
                ? column
                : throw new DataException($"{file.Name} has {file.Header.Length} columns, {files[0].Name} has {files[0].Header.Length}. Files read together have the same columns.", file.Name);
        }
        string[] others = UniqueNames(file);
        int place = Array.FindIndex(others, other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
        return place >= 0
            ? place
            : throw new DataException($"{file.Name} has no column '{name}', as {files[0].Name} has. Its columns are: {string.Join(", ", others)}.", file.Name, column: name);
    }

    /// <summary>The names of a file; those without one are numbered, and the second of two equal ones gets a number too.</summary>
    private string[] UniqueNames(CsvFile file)
    {
        if (_names.TryGetValue(file, out string[]? known))
        {
            return known;
        }
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> numbers = new(StringComparer.OrdinalIgnoreCase);
        string[] names = new string[file.Header.Length];
        for (int i = 0; i < names.Length; i++)
        {
            string name = file.Header[i].Length > 0 ? file.Header[i] : $"column{i + 1}";
            string unique = name;
            while (!taken.Add(unique))
            {
                int number = numbers.GetValueOrDefault(name, 1) + 1;
                numbers[name] = number;
                unique = $"{name}_{number}";
            }
            if (unique != name && file == files[0])
            {
                Notes.Add($"A second column '{name}' is named '{unique}'.");
            }
            names[i] = unique;
        }
        _names.Add(file, names);
        return names;
    }
}
