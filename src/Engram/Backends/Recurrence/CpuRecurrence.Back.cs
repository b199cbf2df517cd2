using Engram.Kernels;

namespace Engram.Backends;

/// <content>The way back: gradients in, the walk, gradients of weights and inputs out.</content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <summary>Parts of the sequences that have sums of weights' gradients of their own: at most so many, of no fewer sequences and steps on average, and no more sums in all.</summary>
    private const int MostParts = 8, SequencesOfPart = 16, StepsOfPart = 512, MostSums = 1 << 20;

    /// <inheritdoc/>
    public override void Backward(
        in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, RecurrentSaved saved, in RecurrentGradients gradients)
    {
        var packed = (CpuRecurrentWeights<T, L, TCell>)weights;
        var memory = (WalkMemory<T, L>)saved;
        WalkData<T> data = memory.Data;
        SequenceOrder<T> order = memory.Order;
        LayBack(spec, packed, gradients, memory, ref data);
        WalkBack(ref data);

        order.CopyRowsOut(
            data.HiddenGradient, data.GradientWidth, CpuBackend<T, L>.Pointer(gradients.InitialHidden.Storage), data.Outputs, gradients.InitialHidden.Accumulate);
        if (TCell.HasCell)
        {
            order.CopyRowsOut(
                data.CellGradient, CellPacking<T, L, TCell>.Padded(data.Units), CpuBackend<T, L>.Pointer(gradients.InitialCell.Storage), data.Units, gradients.InitialCell.Accumulate);
        }
        bool wantsKernel = gradients.Parameters.Kernel.Storage is not null;
        T* deltas = data.DistinctInputs > 0 && (wantsKernel || gradients.X.Storage is not null) ? SumDeltas(data, memory) : null;
        if (deltas is not null && wantsKernel)
        {
            KernelGradient(data, deltas, gradients.Parameters.Kernel);
        }
        WeightGradients(data, gradients.Parameters);
        if (gradients.X.Storage is not null)
        {
            packed.RefreshKernelTransposed(replacing: wantsKernel);
            InputGradient(packed, data, deltas, memory, gradients.X);
        }
        GC.KeepAlive(packed); // the walk sees its pointers only
    }

    private static void LayBack(
        in RecurrentSpec spec, CpuRecurrentWeights<T, L, TCell> packed, in RecurrentGradients gradients, WalkMemory<T, L> memory, ref WalkData<T> data)
    {
        SequenceOrder<T> order = memory.Order;
        (int batch, int units, int outputs) = (data.Batch, data.Units, data.Outputs);
        int padded = CellPacking<T, L, TCell>.Padded(units);
        nint gateRow = CellPacking<T, L, TCell>.GateRow(units);
        packed.RefreshTransposed(replacing: gradients.Parameters.RecurrentKernel.Storage is not null);
        data.RecurrentTransposed = packed.RecurrentTransposed!.Pointer;
        data.SecondTransposed = CpuBackend<T, L>.Pointer(packed.SecondTransposed);
        data.ProjectionTransposed = CpuBackend<T, L>.Pointer(packed.ProjectionTransposed);
        data.GradientWidth = WholePanels(outputs);
        data.HiddenGradient = memory.Rent((long)batch * data.GradientWidth);
        data.WantsInitialGradient = gradients.InitialHidden.Storage is not null;
        T* y = CpuBackend<T, L>.Pointer(gradients.Y);
        if (!spec.ReturnSequences)
        {
            data.FinalGradient = order.Sorted(y, outputs, memory);
        }
        else if (y is not null && order.IsSorted)
        {
            data.SequencesGradient = memory.Rent((long)batch * (data.Steps + 1) * outputs);
            data.HasPrefix = true;
            order.GatherGradients(y, outputs, data.SequencesGradient);
        }
        else
        {
            data.SequencesGradient = y;
        }
        data.SecondFinalGradient = order.Sorted(CpuBackend<T, L>.Pointer(gradients.FinalHidden), outputs, memory);
        if (TCell.HasCell)
        {
            data.CellGradient = memory.Rent((long)batch * padded);
            order.CopyRowsIn(CpuBackend<T, L>.Pointer(gradients.FinalCell), units, data.CellGradient, padded, padded);
        }
        if (data.Projection is not null)
        {
            data.OutputGradients = memory.Rent((long)batch * data.Steps * outputs);
            data.UnprojectedWidth = WholePanels(units);
            data.UnprojectedGradient = memory.RentCleared((long)batch * data.UnprojectedWidth);
        }
        data.VectorGradients = TCell.WeightVectors > 0 ? memory.RentCleared((long)batch * TCell.WeightVectors * padded) : null;
        data.GatedGradient = TCell.SecondProductPhase > 0 ? memory.Rent((long)batch * data.GradientWidth) : null;
        data.Scratch = TCell.Phases > 1 ? memory.Rent(batch * gateRow) : null;
        data.HiddenKept = data.HiddenKeep.Exist ? memory.Rent((long)batch * data.GradientWidth) : null;
        data.CellKept = data.CellKeep.Exist ? memory.Rent((long)batch * padded) : null;
    }

    /// <summary>
    /// δW = Σ x ⊗ δ, δU = Σ h ⊗ δ, δb = Σ δ, over all sequences and steps: together, so that δ is read once. Where weights are few, some sequences have sums of their own, added up in the end: a thread then
    /// reads mostly what it has walked itself, and not what lies in another's cache. How many is decided by shapes and lengths alone, so that threads change no bit.
    /// </summary>
    private void WeightGradients(in WalkData<T> data, in RecurrentParameters<GradientTarget> targets)
    {
        bool sumsKernel = targets.Kernel.Storage is not null && data.DistinctInputs == 0; // else KernelGradient has
        (int batch, int steps, int units) = (data.Batch, data.Steps, data.Units);
        nint gateRow = CellPacking<T, L, TCell>.GateRow(units), padded = CellPacking<T, L, TCell>.Padded(units);
        int inputRows = sumsKernel ? data.Inputs : 0, recurrentRows = targets.RecurrentKernel.Storage is null ? 0 : Math.Max(data.Outputs, units);
        nint length = (inputRows + recurrentRows + (targets.Bias.Storage is null ? 0 : 1)) * gateRow;
        long most = Math.Min(Math.Min(batch / SequencesOfPart, (long)batch * steps / StepsOfPart), MostSums / Math.Max(1, length));
        int parts = (int)Math.Clamp(most, 1, MostParts);
        int* boundaries = stackalloc int[MostParts + 1];
        LayBoundaries(data, boundaries, parts);
        nint others = Math.Max(targets.Vectors.Storage is null ? 0 : TCell.WeightVectors * padded, targets.Projection.Storage is null ? 0 : (nint)units * data.GradientWidth);
        CpuStorage<T> sums = backend.Pool.Rent(Math.Max(parts * length, others));
        T* kernelSums = sums.Pointer, recurrentSums = kernelSums + inputRows * gateRow, biasSums = recurrentSums + recurrentRows * gateRow;
        T* h = data.Operand is null ? data.Hidden : data.Operand;
        T one = T.One;

        TransposedFactor<T>* factors = stackalloc TransposedFactor<T>[4];
        int count = 0;
        if (sumsKernel)
        {
            factors[count++] = Deltas(data, data.X, data.Inputs, (nint)steps * data.Inputs, data.Inputs, TCell.FirstInputSlot, TCell.InputSlots, kernelSums);
        }
        if (targets.RecurrentKernel.Storage is not null)
        {
            factors[count] = Deltas(data, h, data.HiddenWidth, (nint)data.StateSlots * data.HiddenWidth, data.Outputs, TCell.FirstRecurrentSlot, TCell.RecurrentSlots, recurrentSums);
            factors[count++].FirstStep = data.StartsAtZero ? 1 : 0;
            if (TCell.SecondProductPhase > 0)
            {
                factors[count++] = Deltas(data, data.Gated, padded, steps * padded, units, 0, 1, recurrentSums);
            }
        }
        if (targets.Bias.Storage is not null)
        {
            factors[count++] = Deltas(data, &one, 0, 0, 1, 0, TCell.Slots, biasSums);
        }
        backend.MultiplyTransposed(factors, count, data.Lengths, boundaries, parts, length);
        if (sumsKernel)
        {
            Unpack(kernelSums, parts, length, TCell.InputBlocks, data.Inputs, units, targets.Kernel);
        }
        Unpack(recurrentSums, parts, length, TCell.RecurrentBlocks, data.Outputs, units, targets.RecurrentKernel);
        Unpack(biasSums, parts, length, TCell.BiasBlocks, 1, units, targets.Bias);
        if (targets.Vectors.Storage is not null)
        {
            CpuBackend<T, L>.Span(sums, TCell.WeightVectors * padded).Clear();
            for (int row = 0; row < batch; row++)
            {
                Add(new ReadOnlySpan<T>(data.VectorGradients + row * TCell.WeightVectors * padded, (int)(TCell.WeightVectors * padded)), sums.Pointer, accumulate: true);
            }
            CopyOut(sums.Pointer, padded, TCell.WeightVectors, units, targets.Vectors);
        }
        if (targets.Projection.Storage is not null)
        {
            nint width = data.GradientWidth;
            var term = new Term<T>
            {
                A = data.Unprojected, RowStride = 1, StepStride = padded, ARepeat = steps * padded,
                B = data.OutputGradients, BStride = data.Outputs, BRepeat = (nint)steps * data.Outputs, Steps = steps, Repeats = batch,
            };
            var columns = new ColumnPanels(Product<T, L>.Panels(data.Outputs), Vectors: 4, LastVectors: 4, First: 0, PanelKernel<T, L>.Width);
            backend.MultiplyTransposed(term, data.Lengths, units, columns, sums.Pointer, width);
            CopyOut(sums.Pointer, width, units, data.Outputs, targets.Projection);
        }
        backend.Pool.Return(sums);
    }

    /// <summary>What multiplies some slots of δ from the left, step by step within a sequence, sequence after sequence.</summary>
    private static TransposedFactor<T> Deltas(in WalkData<T> data, T* a, nint stepStride, nint repeat, int rows, int firstSlot, int slots, T* sums)
    {
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        return new TransposedFactor<T>
        {
            Term = new Term<T>
            {
                A = a, RowStride = 1, StepStride = stepStride, ARepeat = repeat,
                B = data.Gates, BStride = gateRow, BRepeat = data.Steps * gateRow, Steps = data.Steps, Repeats = data.Batch,
            },
            Rows = rows, Panels = Columns(data.Units, firstSlot, slots), C = sums, CStride = gateRow,
        };
    }

    /// <summary>The columns of δ that some slots take.</summary>
    private static ColumnPanels Columns(int units, int firstSlot, int slots)
    {
        int panels = CellPacking<T, L, TCell>.Panels(units);
        return new ColumnPanels(
            panels, slots * TCell.UnitVectors, CellPacking<T, L, TCell>.Vectors(units, panels - 1, slots),
            firstSlot * CellPacking<T, L, TCell>.PanelUnits, CellPacking<T, L, TCell>.PanelWidth);
    }

    /// <summary>Adds up the sums of all parts, and puts them where gradients are wanted.</summary>
    private void Unpack(T* sums, int parts, nint lengthOfPart, ReadOnlySpan<int> blocks, int rows, int units, GradientTarget target)
    {
        if (target.Storage is null)
        {
            return;
        }
        fixed (int* slotOfBlock = blocks)
        {
            var job = new UnpackJob
            {
                Sums = sums, LengthOfPart = lengthOfPart, Parts = parts, Weights = CpuBackend<T, L>.Pointer(target.Storage), SlotOfBlock = slotOfBlock, Blocks = blocks.Length,
                Rows = rows, Units = units, Accumulate = target.Accumulate,
            };
            job.Shards = backend.ShardsFor(rows, (long)rows * blocks.Length * units * parts);
            backend.Workers.Run(job.Shards, &RunUnpack, &job);
        }
    }

    private static void RunUnpack(void* state, int shard)
    {
        var job = (UnpackJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Rows, shard, job->Shards);
        CellPacking<T, L, TCell>.Unpack(
            job->Sums, job->Parts, job->LengthOfPart, new ReadOnlySpan<int>(job->SlotOfBlock, job->Blocks), job->Units, job->Weights, job->Accumulate, first, last);
    }

    private struct UnpackJob
    {
        public T* Sums, Weights;
        public nint LengthOfPart;
        public int* SlotOfBlock;
        public int Blocks, Parts, Rows, Units, Shards;
        public bool Accumulate;
    }

    private static void CopyOut(T* sums, nint stride, int rows, int columns, GradientTarget target)
    {
        for (int row = 0; row < rows; row++)
        {
            Add(new ReadOnlySpan<T>(sums + row * stride, columns), CpuBackend<T, L>.Pointer(target.Storage) + (nint)row * columns, target.Accumulate);
        }
    }

    private static void Add(ReadOnlySpan<T> values, T* target, bool accumulate)
    {
        var sums = new Span<T>(target, values.Length);
        if (accumulate)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(sums, values, sums);
        }
        else
        {
            values.CopyTo(sums);
        }
    }

    /// <summary>δx = Wᵀ δ, in the order of the walk and then back in that of the input; or of the different inputs, from the sums of their δ.</summary>
    private void InputGradient(CpuRecurrentWeights<T, L, TCell> packed, in WalkData<T> data, T* deltas, WalkMemory<T, L> memory, GradientTarget target)
    {
        bool isDistinct = data.DistinctInputs > 0, sorted = !isDistinct && memory.Order.IsSorted;
        T* x = CpuBackend<T, L>.Pointer(target.Storage);
        Term<T> delta = CellPacking<T, L, TCell>.TransposedTerm(data.Units, TCell.InputSlots);
        delta.RowStride = CellPacking<T, L, TCell>.GateRow(data.Units);
        delta.A = (isDistinct ? deltas : data.Gates) + TCell.FirstInputSlot * CellPacking<T, L, TCell>.PanelUnits;
        var product = new CpuBackend<T, L>.MultiplyJob
        {
            A = delta,
            B = packed.KernelTransposed!.Pointer, C = sorted ? memory.Rent((long)data.Batch * data.Steps * data.Inputs) : x,
            Narrow = packed.KernelTransposed.Pointer + CellPacking<T, L, TCell>.NarrowStart(data.Inputs, data.Units, TCell.InputSlots), NarrowColumns = CellPacking<T, L, TCell>.NarrowColumns(data.Inputs),
            Lengths = isDistinct ? null : data.Lengths, Steps = data.Steps, Rows = isDistinct ? data.DistinctInputs : data.Batch * data.Steps, N = data.Inputs, Accumulate = !sorted && target.Accumulate,
        };
        backend.Multiply(ref product);
        if (sorted)
        {
            memory.Order.Scatter(product.C, data.Inputs, x, target.Accumulate);
        }
    }
}
