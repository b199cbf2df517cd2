using Engram.Kernels;
using Engram.Kernels.OptimizerSteps;

namespace Engram.Backends;

/// <content>Steps of optimizers.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Elements below which a thread is not worth waking.</summary>
    private const int WorthAThread = 16 * 1024;

    /// <inheritdoc/>
    public void SgdStep(Storage value, Storage gradient, Storage? velocity, long count, in SgdStep step) =>
        Share(new SgdKernel<T, L>(Pointer(value), Pointer(gradient), Pointer(velocity), step), count);

    /// <inheritdoc/>
    public void AdamStep(Storage value, Storage gradient, Storage first, Storage second, long count, in AdamStep step) =>
        Share(new AdamKernel<T, L>(Pointer(value), Pointer(gradient), Pointer(first), Pointer(second), step), count);

    /// <inheritdoc/>
    public void NadamStep(Storage value, Storage gradient, Storage first, Storage second, long count, in NadamStep step) =>
        Share(new NadamKernel<T, L>(Pointer(value), Pointer(gradient), Pointer(first), Pointer(second), step), count);

    /// <inheritdoc/>
    public void RmsPropStep(Storage value, Storage gradient, Storage squares, Storage? mean, Storage? velocity, long count, in RmsPropStep step) =>
        Share(new RmsPropKernel<T, L>(Pointer(value), Pointer(gradient), Pointer(squares), Pointer(mean), Pointer(velocity), step), count);

    /// <inheritdoc/>
    public void AdagradStep(Storage value, Storage gradient, Storage squares, long count, in AdagradStep step) =>
        Share(new AdagradKernel<T, L>(Pointer(value), Pointer(gradient), Pointer(squares), step), count);

    /// <inheritdoc/>
    public void Average(Storage average, Storage value, double share, long count) =>
        Share(new AverageKernel<T, L>(Pointer(average), Pointer(value), share), count);

    /// <inheritdoc/>
    public void LimitNorms(Storage value, int rows, int columns, bool byRow, double maximum)
    {
        if (byRow)
        {
            Norms<T, L>.LimitRows(Pointer(value), rows, columns, maximum);
        }
        else
        {
            Norms<T, L>.LimitColumns(Pointer(value), rows, columns, maximum);
        }
    }

    /// <summary>Shares the elements of an array among the workers, in parts that begin at multiples of the widest panel.</summary>
    private void Share<TKernel>(TKernel kernel, long count)
        where TKernel : unmanaged, IElementKernel
    {
        long shards = Math.Clamp(count / WorthAThread, 1, _workers.Count), each = (count + shards - 1) / shards;
        var job = new ElementJob<TKernel> { Kernel = kernel, Count = count, Part = (each + CpuStorage<T>.Slack - 1) / CpuStorage<T>.Slack * CpuStorage<T>.Slack };
        _workers.Run((int)shards, &RunElements<TKernel>, &job);
    }

    private static void RunElements<TKernel>(void* state, int shard)
        where TKernel : unmanaged, IElementKernel
    {
        var job = (ElementJob<TKernel>*)state;
        job->Kernel.Run(shard * job->Part, Math.Min(job->Count, (shard + 1) * job->Part));
    }

    private struct ElementJob<TKernel>
        where TKernel : unmanaged, IElementKernel
    {
        public TKernel Kernel;
        public long Count, Part;
    }
}
