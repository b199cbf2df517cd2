using Engram.Kernels;

namespace Engram.Backends;

/// <content>One step at a time: memory is laid out once, and two slots hold the states before and after the step in turn.</content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <inheritdoc/>
    public override RecurrentStepper CreateStepper(in RecurrentSpec spec, int batch, double hiddenZoneout, double cellZoneout) =>
        new Stepper(
            this, spec with { ReturnSequences = true },
            new RecurrentArguments { Batch = batch, Steps = 1, HiddenZoneout = new(hiddenZoneout, null), CellZoneout = new(cellZoneout, null) });

    private sealed class Stepper : RecurrentStepper
    {
        private readonly CpuRecurrence<T, L, TCell> _recurrence;
        private readonly WalkMemory<T, L> _memory;
        private WalkData<T> _data;

        public Stepper(CpuRecurrence<T, L, TCell> recurrence, in RecurrentSpec spec, in RecurrentArguments arguments)
        {
            _recurrence = recurrence;
            _memory = recurrence.TakeMemory();
            _data = Lay(spec, arguments, _memory, forGradient: false);
        }

        /// <inheritdoc/>
        public override void Step(RecurrentWeights weights, Storage x, Storage y)
        {
            ((CpuRecurrentWeights<T, L, TCell>)weights).PutInto(ref _data);
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

        private void CopyStates(T* states, int width, Storage target, int columns)
        {
            for (int row = 0; row < _data.Batch; row++)
            {
                new Span<T>(states + ((nint)row * _data.StateSlots + _data.Slot(0)) * width, columns).CopyTo(new Span<T>(CpuBackend<T, L>.Pointer(target) + (nint)row * columns, columns));
            }
        }
    }
}
