using Engram.Kernels;

namespace Engram.Backends;

/// <content>One step at a time: memory is laid out once, and two slots hold the states before and after the step in turn.</content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <inheritdoc/>
    public override RecurrentStepper CreateStepper(in StepperSpec spec) => new Stepper(this, spec);

    private sealed class Stepper : RecurrentStepper
    {
        private readonly CpuRecurrence<T, L, TCell> _recurrence;
        private readonly WalkMemory<T, L> _memory;
        private readonly bool _halves;
        private CpuRecurrentWeights<T, L, TCell>? _weights;
        private CpuStorage<T>? _kernel, _recurrentKernel, _secondKernel;
        private long _version;
        private WalkData<T> _data;

        public Stepper(CpuRecurrence<T, L, TCell> recurrence, in StepperSpec spec)
        {
            _recurrence = recurrence;
            _memory = recurrence.TakeMemory();
            _halves = spec.Weights == WeightPrecision.BFloat16 && typeof(T) == typeof(float);
            _data = Lay(
                spec.Layer with { ReturnSequences = true },
                new RecurrentArguments { Batch = spec.Batch, Steps = 1, HiddenZoneout = new(spec.HiddenZoneout, null), CellZoneout = new(spec.CellZoneout, null) },
                _memory, forGradient: false);
        }

        /// <inheritdoc/>
        public override void Step(RecurrentWeights weights, Storage x, Storage y)
        {
            Take((CpuRecurrentWeights<T, L, TCell>)weights);
            _data.X = CpuBackend<T, L>.Pointer(x);
            _data.Sequences = CpuBackend<T, L>.Pointer(y);
            _recurrence.Walk(ref _data);
            GC.KeepAlive(weights); // the walk sees their pointers only
            _data.FirstSlot ^= 1;
            _data.FirstTurn ^= 1;
            _data.StartsAtZero = false;
        }

        /// <inheritdoc/>
        public override void Read(Storage hidden, Storage? cell)
        {
            CopyStates(_data.Hidden, _data.HiddenWidth, hidden, _data.Outputs);
            if (cell is not null)
            {
                CopyStates(_data.Cells, CellPacking<T, L, TCell>.Padded(_data.Units), cell, _data.Units);
            }
        }

        /// <inheritdoc/>
        public override void Reset()
        {
            new Span<T>(_data.Hidden, 2 * _data.Batch * _data.HiddenWidth).Clear();
            if (TCell.HasCell)
            {
                new Span<T>(_data.Cells, 2 * _data.Batch * CellPacking<T, L, TCell>.Padded(_data.Units)).Clear();
            }
            _data.StartsAtZero = true;
        }

        private void Take(CpuRecurrentWeights<T, L, TCell> weights)
        {
            if (weights == _weights && weights.Version == _version)
            {
                return;
            }
            (_weights, _version) = (weights, weights.Version);
            weights.PutInto(ref _data);
            if (_halves)
            {
                _data.HalfKernel = Halve(_data.Kernel, _data.Inputs, TCell.InputSlots, ref _kernel);
                _data.HalfRecurrentKernel = Halve(_data.RecurrentKernel, _data.Outputs, TCell.RecurrentSlots, ref _recurrentKernel);
                _data.HalfSecondKernel = _data.SecondKernel is null ? null : Halve(_data.SecondKernel, _data.Units, 1, ref _secondKernel);
            }
        }

        /// <summary>Weights of some slots, [panels, rows, vectors], in half the bytes; each panel begins where it would if all were as wide as the first.</summary>
        private uint* Halve(T* packed, int rows, int slots, ref CpuStorage<T>? half)
        {
            int panels = CellPacking<T, L, TCell>.Panels(_data.Units), vectors = slots * TCell.UnitVectors;
            long length = (long)rows * HalfKernel<T, L>.RowLength(vectors);
            half ??= new CpuStorage<T>(panels * length);
            for (int panel = 0; panel < panels; panel++)
            {
                HalfKernel<T, L>.Pack(
                    (float*)packed + (long)panel * rows * vectors * L.Count, rows, CellPacking<T, L, TCell>.Vectors(_data.Units, panel, slots), (uint*)half.Pointer + panel * length);
            }
            return (uint*)half.Pointer;
        }

        private void CopyStates(T* states, int width, Storage target, int columns)
        {
            for (int row = 0; row < _data.Batch; row++)
            {
                new Span<T>(states + ((nint)row * _data.StateSlots + _data.Slot(0)) * width, columns).CopyTo(new Span<T>(CpuBackend<T, L>.Pointer(target) + (nint)row * columns, columns));
            }
        }
    }
}
