using System.Numerics;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Backends;

/// <summary>
/// Packed weights of a recurrent layer; the transposes are made when a gradient first needs them. Where the weights are trained, and so change before the next way there, the
/// transposes take the place of what they are made of.
/// </summary>
internal sealed unsafe class CpuRecurrentWeights<T, L, TCell> : RecurrentWeights
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
    where TCell : struct, ICell<T, L>
{
    private readonly Lock _lock = new();
    private readonly CpuBackend<T, L> _backend;
    private readonly int _inputs, _units, _outputs;
    private RecurrentParameters<Storage> _source;
    private int _turn;
    private CpuStorage<T>? _ownKernelTransposed, _ownRecurrentTransposed;
    private bool _kernelTransposedIsFresh, _transposedAreFresh, _isWhole;

    public CpuRecurrentWeights(CpuBackend<T, L> backend, in RecurrentSpec spec)
    {
        _backend = backend;
        (_inputs, _units, _outputs) = (spec.Inputs, spec.Units, spec.Outputs);
        Kernel = new CpuStorage<T>(LengthForBoth(_inputs, TCell.InputSlots));
        RecurrentKernel = new CpuStorage<T>(LengthForBoth(_outputs, TCell.RecurrentSlots));
        Bias = new CpuStorage<T>(CellPacking<T, L, TCell>.GateRow(_units));
        if (TCell.SecondProductPhase > 0)
        {
            SecondKernel = new CpuStorage<T>(PackedLength(_units, 1));
        }
        if (TCell.WeightVectors > 0)
        {
            Vectors = new CpuStorage<T>((long)TCell.WeightVectors * CellPacking<T, L, TCell>.Padded(_units));
        }
        if (_outputs != _units)
        {
            Projection = new CpuStorage<T>(Product<T, L>.PackedLength(_units, _outputs));
        }
    }

    public CpuStorage<T> Kernel { get; }

    public CpuStorage<T> RecurrentKernel { get; }

    public CpuStorage<T> Bias { get; }

    public CpuStorage<T>? SecondKernel { get; }

    public CpuStorage<T>? Vectors { get; }

    public CpuStorage<T>? Projection { get; }

    public CpuStorage<T>? KernelTransposed { get; private set; }

    public CpuStorage<T>? RecurrentTransposed { get; private set; }

    public CpuStorage<T>? SecondTransposed { get; private set; }

    public CpuStorage<T>? ProjectionTransposed { get; private set; }

    /// <summary>The turn of a walk's first step, so that it begins with the panels that the last walk ended with; see <see cref="WalkData{T}.FirstTurn"/>.</summary>
    public int NextTurn(int steps)
    {
        int turn = _turn;
        _turn = (turn + steps) & 1; // of several threads the last wins, which changes no result
        return turn;
    }

    /// <inheritdoc/>
    public override bool IsWhole => _isWhole;

    /// <summary>How often weights were packed here.</summary>
    public long Version { get; private set; }

    /// <summary>Whether the weights of such a layer have room here.</summary>
    public bool Fits(in RecurrentSpec spec) => (spec.Inputs, spec.Units, spec.Outputs) == (_inputs, _units, _outputs);

    /// <summary>Tells a walk where the weights of the way there lie.</summary>
    public void PutInto(ref WalkData<T> data)
    {
        data.Kernel = Kernel.Pointer;
        data.RecurrentKernel = RecurrentKernel.Pointer;
        data.SecondKernel = Pointer(SecondKernel);
        data.Bias = Bias.Pointer;
        data.Vectors = Pointer(Vectors);
        data.Projection = Pointer(Projection);
    }

    /// <summary>Packs weights, which must stay as they are for as long as these are in use.</summary>
    public void Pack(in RecurrentParameters<Storage> parameters)
    {
        _source = parameters;
        Version++;
        _kernelTransposedIsFresh = _transposedAreFresh = false;
        _isWhole = true;
        T* recurrent = Pointer(parameters.RecurrentKernel);
        Pack(Pointer(parameters.Kernel), TCell.InputBlocks, _inputs, TCell.FirstInputSlot, TCell.InputSlots, Kernel);
        Pack(recurrent, TCell.RecurrentBlocks, _outputs, TCell.FirstRecurrentSlot, TCell.RecurrentSlots, RecurrentKernel);
        Pack(Pointer(parameters.Bias), TCell.BiasBlocks, 1, 0, TCell.Slots, Bias);
        if (SecondKernel is not null)
        {
            Pack(recurrent, TCell.RecurrentBlocks, _units, 0, 1, SecondKernel);
        }
        if (Vectors is not null)
        {
            int padded = CellPacking<T, L, TCell>.Padded(_units);
            Vectors.Span(Vectors.Length).Clear();
            for (int vector = 0; vector < TCell.WeightVectors; vector++)
            {
                new Span<T>(Pointer(parameters.Vectors) + vector * _units, _units).CopyTo(new Span<T>(Vectors.Pointer + vector * padded, _units));
            }
        }
        if (Projection is not null)
        {
            _backend.Pack(Pointer(parameters.Projection), _outputs, 1, _units, _outputs, Projection.Pointer);
        }
    }

    /// <summary>Makes the transposes that the walk back needs.</summary>
    /// <param name="replacing">Whether nothing needs the weights of the way there any more before they are packed anew.</param>
    public void RefreshTransposed(bool replacing)
    {
        lock (_lock)
        {
            if (_transposedAreFresh)
            {
                return;
            }
            T* recurrent = Pointer(_source.RecurrentKernel);
            RecurrentTransposed = TransposedStorage(RecurrentKernel, replacing, _outputs, TCell.RecurrentSlots, ref _ownRecurrentTransposed);
            Pack(recurrent, TCell.RecurrentBlocks, _outputs, TCell.FirstRecurrentSlot, TCell.RecurrentSlots, RecurrentTransposed, transposed: true);
            if (SecondKernel is not null)
            {
                SecondTransposed ??= new CpuStorage<T>(TransposedLength(_units, 1));
                Pack(recurrent, TCell.RecurrentBlocks, _units, 0, 1, SecondTransposed, transposed: true);
            }
            if (Projection is not null)
            {
                ProjectionTransposed ??= new CpuStorage<T>(Product<T, L>.PackedLength(_outputs, _units));
                _backend.Pack(Pointer(_source.Projection), 1, _outputs, _outputs, _units, ProjectionTransposed.Pointer);
            }
            _transposedAreFresh = true;
        }
    }

    /// <summary>Makes Wᵀ, which the input's gradient needs.</summary>
    /// <inheritdoc cref="RefreshTransposed"/>
    public void RefreshKernelTransposed(bool replacing)
    {
        lock (_lock)
        {
            if (!_kernelTransposedIsFresh)
            {
                KernelTransposed = TransposedStorage(Kernel, replacing, _inputs, TCell.InputSlots, ref _ownKernelTransposed);
                Pack(Pointer(_source.Kernel), TCell.InputBlocks, _inputs, TCell.FirstInputSlot, TCell.InputSlots, KernelTransposed, transposed: true);
                _kernelTransposedIsFresh = true;
            }
        }
    }

    private static T* Pointer(Storage? storage) => CpuBackend<T, L>.Pointer(storage);

    private long PackedLength(int rows, int slots) =>
        (long)CellPacking<T, L, TCell>.Panels(_units) * rows * slots * CellPacking<T, L, TCell>.PanelUnits;

    private long TransposedLength(int columns, int slots) => CellPacking<T, L, TCell>.TransposedLength(columns, _units, slots);

    /// <summary>Elements for packed weights, and for their transpose unless that is much longer: a few columns fill whole panels.</summary>
    private long LengthForBoth(int rows, int slots)
    {
        long length = PackedLength(rows, slots), transposed = TransposedLength(rows, slots);
        return transposed > length + length / 4 ? length : Math.Max(length, transposed);
    }

    /// <summary>Where a transpose goes: over the weights themselves where they may be replaced and have room, else beside them.</summary>
    private CpuStorage<T> TransposedStorage(CpuStorage<T> weights, bool replacing, int columns, int slots, ref CpuStorage<T>? own)
    {
        long length = TransposedLength(columns, slots);
        if (!replacing || weights.Length < length)
        {
            return own ??= new CpuStorage<T>(length);
        }
        _isWhole = false;
        return weights;
    }

    private void Pack(T* weights, ReadOnlySpan<int> blocks, int rows, int firstSlot, int slots, CpuStorage<T> packed, bool transposed = false)
    {
        fixed (int* slotOfBlock = blocks)
        {
            var job = new PackJob
            {
                Weights = weights, Packed = packed.Pointer, SlotOfBlock = slotOfBlock, Blocks = blocks.Length, Rows = rows, Units = _units,
                FirstSlot = firstSlot, Slots = slots, Panels = CellPacking<T, L, TCell>.Panels(_units), Transposed = transposed,
            };
            job.Shards = _backend.ShardsFor(job.Panels, (long)rows * _units * slots);
            _backend.Workers.Run(job.Shards, &RunPack, &job);
        }
    }

    private static void RunPack(void* state, int shard)
    {
        var job = (PackJob*)state;
        var blocks = new ReadOnlySpan<int>(job->SlotOfBlock, job->Blocks);
        (int first, int last) = CpuBackend<T, L>.Part(job->Panels, shard, job->Shards);
        if (job->Transposed)
        {
            CellPacking<T, L, TCell>.PackTransposed(job->Weights, blocks, job->Rows, job->Units, job->FirstSlot, job->Slots, job->Packed, first, last);
        }
        else
        {
            CellPacking<T, L, TCell>.Pack(job->Weights, blocks, job->Rows, job->Units, job->FirstSlot, job->Slots, job->Packed, first, last);
        }
    }

    private struct PackJob
    {
        public T* Weights, Packed;
        public int* SlotOfBlock;
        public int Blocks, Rows, Units, FirstSlot, Slots, Panels, Shards;
        public bool Transposed;
    }
}
