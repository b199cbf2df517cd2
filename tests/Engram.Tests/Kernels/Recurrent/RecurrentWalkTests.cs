using System.Runtime.InteropServices;
using Engram.Backends;

namespace Engram.Tests.Kernels;

/// <summary>
/// Walks of every cell with options drawn at random, the way there and back: the same bits on one thread, four and nine, and what the plain twin of one number
/// at a time computes. Before each, a walk over what is no number has spoiled the memory.
/// </summary>
public sealed class RecurrentWalkTests
{
    private static readonly Dictionary<string, RecurrentCell> Cells = new()
    {
        ["lstm"] = RecurrentCell.Lstm,
        ["peephole"] = RecurrentCell.PeepholeLstm,
        ["coupled"] = RecurrentCell.CoupledLstm,
        ["layer-norm"] = RecurrentCell.LayerNormLstm,
        ["gru"] = RecurrentCell.Gru,
        ["gru-reset-before"] = RecurrentCell.GruResetBefore,
        ["tanh"] = RecurrentCell.TanhRnn,
        ["relu"] = RecurrentCell.ReluRnn,
    };

    public static TheoryData<string> Names => [.. Cells.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Walks_are_those_of_the_plain_twin_on_any_number_of_threads(string name)
    {
        RecurrentCell cell = Cells[name];
        using IBackend plain = CpuBackend.Create(1, InstructionTier.Scalar, doublePrecision: true), alone = CpuBackend.Create(1, CpuBackend.WidestTier, doublePrecision: true);
        // Threads that need no time to meet share units wherever they can.
        using IBackend together = CpuBackend.Create(4, CpuBackend.WidestTier, doublePrecision: true), many = CpuBackend.Create(9, CpuBackend.WidestTier, doublePrecision: true, meeting: 0);
        for (int seed = 0; seed < 30; seed++)
        {
            var walk = new Walk(cell, new RandomStream(seed));
            walk.Run(alone, spoiled: true);
            walk.Run(together, spoiled: true);
            double[] one = walk.Run(alone), expected = walk.Run(plain);
            foreach (IBackend several in (IBackend[])[together, many])
            {
                double[] shared = walk.Run(several);
                Assert.True(MemoryMarshal.AsBytes<double>(one).SequenceEqual(MemoryMarshal.AsBytes<double>(shared)), $"{walk}: other bits on {(several == many ? 9 : 4)} threads: {First(one, shared, 0)}");
            }
            Assert.True(First(expected, one, 1e-9) < 0, $"{walk}: not what the plain twin computes at {First(expected, one, 1e-9)}: {expected.ElementAtOrDefault(First(expected, one, 1e-9))} {one.ElementAtOrDefault(First(expected, one, 1e-9))}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Different_inputs_given_once_are_inputs_of_every_step(string name)
    {
        using IBackend backend = CpuBackend.Create(3, CpuBackend.WidestTier, doublePrecision: true);
        for (int seed = 0; seed < 40; seed++)
        {
            var walk = new Walk(Cells[name], new RandomStream(1000 + seed), fewInputs: true);
            walk.Run(backend, spoiled: true);
            double[] expected = walk.Run(backend, stepByStep: true), actual = walk.Run(backend);
            Assert.True(First(expected[..walk.Outputs], actual[..walk.Outputs], 0) < 0, $"{walk}: other bits on the way there at {First(expected, actual, 0)}");
            Assert.True(First(expected, actual, 1e-10) < 0, $"{walk}: {First(expected, actual, 1e-10)}: {expected.ElementAtOrDefault(First(expected, actual, 1e-10))} {actual.ElementAtOrDefault(First(expected, actual, 1e-10))}");
        }
    }

    private static int First(double[] expected, double[] actual, double tolerance) =>
        Array.FindIndex([.. expected.Zip(actual)], pair => !(Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First))));

    private sealed class Walk
    {
        private readonly RandomStream _random;
        private readonly RecurrentSpec _spec;
        private readonly int _batch, _steps;
        private readonly SequenceMask? _mask;
        private readonly bool _starts, _drops, _accumulates, _wantsStates, _drawsZoneout, _trains;
        private readonly double _hiddenZoneout, _cellZoneout;
        private readonly int[]? _inputNumbers;
        private int _drawn;

        public Walk(RecurrentCell cell, RandomStream random, bool fewInputs = false)
        {
            _random = random;
            int units = Draw(4) == 0 ? 1 + Draw(200) : Draw(2) == 0 ? 60 + Draw(80) : 1 + Draw(33), outputs = cell.Layout.HasCell && Draw(3) == 0 ? 1 + Draw(units) : units;
            (_batch, _steps) = (Draw(4) == 0 ? 1 : 1 + Draw(13), Draw(6) == 0 ? Draw(2) : Draw(4) == 0 ? 5 + Draw(12) : 1 + Draw(5));
            int inputs = 1 + Draw(40), size = Draw(6);
            if (size < 2)
            {
                // Few weights, for many sequences, whose parts then have sums of their own, or for more steps than are summed in one go.
                (units, outputs, inputs) = (1 + units % 20, units == outputs ? 1 + units % 20 : 1, 1 + inputs % 5);
                (_batch, _steps) = size == 0 ? (32 + Draw(120), 20 + Draw(20)) : (1 + Draw(3), 500 + Draw(600));
            }
            _spec = new RecurrentSpec(cell, inputs, units, outputs, ReturnSequences: Draw(2) == 0, Reverse: Draw(3) == 0);
            int[] real = [.. Enumerable.Range(0, _batch).Select(_ => Draw(4))]; // thirds of the steps; none and all more than sometimes
            _mask = Draw(2) == 0 ? null : SequenceMask.FromPattern([.. Enumerable.Range(0, _batch * _steps).Select(i => Draw(3) < real[i / _steps])], _batch, _steps);
            (_starts, _drops, _accumulates, _wantsStates, _drawsZoneout, _trains) = (Draw(2) == 0, Draw(3) == 0, Draw(2) == 0, Draw(2) == 0, Draw(2) == 0, Draw(4) > 0);
            (_hiddenZoneout, _cellZoneout) = (Draw(3) == 0 ? 0.3 : 0, Draw(3) == 0 ? 0.2 : 0);
            if (fewInputs || Draw(3) == 0)
            {
                DifferentInputs = 1 + Draw(20); // of which some may never be taken
                _inputNumbers = [.. Enumerable.Range(0, _batch * _steps).Select(_ => Draw(DifferentInputs))];
            }
        }

        /// <summary>Different inputs; 0 where every step has its own.</summary>
        public int DifferentInputs { get; }

        /// <summary>How many of the results come from the way there.</summary>
        public int Outputs { get; private set; }

        public override string ToString() =>
            $"{_spec}, batch {_batch}, steps {_steps}, mask {(_mask is null ? "-" : string.Join(' ', _mask.Lengths.ToArray()))}, starts {_starts}, drops {_drops}, accumulates {_accumulates}, states {_wantsStates}, zoneout {_hiddenZoneout} {_cellZoneout} {_drawsZoneout}, trains {_trains}, different inputs {DifferentInputs}";

        /// <param name="backend">What walks.</param>
        /// <param name="spoiled">Whether nothing is a number, and memory is left so.</param>
        /// <param name="stepByStep">Whether every step is given its input, even where there are a few different ones.</param>
        public double[] Run(IBackend backend, bool spoiled = false, bool stepByStep = false)
        {
            _drawn = 1000;
            CellLayout layout = _spec.Cell.Layout;
            (int units, int outputs, int inputs) = (_spec.Units, _spec.Outputs, _spec.Inputs);
            int sizeY = _batch * outputs * (_spec.ReturnSequences ? _steps : 1);
            var results = new List<double>();
            var rented = new List<Storage>();
            var parameters = new RecurrentParameters<Storage>(
                Numbers(inputs * layout.InputBlocks * units), Numbers(outputs * layout.RecurrentBlocks * units), layout.BiasBlocks > 0 ? Numbers(layout.BiasBlocks * units) : null,
                layout.WeightVectors > 0 ? Numbers(layout.WeightVectors * units) : null, outputs != units ? Numbers(units * outputs) : null);
            Storage y = Rent(sizeY);
            Storage? finalHidden = _wantsStates ? Rent(_batch * outputs) : null, finalCell = _wantsStates && layout.HasCell ? Rent(_batch * units) : null;
            int differentInputs = DifferentInputs > 0 ? DifferentInputs : _batch * _steps;
            Storage x = Numbers(differentInputs * inputs);
            stepByStep &= _inputNumbers is not null;
            var arguments = new RecurrentArguments(
                _batch, _steps, stepByStep ? Store(ToSteps(Values(x, differentInputs * inputs), inputs)) : x, _mask, _starts ? Numbers(_batch * outputs) : null, _starts && layout.HasCell ? Numbers(_batch * units) : null,
                _drops && _trains ? Mask(_batch * outputs, 0.25, 1 / 0.75) : null,
                new(_hiddenZoneout, _hiddenZoneout > 0 && _drawsZoneout && _trains ? Mask(_batch * _steps * outputs, 0.7, 1) : null),
                new(_cellZoneout, _cellZoneout > 0 && _drawsZoneout && _trains ? Mask(_batch * _steps * units, 0.8, 1) : null), y, finalHidden, finalCell,
                _inputNumbers is null || stepByStep ? default : new DistinctInputs(DifferentInputs, _inputNumbers));
            RecurrentWeights weights = backend.PrepareRecurrent(_spec, parameters, null);
            RecurrentSaved? saved = backend.RecurrentForward(_spec, weights, arguments, _trains);
            Take(y, sizeY);
            Take(finalHidden, _batch * outputs);
            Take(finalCell, _batch * units);
            Outputs = results.Count;
            if (saved is not null)
            {
                GradientTarget ofInputs = Target(differentInputs * inputs), ofSteps = stepByStep && ofInputs.Storage is not null ? new(Rent(_batch * _steps * inputs), false) : ofInputs;
                var gradients = new RecurrentGradients(
                    Numbers(sizeY), _wantsStates ? Numbers(_batch * outputs) : null, _wantsStates && layout.HasCell ? Numbers(_batch * units) : null,
                    ofSteps, _starts ? Target(_batch * outputs) : default, _starts && layout.HasCell ? Target(_batch * units) : default,
                    new RecurrentParameters<GradientTarget>(
                        Target(inputs * layout.InputBlocks * units), Target(outputs * layout.RecurrentBlocks * units), layout.BiasBlocks > 0 ? Target(layout.BiasBlocks * units) : default,
                        layout.WeightVectors > 0 ? Target(layout.WeightVectors * units) : default, outputs != units ? Target(units * outputs) : default));
                backend.RecurrentBackward(_spec, weights, arguments, saved, gradients);
                saved.Release();
                if (ofSteps != ofInputs)
                {
                    double[] sums = ofInputs.Accumulate ? Values(ofInputs.Storage!, differentInputs * inputs) : new double[differentInputs * inputs];
                    AddSteps(Values(ofSteps.Storage!, _batch * _steps * inputs), inputs, sums);
                    results.AddRange(sums);
                }
                else
                {
                    Take(ofInputs.Storage, differentInputs * inputs);
                }
                Take(gradients.InitialHidden.Storage, _batch * outputs);
                Take(gradients.InitialCell.Storage, _batch * units);
                Take(gradients.Parameters.Kernel.Storage, inputs * layout.InputBlocks * units);
                Take(gradients.Parameters.RecurrentKernel.Storage, outputs * layout.RecurrentBlocks * units);
                Take(gradients.Parameters.Bias.Storage, layout.BiasBlocks * units);
                Take(gradients.Parameters.Vectors.Storage, layout.WeightVectors * units);
                Take(gradients.Parameters.Projection.Storage, units * outputs);
            }
            foreach (Storage storage in rented)
            {
                if (spoiled)
                {
                    backend.Fill(storage, double.NaN, storage.Length, accumulate: false);
                }
                backend.Return(storage);
            }
            return [.. results];

            Storage Rent(int count)
            {
                Storage storage = backend.Rent(count);
                rented.Add(storage);
                return storage;
            }

            Storage Store(double[] values)
            {
                Storage storage = Rent(values.Length);
                backend.Write(storage, values);
                return storage;
            }

            Storage Numbers(int count)
            {
                RandomStream numbers = _random.Derive(_drawn++);
                return Store([.. Enumerable.Range(0, count).Select(i => spoiled ? double.NaN : 0.4 * numbers.Normal(i))]);
            }

            Storage Mask(int count, double rate, double value)
            {
                RandomStream numbers = _random.Derive(_drawn++);
                return Store([.. Enumerable.Range(0, count).Select(i => spoiled ? double.NaN : numbers.Uniform(i) < rate ? 0 : value)]);
            }

            GradientTarget Target(int count) => Draw(6) == 0 ? default : new(_accumulates ? Numbers(count) : Rent(count), _accumulates);

            void Take(Storage? storage, int count)
            {
                if (storage is not null)
                {
                    results.AddRange(Values(storage, count));
                }
            }

            double[] Values(Storage storage, int count)
            {
                double[] values = new double[count];
                backend.Read(storage, values);
                return values;
            }
        }

        private double[] ToSteps(double[] different, int size) => [.. _inputNumbers!.SelectMany(number => different.AsSpan(number * size, size).ToArray())];

        private void AddSteps(double[] steps, int size, double[] different)
        {
            for (int i = 0; i < steps.Length; i++)
            {
                different[_inputNumbers![i / size] * size + i % size] += steps[i];
            }
        }

        private int Draw(int below) => (int)(_random.Uniform(_drawn++) * 0.999999 * below);
    }
}
