using Engram.Kernels;

namespace Engram.Backends;

/// <content>Recurrent layers: memory, sharding and packing around the walks of <see cref="Engram.Kernels"/>.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    private static nint GateRow(int units) => (nint)LstmPacking<T, L>.Panels(units) * PanelKernel<T, L>.Width;

    private static int PaddedUnits(int units) => LstmPacking<T, L>.Panels(units) * L.Count;

    /// <inheritdoc/>
    public RecurrentWeights PrepareRecurrent(
        in RecurrentSpec spec, Storage kernel, Storage recurrentKernel, Storage bias, RecurrentWeights? reuse)
    {
        nint gateRow = GateRow(spec.Units);
        PackedRecurrent packed = reuse as PackedRecurrent ?? new PackedRecurrent
        {
            Kernel = new CpuStorage<T>(gateRow * spec.Inputs),
            RecurrentKernel = new CpuStorage<T>(gateRow * spec.Units),
            Bias = new CpuStorage<T>(gateRow),
        };
        LstmPacking<T, L>.Pack(Pointer(kernel), spec.Inputs, spec.Units, packed.Kernel.Pointer);
        LstmPacking<T, L>.Pack(Pointer(recurrentKernel), spec.Units, spec.Units, packed.RecurrentKernel.Pointer);
        LstmPacking<T, L>.Pack(Pointer(bias), 1, spec.Units, packed.Bias.Pointer);
        packed.Source = (kernel, recurrentKernel);
        packed.KernelTransposedIsFresh = packed.RecurrentTransposedIsFresh = false;
        return packed;
    }

    /// <inheritdoc/>
    public RecurrentSaved? RecurrentForward(
        in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, bool forGradient)
    {
        var packed = (PackedRecurrent)weights;
        (int batch, int steps, int units) = (arguments.Batch, arguments.Steps, spec.Units);
        int padded = PaddedUnits(units);
        CpuStorage<T> hidden = _pool.Rent(2L * batch * padded);
        CpuStorage<T> initialCell = _pool.Rent((long)batch * padded);
        CopyPadded(arguments.InitialHidden, units, hidden, padded, batch);
        CopyPadded(arguments.InitialCell, units, initialCell, padded, batch);

        SavedWalk? saved = null;
        CpuStorage<T> cells;
        if (forGradient)
        {
            saved = TakeSaved();
            saved.Gates = _pool.Rent((long)batch * steps * GateRow(units));
            saved.Cells = cells = _pool.Rent((long)batch * steps * padded);
            saved.InitialCell = initialCell;
            saved.Hidden = spec.ReturnSequences ? null : _pool.Rent((long)batch * steps * units);
        }
        else
        {
            cells = _pool.Rent((long)batch * padded);
        }

        var job = new WalkJob
        {
            Walk = new LstmWalk<T, L>
            {
                Batch = batch, Steps = steps, Inputs = spec.Inputs, Units = units, X = Pointer(arguments.X),
                Kernel = packed.Kernel.Pointer, RecurrentKernel = packed.RecurrentKernel.Pointer, Bias = packed.Bias.Pointer,
                Hidden = hidden.Pointer, StartsAtZero = arguments.InitialHidden is null, InitialCell = initialCell.Pointer,
                Gates = Pointer(saved?.Gates), Cells = cells.Pointer,
                Sequences = spec.ReturnSequences ? Pointer(arguments.Y) : Pointer(saved?.Hidden),
            },
            Shards = Math.Min(_workers.Count, batch),
        };
        _workers.Run(job.Shards, &RunWalk, &job);
        GC.KeepAlive(packed); // the walk sees its pointers only

        T* lastHidden = hidden.Pointer + (nint)(steps & 1) * batch * padded;
        T* lastCell = steps == 0 ? initialCell.Pointer : forGradient ? cells.Pointer + (nint)(steps - 1) * padded : cells.Pointer;
        nint lastCellStride = steps > 0 && forGradient ? (nint)steps * padded : padded;
        if (!spec.ReturnSequences)
        {
            CopyRows(lastHidden, padded, Pointer(arguments.Y), units, batch, units, accumulate: false);
        }
        CopyRows(lastHidden, padded, Pointer(arguments.FinalHidden), units, batch, units, accumulate: false);
        CopyRows(lastCell, lastCellStride, Pointer(arguments.FinalCell), units, batch, units, accumulate: false);

        _pool.Return(hidden);
        if (!forGradient)
        {
            _pool.Return(cells);
            _pool.Return(initialCell);
        }
        return saved;
    }

    /// <inheritdoc/>
    public void RecurrentBackward(
        in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, RecurrentSaved saved, in RecurrentGradients gradients)
    {
        var packed = (PackedRecurrent)weights;
        var walk = (SavedWalk)saved;
        (int batch, int steps, int units) = (arguments.Batch, arguments.Steps, spec.Units);
        int padded = PaddedUnits(units);
        packed.RefreshRecurrentTransposed(units);

        CpuStorage<T> cellGradient = _pool.Rent((long)batch * padded);
        CopyPadded(gradients.FinalCell, units, cellGradient, padded, batch);
        CpuStorage<T>? hiddenGradient = gradients.InitialHidden.Storage is null ? null : _pool.Rent((long)batch * padded);
        var job = new WalkBackJob
        {
            Walk = new LstmWalkBack<T, L>
            {
                Batch = batch, Steps = steps, Units = units,
                Gates = walk.Gates!.Pointer, Cells = walk.Cells!.Pointer, InitialCell = walk.InitialCell!.Pointer,
                RecurrentTransposed = packed.RecurrentTransposed!.Pointer,
                SequencesGradient = spec.ReturnSequences ? Pointer(gradients.Y) : null,
                FinalGradient = spec.ReturnSequences ? null : Pointer(gradients.Y),
                SecondFinalGradient = Pointer(gradients.FinalHidden),
                CellGradient = cellGradient.Pointer, InitialHiddenGradient = Pointer(hiddenGradient),
            },
            Shards = Math.Min(_workers.Count, batch),
        };
        _workers.Run(job.Shards, &RunWalkBack, &job);

        if (hiddenGradient is not null)
        {
            CopyRows(hiddenGradient.Pointer, padded, Pointer(gradients.InitialHidden.Storage), units, batch, units, gradients.InitialHidden.Accumulate);
            _pool.Return(hiddenGradient);
        }
        CopyRows(cellGradient.Pointer, padded, Pointer(gradients.InitialCell.Storage), units, batch, units, gradients.InitialCell.Accumulate);
        _pool.Return(cellGradient);
        WeightGradients(spec, arguments, walk, gradients);
        if (gradients.X.Storage is not null)
        {
            packed.RefreshKernelTransposed(spec.Inputs, units);
            var product = new MultiplyJob
            {
                A = walk.Gates.Pointer, B = packed.KernelTransposed!.Pointer, C = Pointer(gradients.X.Storage),
                Rows = batch * steps, K = (int)GateRow(units), N = spec.Inputs, Stride = GateRow(units), Accumulate = gradients.X.Accumulate,
            };
            Multiply(ref product);
        }
        GC.KeepAlive(packed); // the walk sees its pointers only
    }

    /// <summary>δW = Σ x ⊗ δ, δU = Σ h ⊗ δ, δb = Σ δ, over all sequences and steps.</summary>
    private void WeightGradients(in RecurrentSpec spec, in RecurrentArguments arguments, SavedWalk walk, in RecurrentGradients gradients)
    {
        (int batch, int steps, int units) = (arguments.Batch, arguments.Steps, spec.Units);
        nint gateRow = GateRow(units), sequence = steps * gateRow;
        int panels = LstmPacking<T, L>.Panels(units);
        CpuStorage<T> sums = _pool.Rent(Math.Max(spec.Inputs, units) * gateRow);

        // Every term multiplies δ from the left, step by step within a sequence, sequence after sequence.
        Term<T> Term(T* a, nint rowStride, nint stepStride, nint repeat) => new()
        {
            A = a, RowStride = rowStride, StepStride = stepStride, ARepeat = repeat,
            B = walk.Gates!.Pointer, BStride = gateRow, BRepeat = sequence, Steps = steps, Repeats = batch,
        };

        if (gradients.Kernel.Storage is not null)
        {
            Span(sums, spec.Inputs * gateRow).Clear();
            AccumulateTransposed(Term(Pointer(arguments.X), 1, spec.Inputs, (nint)steps * spec.Inputs), spec.Inputs, panels, sums.Pointer);
            LstmPacking<T, L>.Unpack(sums.Pointer, spec.Inputs, units, Pointer(gradients.Kernel.Storage), gradients.Kernel.Accumulate);
        }
        if (gradients.RecurrentKernel.Storage is not null)
        {
            Span(sums, units * gateRow).Clear();
            T* h = spec.ReturnSequences ? Pointer(arguments.Y) : walk.Hidden!.Pointer;
            Term<T> later = Term(h, 1, units, (nint)steps * units); // h of step t meets δ of step t + 1
            later.B += gateRow;
            later.Steps = steps - 1;
            AccumulateTransposed(later, units, panels, sums.Pointer);
            if (arguments.InitialHidden is not null)
            {
                Term<T> first = Term(Pointer(arguments.InitialHidden), 1, 0, units);
                first.Steps = 1;
                AccumulateTransposed(first, units, panels, sums.Pointer);
            }
            LstmPacking<T, L>.Unpack(sums.Pointer, units, units, Pointer(gradients.RecurrentKernel.Storage), gradients.RecurrentKernel.Accumulate);
        }
        if (gradients.Bias.Storage is not null)
        {
            T one = T.One;
            Span(sums, gateRow).Clear();
            AccumulateTransposed(Term(&one, 0, 0, 0), 1, panels, sums.Pointer);
            LstmPacking<T, L>.Unpack(sums.Pointer, 1, units, Pointer(gradients.Bias.Storage), gradients.Bias.Accumulate);
        }
        _pool.Return(sums);
    }

    /// <summary>[batch, units] into [batch, padded] with zeros behind; all zeros where there is no source.</summary>
    private static void CopyPadded(Storage? source, int units, CpuStorage<T> target, int padded, int batch)
    {
        Span(target, (long)batch * padded).Clear();
        CopyRows(Pointer(source), units, source is null ? null : target.Pointer, padded, batch, units, accumulate: false);
    }

    private static void CopyRows(T* source, nint sourceStride, T* target, nint targetStride, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows && target is not null; row++)
        {
            var from = new ReadOnlySpan<T>(source + row * sourceStride, columns);
            var to = new Span<T>(target + row * targetStride, columns);
            if (accumulate)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(to, from, to);
            }
            else
            {
                from.CopyTo(to);
            }
        }
    }

    private static void RunWalk(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = Part(job->Walk.Batch, shard, job->Shards);
        job->Walk.Forward(first, last);
    }

    private static void RunWalkBack(void* state, int shard)
    {
        var job = (WalkBackJob*)state;
        (int first, int last) = Part(job->Walk.Batch, shard, job->Shards);
        job->Walk.Run(first, last);
    }

    private readonly Stack<SavedWalk> _freeSaved = new();

    private SavedWalk TakeSaved()
    {
        lock (_freeSaved)
        {
            return _freeSaved.TryPop(out SavedWalk? saved) ? saved : new SavedWalk(this);
        }
    }

    private struct WalkJob
    {
        public LstmWalk<T, L> Walk;
        public int Shards;
    }

    private struct WalkBackJob
    {
        public LstmWalkBack<T, L> Walk;
        public int Shards;
    }

    /// <summary>Packed weights; the transposes are made when a gradient first needs them.</summary>
    private sealed class PackedRecurrent : RecurrentWeights
    {
        public required CpuStorage<T> Kernel { get; init; }

        public required CpuStorage<T> RecurrentKernel { get; init; }

        public required CpuStorage<T> Bias { get; init; }

        public CpuStorage<T>? KernelTransposed { get; private set; }

        public CpuStorage<T>? RecurrentTransposed { get; private set; }

        public (Storage Kernel, Storage RecurrentKernel) Source { get; set; }

        public bool KernelTransposedIsFresh { get; set; }

        public bool RecurrentTransposedIsFresh { get; set; }

        public void RefreshRecurrentTransposed(int units)
        {
            if (!RecurrentTransposedIsFresh)
            {
                RecurrentTransposed ??= new CpuStorage<T>(Product<T, L>.PackedLength((int)GateRow(units), units));
                LstmPacking<T, L>.PackTransposed(CpuBackend<T, L>.Pointer(Source.RecurrentKernel), units, units, RecurrentTransposed.Pointer);
                RecurrentTransposedIsFresh = true;
            }
        }

        public void RefreshKernelTransposed(int inputs, int units)
        {
            if (!KernelTransposedIsFresh)
            {
                KernelTransposed ??= new CpuStorage<T>(Product<T, L>.PackedLength((int)GateRow(units), inputs));
                LstmPacking<T, L>.PackTransposed(CpuBackend<T, L>.Pointer(Source.Kernel), inputs, units, KernelTransposed.Pointer);
                KernelTransposedIsFresh = true;
            }
        }
    }

    private sealed class SavedWalk(CpuBackend<T, L> owner) : RecurrentSaved
    {
        public CpuStorage<T>? Gates, Cells, InitialCell, Hidden;

        public override void Release()
        {
            foreach (CpuStorage<T>? storage in (ReadOnlySpan<CpuStorage<T>?>)[Gates, Cells, InitialCell, Hidden])
            {
                if (storage is not null)
                {
                    owner._pool.Return(storage);
                }
            }
            Gates = Cells = InitialCell = Hidden = null;
            lock (owner._freeSaved)
            {
                owner._freeSaved.Push(this);
            }
        }
    }
}
