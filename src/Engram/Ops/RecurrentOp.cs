using Engram.Autograd;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <content>A recurrent layer over whole sequences, as one operation.</content>
public static partial class Operations
{
    internal static (Tensor Output, Tensor Hidden, Tensor Cell) Recurrent(
        this Pass pass, in RecurrentSpec spec, Tensor x, Tensor initialHidden, Tensor initialCell,
        Tensor kernel, Tensor recurrentKernel, Tensor bias, RecurrentCache cache, string name) =>
        RecurrentOp.Forward(pass, spec, x, initialHidden, initialCell, kernel, recurrentKernel, bias, cache, name);

    private sealed class RecurrentOp : Op
    {
        private RecurrentSpec _spec;
        private Tensor _x, _initialHidden, _initialCell, _kernel, _recurrentKernel, _bias, _y, _hidden, _cell;
        private RecurrentWeights? _weights;
        private RecurrentSaved? _saved;

        public static (Tensor Output, Tensor Hidden, Tensor Cell) Forward(
            Pass pass, in RecurrentSpec spec, Tensor x, Tensor initialHidden, Tensor initialCell,
            Tensor kernel, Tensor recurrentKernel, Tensor bias, RecurrentCache cache, string name)
        {
            int batch = x.Shape[0], steps = x.Shape[1];
            bool needsGradient = pass.RecordsGradients
                && (Needs(x) || Needs(initialHidden) || Needs(initialCell) || Needs(kernel) || Needs(recurrentKernel) || Needs(bias));
            var stateShape = new Shape(batch, spec.Units);
            Tensor y = pass.Create(spec.ReturnSequences ? new Shape(batch, steps, spec.Units) : stateShape, name, needsGradient);
            Tensor hidden = pass.Create(stateShape, name + " final hidden state", needsGradient);
            Tensor cell = pass.Create(stateShape, name + " final cell state", needsGradient);

            RecurrentWeights weights = cache.Get(pass, spec, kernel, recurrentKernel, bias);
            RecurrentSaved? saved = pass.Backend.RecurrentForward(
                spec, weights, Arguments(x, initialHidden, initialCell, y, hidden, cell), forGradient: needsGradient);
            if (needsGradient)
            {
                RecurrentOp op = pass.Take<RecurrentOp>();
                (op._spec, op._x, op._initialHidden, op._initialCell) = (spec, x, initialHidden, initialCell);
                (op._kernel, op._recurrentKernel, op._bias) = (kernel, recurrentKernel, bias);
                (op._y, op._hidden, op._cell, op._weights, op._saved) = (y, hidden, cell, weights, saved);
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
                pass.GradientTarget(_x), pass.GradientTarget(_initialHidden), pass.GradientTarget(_initialCell),
                pass.GradientTarget(_kernel), pass.GradientTarget(_recurrentKernel), pass.GradientTarget(_bias));
            pass.Backend.RecurrentBackward(
                _spec, _weights!, Arguments(_x, _initialHidden, _initialCell, _y, _hidden, _cell), _saved!, gradients);
            ReleaseSaved();
        }

        public override void Forget()
        {
            ReleaseSaved();
            _x = _initialHidden = _initialCell = _kernel = _recurrentKernel = _bias = _y = _hidden = _cell = default;
            _weights = null;
        }

        private void ReleaseSaved()
        {
            _saved?.Release();
            _saved = null;
        }

        private static bool Needs(Tensor tensor) => tensor.Exists && tensor.Body.NeedsGradient;

        private static Storage? Memory(Tensor tensor) => tensor.Exists ? tensor.Body.Storage : null;

        private static RecurrentArguments Arguments(Tensor x, Tensor h, Tensor c, Tensor y, Tensor hidden, Tensor cell) => new(
            x.Shape[0], x.Shape[1], Memory(x)!, Memory(h), Memory(c), Memory(y)!, Memory(hidden), Memory(cell));
    }
}
