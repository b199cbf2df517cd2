using System.Numerics;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Backends;

/// <summary>The recurrent operations of <see cref="IBackend"/> for one cell on a CPU.</summary>
internal abstract class CpuRecurrence<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public abstract RecurrentWeights Prepare(in RecurrentSpec spec, in RecurrentParameters<Storage> parameters, RecurrentWeights? reuse);

    public abstract RecurrentStepper CreateStepper(in StepperSpec spec);

    public abstract RecurrentSaved? Forward(in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, bool forGradient);

    public abstract void Backward(
        in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, RecurrentSaved saved, in RecurrentGradients gradients);
}

/// <summary>Memory, sharding and order of sequences around the walk of <see cref="RecurrentWalk{T, L, TCell}"/>.</summary>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>(CpuBackend<T, L> backend) : CpuRecurrence<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
    where TCell : struct, ICell<T, L>
{
    /// <summary>Inputs from which on it pays to multiply those of several steps together; with one or two there is hardly anything to read.</summary>
    private const int FewestInputsAhead = 8;

    private readonly Stack<WalkMemory<T, L>> _memories = new();

    private static int WholePanels(int columns) => Product<T, L>.Panels(columns) * PanelKernel<T, L>.Width;

    private static int WholeVectors(int columns) => (columns + L.Count - 1) / L.Count * L.Count;

    /// <inheritdoc/>
    public override RecurrentWeights Prepare(in RecurrentSpec spec, in RecurrentParameters<Storage> parameters, RecurrentWeights? reuse)
    {
        CpuRecurrentWeights<T, L, TCell> packed = reuse is CpuRecurrentWeights<T, L, TCell> free && free.Fits(spec) ? free : new CpuRecurrentWeights<T, L, TCell>(backend, spec);
        packed.Pack(parameters);
        return packed;
    }

    /// <inheritdoc/>
    public override RecurrentSaved? Forward(in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, bool forGradient)
    {
        WalkMemory<T, L> memory = TakeMemory();
        var packed = (CpuRecurrentWeights<T, L, TCell>)weights;
        WalkData<T> data = Lay(spec, arguments, memory, forGradient);
        packed.PutInto(ref data);
        data.FirstTurn = packed.NextTurn(data.Steps);
        memory.Data = data;
        if (data.DistinctInputs == 0)
        {
            Walk(ref data);
        }
        else
        {
            CpuStorage<T> sums = backend.Pool.Rent(RowsOfSums(data) * CellPacking<T, L, TCell>.GateRow(data.Units));
            data.InputSums = sums.Pointer;
            SumInputs(data);
            Walk(ref data);
            backend.Pool.Return(sums);
        }
        GC.KeepAlive(weights); // the walk sees their pointers only

        if (memory.Order.IsSorted && spec.ReturnSequences)
        {
            memory.Order.ScatterStates(data.Hidden, data.HiddenWidth, CpuBackend<T, L>.Pointer(arguments.Y), data.Outputs);
        }
        else if (!spec.ReturnSequences)
        {
            CopyFinal(memory, data.Hidden, data.HiddenWidth, arguments.Y, data.Outputs);
        }
        CopyFinal(memory, data.Hidden, data.HiddenWidth, arguments.FinalHidden, data.Outputs);
        CopyFinal(memory, data.Cells, CellPacking<T, L, TCell>.Padded(data.Units), arguments.FinalCell, data.Units);
        if (forGradient)
        {
            return memory;
        }
        memory.Release();
        return null;
    }

    /// <summary>Lays out the memory of a walk, and fills in what stands there before the first step.</summary>
    private static WalkData<T> Lay(in RecurrentSpec spec, in RecurrentArguments arguments, WalkMemory<T, L> memory, bool forGradient)
    {
        SequenceOrder<T> order = memory.Order;
        order.Arrange(arguments.Mask, arguments.Batch, arguments.Steps, spec.Reverse);
        (int batch, int steps, int units, int outputs) = (arguments.Batch, order.Steps, spec.Units, spec.Outputs);
        bool projects = units != outputs;
        int padded = CellPacking<T, L, TCell>.Padded(units), hiddenWidth = projects ? WholeVectors(outputs) : padded;
        bool sumsAhead = arguments.Distinct.Count == 0 && batch == 1 && steps > 1 && spec.Inputs >= FewestInputsAhead && RecurrentWalk<T, L, TCell>.MaySumInputsAhead;
        int slots = forGradient || (order.IsSorted && spec.ReturnSequences) ? steps + 1 : 2, kept = forGradient ? steps : sumsAhead ? Math.Min(steps, L.RowsInRegisters) : 1;
        long states = (long)batch * slots, keptStates = (long)batch * kept;
        var data = new WalkData<T>
        {
            Batch = batch, Steps = steps, Inputs = spec.Inputs, Units = units, Outputs = outputs,
            Lengths = order.Lengths, Active = order.Active,
            Clip = T.CreateTruncating(spec.Clip), StateSlots = slots, HiddenWidth = hiddenWidth, KeptSteps = kept, SumsInputsAhead = sumsAhead, StartsAtZero = arguments.InitialHidden is null,
            Hidden = memory.Rent(states * hiddenWidth),
        };
        data.X = CpuBackend<T, L>.Pointer(arguments.X);
        if (arguments.Distinct.Count > 0)
        {
            data.DistinctInputs = arguments.Distinct.Count;
            data.InputNumbers = memory.RentNumbers((long)batch * steps);
            order.GatherNumbers(arguments.Distinct.Numbers.Span, data.InputNumbers);
        }
        else if (order.IsSorted)
        {
            T* x = memory.Rent((long)batch * steps * spec.Inputs);
            order.Gather(data.X, spec.Inputs, x);
            data.X = x;
        }
        order.CopyRowsIn(CpuBackend<T, L>.Pointer(arguments.InitialHidden), outputs, data.Hidden, slots * hiddenWidth, hiddenWidth);
        if (TCell.HasCell)
        {
            data.Cells = memory.Rent(states * padded);
            order.CopyRowsIn(CpuBackend<T, L>.Pointer(arguments.InitialCell), units, data.Cells, slots * padded, padded);
        }
        if (forGradient || sumsAhead || TCell.Phases > 1)
        {
            data.Gates = memory.Rent(keptStates * CellPacking<T, L, TCell>.GateRow(units));
        }
        data.Gated = TCell.SecondProductPhase > 0 ? memory.Rent(keptStates * padded) : null;
        data.Unprojected = projects ? memory.Rent(keptStates * padded) : null;
        data.Statistics = TCell.Statistics > 0 ? memory.Rent(keptStates * TCell.Statistics) : null;
        data.Sequences = spec.ReturnSequences && !order.IsSorted ? CpuBackend<T, L>.Pointer(arguments.Y) : null;
        if (arguments.OperandMask is not null)
        {
            data.OperandMask = memory.Rent((long)batch * hiddenWidth);
            order.CopyRowsIn(CpuBackend<T, L>.Pointer(arguments.OperandMask), outputs, data.OperandMask, hiddenWidth, hiddenWidth);
            data.Operand = memory.Rent(states * hiddenWidth);
            for (int row = 0; row < batch; row++)
            {
                nint place = (nint)row * slots * hiddenWidth;
                System.Numerics.Tensors.TensorPrimitives.Multiply(
                    new ReadOnlySpan<T>(data.Hidden + place, hiddenWidth), new ReadOnlySpan<T>(data.OperandMask + (nint)row * hiddenWidth, hiddenWidth),
                    new Span<T>(data.Operand + place, hiddenWidth));
            }
        }
        data.HiddenKeep = memory.Shares(arguments.HiddenZoneout, arguments.Steps, outputs, hiddenWidth);
        if (TCell.HasCell)
        {
            data.CellKeep = memory.Shares(arguments.CellZoneout, arguments.Steps, units, padded);
            data.RawCells = data.CellKeep.Exist ? memory.Rent(keptStates * padded) : null;
        }
        return data;
    }

    /// <summary>The state after the last step of each sequence.</summary>
    private static void CopyFinal(WalkMemory<T, L> memory, T* states, int width, Storage? target, int columns)
    {
        if (target is null)
        {
            return;
        }
        for (int row = 0; row < memory.Data.Batch; row++)
        {
            int slot = memory.Data.Slot(memory.Data.LengthOf(row));
            var from = new ReadOnlySpan<T>(states + ((nint)row * memory.Data.StateSlots + slot) * width, columns);
            from.CopyTo(new Span<T>(CpuBackend<T, L>.Pointer(target) + (nint)memory.Order.Row(row) * columns, columns));
        }
    }

    private WalkMemory<T, L> TakeMemory()
    {
        lock (_memories)
        {
            return _memories.TryPop(out WalkMemory<T, L>? memory) ? memory : new WalkMemory<T, L>(backend.Pool, _memories);
        }
    }
}
