using System.Numerics;
using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Backends;

/// <summary>
/// A recurrent cell as layers and backends name it: how its weights are laid out for users, and what computes it. The equations
/// stand in its kernel, <see cref="ICell{T, L}"/>.
/// </summary>
/// <param name="layout">Its weights.</param>
internal abstract class RecurrentCell(CellLayout layout)
{
    public static RecurrentCell Lstm { get; } = new LstmDescription();

    public static RecurrentCell PeepholeLstm { get; } = new PeepholeLstmDescription();

    public static RecurrentCell CoupledLstm { get; } = new CoupledLstmDescription();

    public static RecurrentCell LayerNormLstm { get; } = new LayerNormLstmDescription();

    public static RecurrentCell Gru { get; } = new GruDescription();

    public static RecurrentCell GruResetBefore { get; } = new GruResetBeforeDescription();

    public static RecurrentCell TanhRnn { get; } = new TanhRnnDescription();

    public static RecurrentCell ReluRnn { get; } = new ReluRnnDescription();

    /// <summary>How its weights are laid out for users.</summary>
    public CellLayout Layout { get; } = layout;

    /// <summary>The cell on a CPU backend.</summary>
    public abstract CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where L : unmanaged, ILanes<L, T>;

    private sealed class LstmDescription() : RecurrentCell(CellLayout.Of<LstmCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, LstmCell<T, L>>(backend);
    }

    private sealed class PeepholeLstmDescription() : RecurrentCell(CellLayout.Of<PeepholeLstmCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, PeepholeLstmCell<T, L>>(backend);
    }

    private sealed class CoupledLstmDescription() : RecurrentCell(CellLayout.Of<CoupledLstmCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, CoupledLstmCell<T, L>>(backend);
    }

    private sealed class LayerNormLstmDescription() : RecurrentCell(CellLayout.Of<LayerNormLstmCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, LayerNormLstmCell<T, L>>(backend);
    }

    private sealed class GruDescription() : RecurrentCell(CellLayout.Of<GruCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, GruCell<T, L>>(backend);
    }

    private sealed class GruResetBeforeDescription() : RecurrentCell(CellLayout.Of<GruResetBeforeCell<float, Lane<float>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, GruResetBeforeCell<T, L>>(backend);
    }

    private sealed class TanhRnnDescription() : RecurrentCell(CellLayout.Of<RnnCell<float, Lane<float>, TanhActivation<float, Lane<float>>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, RnnCell<T, L, TanhActivation<T, L>>>(backend);
    }

    private sealed class ReluRnnDescription() : RecurrentCell(CellLayout.Of<RnnCell<float, Lane<float>, ReluActivation<float, Lane<float>>>>())
    {
        public override CpuRecurrence<T, L> OnCpu<T, L>(CpuBackend<T, L> backend) => new CpuRecurrence<T, L, RnnCell<T, L, ReluActivation<T, L>>>(backend);
    }
}
