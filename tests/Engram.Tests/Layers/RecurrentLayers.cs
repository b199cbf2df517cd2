namespace Engram.Tests.Layers;

/// <summary>Every recurrent layer and variant by name, for tests that hold for all of them.</summary>
internal static class RecurrentLayers
{
    /// <summary>Names of all cells.</summary>
    public static readonly string[] Cells = ["lstm", "peephole", "coupled", "layer-norm", "gru", "gru-reset-before", "rnn", "rnn-relu"];

    /// <summary>What a layer can do around its cell.</summary>
    public static readonly string[] Features = ["plain", "backwards", "recurrent dropout", "weight dropout", "zoneout", "projection"];

    /// <summary>Batch, steps, units and whether there is a mask: what gradients are checked at, in every combination.</summary>
    public static IEnumerable<(int Batch, int Steps, int Units, bool Masked)> Sizes =>
        from batch in (int[])[1, 7]
        from steps in (int[])[1, 2, 50]
        from units in (int[])[1, 3, 16, 17, 50]
        from masked in (bool[])[false, true]
        select (batch, steps, units, masked);

    /// <summary>A layer of a cell, every option of which a feature name sets.</summary>
    public static RecurrentLayer Create(string cell, int units, bool sequences = false, string feature = "plain", double clip = double.PositiveInfinity)
    {
        bool backwards = feature == "backwards";
        double recurrent = feature == "recurrent dropout" ? 0.4 : 0, weights = feature == "weight dropout" ? 0.3 : 0, zoneout = feature == "zoneout" ? 0.3 : 0;
        LstmVariant variant = cell switch
        {
            "peephole" => LstmVariant.Peephole,
            "coupled" => LstmVariant.Coupled,
            "layer-norm" => LstmVariant.LayerNorm,
            _ => LstmVariant.Standard,
        };
        return cell switch
        {
            "gru" or "gru-reset-before" => new Gru(units)
            {
                ResetAfter = cell == "gru", ReturnSequences = sequences, GoBackwards = backwards,
                RecurrentDropout = recurrent, WeightDropout = weights, Zoneout = zoneout, Clip = clip,
            },
            "rnn" or "rnn-relu" => new SimpleRnn(units, cell == "rnn" ? Activation.Tanh : Activation.ReLU)
            {
                ReturnSequences = sequences, GoBackwards = backwards, RecurrentDropout = recurrent, WeightDropout = weights, Zoneout = zoneout, Clip = clip,
            },
            _ => new Lstm(units)
            {
                Variant = variant, ReturnSequences = sequences, GoBackwards = backwards, RecurrentDropout = recurrent, WeightDropout = weights,
                Zoneout = zoneout, CellZoneout = zoneout / 2, Clip = clip, Projection = feature == "projection" ? Math.Max(1, units / 2) : 0,
            },
        };
    }

    /// <summary>Whether a cell has a feature.</summary>
    public static bool Has(string cell, string feature) => feature != "projection" || cell is "lstm" or "peephole" or "coupled" or "layer-norm";

    /// <summary>Applies a layer from a state, whatever kind it is of; a hidden state alone serves layers without a cell state.</summary>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Apply(this RecurrentLayer layer, Pass pass, Tensor x, Tensor hidden, Tensor cell)
    {
        switch (layer)
        {
            case Lstm lstm:
                (Tensor output, LstmState state) = lstm.Apply(pass, x, hidden.Exists ? new LstmState(hidden, cell) : null);
                return (output, state.Hidden, state.Cell);
            case Gru gru:
                (output, hidden) = gru.Apply(pass, x, hidden.Exists ? hidden : null);
                return (output, hidden, default);
            default:
                (output, hidden) = ((SimpleRnn)layer).Apply(pass, x, hidden.Exists ? hidden : null);
                return (output, hidden, default);
        }
    }

    /// <summary>Patterns of padding: right, left, gaps and a row without a real step, in turn.</summary>
    public static SequenceMask Mask(int batch, int steps, int seed = 0)
    {
        var random = new Random(seed);
        bool[] pattern = new bool[batch * steps];
        for (int row = 0; row < batch; row++)
        {
            int length = random.Next(steps + 1), kind = (row + seed) % 4;
            for (int step = 0; step < steps; step++)
            {
                pattern[row * steps + step] = kind switch
                {
                    0 => step < Math.Max(1, length),
                    1 => step >= length,
                    2 => random.Next(2) == 0,
                    _ => false,
                };
            }
        }
        return SequenceMask.FromPattern(pattern, batch, steps);
    }
}
