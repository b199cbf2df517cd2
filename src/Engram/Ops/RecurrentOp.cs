using Engram.Autograd;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <content>A recurrent layer over whole sequences, as one operation.</content>
public static partial class Operations
{
    /// <summary>Output, and the states after the last step; the cell state does not exist where the cell has none.</summary>
    internal static (Tensor Output, Tensor Hidden, Tensor Cell) Recurrent(
        this Pass pass, in RecurrentSpec spec, in RecurrentInputs inputs, in RecurrentParameters<Tensor> parameters, RecurrentCache cache, string name) =>
        RecurrentOp.Forward(pass, spec, inputs, parameters, cache, name);

    private sealed class RecurrentOp : Op
    {
        private RecurrentSpec _spec;
        private RecurrentInputs _inputs;
        private RecurrentParameters<Tensor> _parameters;
        private Tensor _x, _y, _hidden, _cell;
        private DistinctRows? _distinct;
        private RecurrentCache? _cache;
        private RecurrentWeights? _weights;
        private RecurrentSaved? _saved;
        private bool _weightsAreLent;

        public static (Tensor Output, Tensor Hidden, Tensor Cell) Forward(
            Pass pass, in RecurrentSpec spec, in RecurrentInputs inputs, in RecurrentParameters<Tensor> parameters, RecurrentCache cache, string name)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Products);
            int batch = inputs.X.Shape[0], steps = inputs.X.Shape[1];
            bool needsGradient = pass.RecordsGradients
                && (Needs(inputs.X) || Needs(inputs.InitialHidden) || Needs(inputs.InitialCell) || Needs(parameters.Kernel) || Needs(parameters.RecurrentKernel)
                    || Needs(parameters.Bias) || Needs(parameters.Vectors) || Needs(parameters.Projection));
            var hiddenShape = new Shape(batch, spec.Outputs);
            Tensor y = pass.Create(spec.ReturnSequences ? new Shape(batch, steps, spec.Outputs) : hiddenShape, name, needsGradient);
            Tensor hidden = pass.Create(hiddenShape, "final hidden state", needsGradient);
            Tensor cell = spec.Cell.Layout.HasCell ? pass.Create(new Shape(batch, spec.Units), "final cell state", needsGradient) : default;

            // Whoever watches the input wants the gradient of each of its steps.
            DistinctRows? distinct = inputs.X.Body.IsWatched ? null : inputs.X.Body.Distinct?.IfFew(pass);
            Tensor x = distinct?.Vectors ?? inputs.X;
            (RecurrentWeights weights, bool lent) = cache.Get(pass, spec, parameters);
            RecurrentSaved? saved = pass.Backend.RecurrentForward(spec, weights, Arguments(inputs, x, distinct, y, hidden, cell), forGradient: needsGradient);
            if (needsGradient)
            {
                RecurrentOp op = pass.Take<RecurrentOp>();
                (op._spec, op._inputs, op._parameters, op._x, op._distinct, op._y, op._hidden, op._cell) = (spec, inputs, parameters, x, distinct, y, hidden, cell);
                (op._cache, op._weights, op._weightsAreLent, op._saved) = (cache, weights, lent, saved);
            }
            else if (lent)
            {
                cache.Return(weights);
            }
            if (spec.ReturnSequences)
            {
                pass.CarryMask(y, inputs.X);
            }
            return (y, hidden, cell);
        }

        public override void Backward(Pass pass)
        {
            (Storage? dy, Storage? dHidden, Storage? dCell) = (Pass.TryGradient(_y), Pass.TryGradient(_hidden), Pass.TryGradient(_cell));
            if (dy is null && dHidden is null && dCell is null)
            {
                return;
            }
            // Two of these may be one tensor: whatever is asked for first is written first, see RecurrentGradients.
            var gradients = new RecurrentGradients(
                dy, dHidden, dCell,
                pass.GradientTarget(_x), pass.GradientTarget(_inputs.InitialHidden), pass.GradientTarget(_inputs.InitialCell),
                new RecurrentParameters<GradientTarget>(
                    pass.GradientTarget(_parameters.Kernel), pass.GradientTarget(_parameters.RecurrentKernel), pass.GradientTarget(_parameters.Bias),
                    pass.GradientTarget(_parameters.Vectors), pass.GradientTarget(_parameters.Projection)));
            pass.Backend.RecurrentBackward(_spec, _weights!, Arguments(_inputs, _x, _distinct, _y, _hidden, _cell), _saved!, gradients);
            Release();
        }

        public override void Forget()
        {
            Release();
            (_inputs, _parameters, _x, _y, _hidden, _cell) = (default, default, default, default, default, default);
            (_distinct, _cache, _weights) = (null, null, null);
        }

        private void Release()
        {
            _saved?.Release();
            _saved = null;
            if (_weightsAreLent)
            {
                _cache!.Return(_weights!);
                _weightsAreLent = false;
            }
        }

        private static bool Needs(Tensor tensor) => tensor.Exists && tensor.Body.NeedsGradient;

        private static Storage? Memory(Tensor tensor) => tensor.Exists ? tensor.Body.Storage : null;

        private static RecurrentArguments Arguments(in RecurrentInputs inputs, Tensor x, DistinctRows? distinct, Tensor y, Tensor hidden, Tensor cell) => new(
            inputs.X.Shape[0], inputs.X.Shape[1], Memory(x)!, inputs.X.Body.Mask, Memory(inputs.InitialHidden), Memory(inputs.InitialCell),
            Memory(inputs.OperandMask), new ZoneoutArgument(inputs.HiddenZoneout, Memory(inputs.HiddenZoneoutMask)),
            new ZoneoutArgument(inputs.CellZoneout, Memory(inputs.CellZoneoutMask)), Memory(y)!, Memory(hidden), Memory(cell),
            distinct is null ? default : new DistinctInputs(distinct.Count, distinct.Numbers));
    }
}

/// <summary>What goes into a recurrent layer beside its weights; see <see cref="RecurrentArguments"/>. Tensors that do not exist stand for nothing.</summary>
internal record struct RecurrentInputs(Tensor X, Tensor InitialHidden, Tensor InitialCell)
{
    public Tensor OperandMask { get; set; }

    public double HiddenZoneout { get; set; }

    public Tensor HiddenZoneoutMask { get; set; }

    public double CellZoneout { get; set; }

    public Tensor CellZoneoutMask { get; set; }
}
