namespace Engram;

/// <summary>
/// Places the boxes of a summary: each below all that it takes (longest path), and beside one another so that arrows are short. An
/// arrow over several levels gets a place on each between, so that it runs beside the boxes there and not through them
/// (Sugiyama et al. 1981).
/// </summary>
internal sealed class SummaryLayout
{
    private const int Sweeps = 24;
    private const double Gap = 28;
    private const double LaneWidth = 8;

    private readonly List<Place> _places = [];
    private readonly List<List<Place>> _levels = [];
    private readonly List<Place[]> _arrows = [];

    public SummaryLayout(IReadOnlyList<SummaryRow> rows, Func<SummaryRow, double> widthOf)
    {
        var byName = new Dictionary<string, Place>(StringComparer.Ordinal);
        bool connected = rows.Any(row => row.ConnectedTo.Count > 0);
        foreach (SummaryRow row in rows)
        {
            Place[] above = [.. row.ConnectedTo.Select(name => byName[name])];
            int level = connected ? above.Select(place => place.Level + 1).DefaultIfEmpty(0).Max() : _levels.Count;
            Place box = Add(level, widthOf(row));
            byName.Add(row.Name, box);
            foreach (Place from in above)
            {
                _arrows.Add(Lane(from, box));
            }
        }
        Boxes = [.. rows.Select(row => byName[row.Name])];
        Order();
        Spread();
    }

    /// <summary>The rows' places, row by row.</summary>
    public IReadOnlyList<Place> Boxes { get; }

    /// <summary>The places that each arrow goes through, from the box it leaves to the one it enters.</summary>
    public IReadOnlyList<Place[]> Arrows => _arrows;

    public int Levels => _levels.Count;

    public double Width { get; private set; }

    private Place Add(int level, double width)
    {
        while (_levels.Count <= level)
        {
            _levels.Add([]);
        }
        var place = new Place { Level = level, Width = width };
        _levels[level].Add(place);
        _places.Add(place);
        return place;
    }

    private Place[] Lane(Place from, Place to)
    {
        var path = new List<Place> { from };
        for (int level = from.Level + 1; level < to.Level; level++)
        {
            path.Add(Add(level, LaneWidth));
        }
        path.Add(to);
        for (int i = 1; i < path.Count; i++)
        {
            path[i - 1].Below.Add(path[i]);
            path[i].Above.Add(path[i - 1]);
        }
        return [.. path];
    }

    /// <summary>Sorts each level by where its neighbours stand, down and up in turn, which takes most crossings away.</summary>
    private void Order()
    {
        foreach (List<Place> level in _levels)
        {
            Number(level);
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Place> level in down ? _levels : Enumerable.Reverse(_levels))
            {
                Place[] sorted = [.. level.OrderBy(place => Mean(down ? place.Above : place.Below, neighbour => neighbour.Rank, place.Rank))];
                level.Clear();
                level.AddRange(sorted);
                Number(level);
            }
        }
    }

    /// <summary>Moves every place towards the mean of its neighbours as far as those beside it leave room.</summary>
    private void Spread()
    {
        foreach (List<Place> level in _levels)
        {
            Pack(level, [.. level.Select(_ => 0.0)]);
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (List<Place> level in sweep % 2 == 0 ? _levels : Enumerable.Reverse(_levels))
            {
                Pack(level, [.. level.Select(place => Mean([.. place.Above, .. place.Below], neighbour => neighbour.X, place.X))]);
            }
        }
        double left = _places.Min(place => place.X - place.Width / 2);
        foreach (Place place in _places)
        {
            place.X -= left;
        }
        Width = _places.Max(place => place.X + place.Width / 2);
    }

    /// <summary>Places from left to right near where they are wanted, none over another, and none moved more than the rest on the whole.</summary>
    private static void Pack(List<Place> level, double[] wanted)
    {
        double end = double.NegativeInfinity, moved = 0;
        for (int i = 0; i < level.Count; i++)
        {
            level[i].X = Math.Max(wanted[i], end + level[i].Width / 2);
            end = level[i].X + level[i].Width / 2 + Gap;
            moved += level[i].X - wanted[i];
        }
        foreach (Place place in level)
        {
            place.X -= moved / level.Count;
        }
    }

    private static void Number(List<Place> level)
    {
        for (int i = 0; i < level.Count; i++)
        {
            level[i].Rank = i - (level.Count - 1) / 2.0;
        }
    }

    private static double Mean(List<Place> neighbours, Func<Place, double> value, double otherwise) => neighbours.Count == 0 ? otherwise : neighbours.Average(value);

    /// <summary>Where a box stands, or where an arrow passes a level.</summary>
    internal sealed class Place
    {
        /// <summary>Counted from the top.</summary>
        public required int Level { get; init; }

        public required double Width { get; init; }

        /// <summary>Its middle.</summary>
        public double X { get; set; }

        /// <summary>Its number in the level, counted from the middle.</summary>
        public double Rank { get; set; }

        public List<Place> Above { get; } = [];

        public List<Place> Below { get; } = [];
    }
}
