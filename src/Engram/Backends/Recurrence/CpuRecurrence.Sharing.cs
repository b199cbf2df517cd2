using System.Runtime.CompilerServices;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>How a walk is shared among the workers: by rows, by units, or both; see <see cref="WalkShares"/>.</content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <summary>What is done between two waits, where units are shared.</summary>
    private enum Work
    {
        /// <summary>Sums and cells of a phase, on the way there: each member takes some panels.</summary>
        Panels,

        /// <summary>What follows a phase and needs whole rows: the first member does it.</summary>
        EndOfPhase,

        /// <summary>δh as far as it comes from the output: the first member does it.</summary>
        HiddenGradient,

        /// <summary>δh as far as it comes from the next step: each takes some vectors.</summary>
        RecurrentProduct,

        /// <summary>What came after the cell, backward, over whole rows: the first member does it.</summary>
        BeginningOfStepBack,

        /// <summary>The gradient of what the second product multiplied: each takes some vectors.</summary>
        SecondProductBack,

        /// <summary>Cells of a phase, backward: each takes some panels.</summary>
        PanelsBack,

        /// <summary>What follows a phase back and needs whole rows: the first member does it.</summary>
        EndOfPhaseBack,
    }

    /// <summary>Multiplications in a nanosecond for each number in a vector, where a kernel has few rows.</summary>
    private const double MultiplicationsPerLane = 4.4;

    private void Walk(ref WalkData<T> data)
    {
        Stage* plan = stackalloc Stage[2 * TCell.Phases];
        int count = 0;
        for (int phase = 0; phase < TCell.Phases; phase++)
        {
            plan[count++] = new Stage(Work.Panels, phase);
            if (RecurrentWalk<T, L, TCell>.HasEnd(data, phase))
            {
                plan[count++] = new Stage(Work.EndOfPhase, phase);
            }
        }
        int inputs = data.SumsInputsAhead ? data.Inputs / WalkShares.FewestRows(L.RowsInRegisters) : data.Inputs;
        Share(ref data, inputs + data.Outputs, plan, count, count * data.Steps, &RunForward);
    }

    private void WalkBack(ref WalkData<T> data)
    {
        Stage* plan = stackalloc Stage[3 + 3 * TCell.Phases];
        plan[0] = new Stage(Work.HiddenGradient, 0);
        plan[1] = new Stage(Work.RecurrentProduct, 0);
        int count = 2;
        if (RecurrentWalk<T, L, TCell>.HasBeginningBack(data))
        {
            plan[count++] = new Stage(Work.BeginningOfStepBack, 0);
        }
        for (int phase = TCell.Phases - 1; phase >= 0; phase--)
        {
            if (phase == TCell.SecondProductPhase - 1)
            {
                plan[count++] = new Stage(Work.SecondProductBack, phase);
            }
            plan[count++] = new Stage(Work.PanelsBack, phase);
            if (RecurrentWalk<T, L, TCell>.HasEndBack(data, phase))
            {
                plan[count++] = new Stage(Work.EndOfPhaseBack, phase);
            }
        }
        // Of the step before the first, the gradient of the initial state is all there is.
        Share(ref data, data.Outputs, plan, count, count * data.Steps + (data.WantsInitialGradient ? 2 : 0), &RunBackward);
    }

    /// <param name="data">The walk.</param>
    /// <param name="operands">Numbers of a row that meet a panel at every step.</param>
    /// <param name="plan">The stages of a step.</param>
    /// <param name="stagesOfStep">Their number.</param>
    /// <param name="stages">All stages.</param>
    /// <param name="alone">Walks the rows of a group without stages.</param>
    private void Share(ref WalkData<T> data, int operands, Stage* plan, int stagesOfStep, int stages, delegate*<void*, int, void> alone)
    {
        Workers workers = backend.Workers;
        int rows = data.MeanRows(), panels = CellPacking<T, L, TCell>.Panels(data.Units);
        long work = (long)operands * CellPacking<T, L, TCell>.PanelWidth;
        // What is done in less than ten meetings gains nothing by the five or more that sharing costs; to ask how long they are takes longer.
        double inNanosecond = L.Count * MultiplicationsPerLane, all = WalkShares.Multiplications(rows, panels, work, L.RowsInRegisters) * data.Steps;
        WalkShares shares = workers.Count == 1 || all < 10 * workers.MeetingTime.Least * inNanosecond ? WalkShares.Alone
            : WalkShares.Choose(workers.Count, rows, panels, work, data.Steps, stagesOfStep, L.RowsInRegisters, workers.MeetingTime.Nanoseconds * inNanosecond);
        int* boundaries = stackalloc int[shares.Groups + 1];
        LayBoundaries(data, boundaries, shares.Groups);
        fixed (WalkData<T>* pointer = &data)
        {
            var walk = new SharedWalk { Data = pointer, Boundaries = boundaries, Members = shares.Members, Plan = plan, StagesOfStep = stagesOfStep };
            if (shares.Members == 1)
            {
                CpuStorage<T>? room = RentRoom(data, shares.Groups, &walk);
                workers.Run(shares.Groups, alone, &walk);
                if (room is not null)
                {
                    backend.Pool.Return(room);
                }
                return;
            }
            var job = new StagedJob { Body = &RunStage, State = &walk, Groups = shares.Groups, Parts = shares.Members, Stages = stages };
            job.Run(workers);
        }
    }

    /// <summary>
    /// Where a walk keeps no more than two steps of its states, memory for those of each group, a page apart: rows of different threads that lie beside each other would be fetched by the one
    /// with what lies before them, over and over, and taken from the other's cache. Not where gates are kept, as in training, whose states lie far apart, and in cells of several phases.
    /// </summary>
    private CpuStorage<T>? RentRoom(in WalkData<T> data, int groups, SharedWalk* walk)
    {
        if (groups == 1 || data.StateSlots > 2 || data.Gates is not null)
        {
            return null;
        }
        CpuStorage<T> room = backend.Pool.Rent(data.Batch * (StateRow(data) + CellRow(data)) + groups * (Caches.Page / sizeof(T)));
        walk->Room = room.Pointer;
        return room;
    }

    private static void RunForward(void* state, int group)
    {
        var walk = (SharedWalk*)state;
        (int first, int last) = walk->RowsOf(group);
        if (walk->Room is null)
        {
            RecurrentWalk<T, L, TCell>.Forward(*walk->Data, first, last);
            return;
        }
        WalkData<T> data = *walk->Data;
        nint stateRow = StateRow(data), cellRow = CellRow(data), states = (last - first) * stateRow, cells = (last - first) * cellRow;
        T* hidden = walk->Room + first * (stateRow + cellRow) + group * (Caches.Page / sizeof(T)), cell = hidden + states;
        Copy(data.Hidden + first * stateRow, hidden, states);
        Copy(data.Cells + first * cellRow, cell, cells);
        data.Hidden = hidden - first * stateRow;
        data.Cells = cell - first * cellRow;
        RecurrentWalk<T, L, TCell>.Forward(data, first, last);
        Copy(hidden, walk->Data->Hidden + first * stateRow, states);
        Copy(cell, walk->Data->Cells + first * cellRow, cells);

        static void Copy(T* from, T* to, nint length) => new Span<T>(from, (int)length).CopyTo(new Span<T>(to, (int)length));
    }

    private static nint StateRow(in WalkData<T> data) => (nint)data.StateSlots * data.HiddenWidth;

    private static nint CellRow(in WalkData<T> data) => TCell.HasCell ? (nint)data.StateSlots * CellPacking<T, L, TCell>.Padded(data.Units) : 0;

    private static void RunBackward(void* state, int group)
    {
        var walk = (SharedWalk*)state;
        (int first, int last) = walk->RowsOf(group);
        RecurrentWalk<T, L, TCell>.Backward(*walk->Data, first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunStage(void* state, int group, int member, int number)
    {
        var walk = (SharedWalk*)state;
        ref WalkData<T> data = ref *walk->Data;
        (Work work, int phase) = walk->Plan[number % walk->StagesOfStep];
        int step = number / walk->StagesOfStep;
        if (work > Work.EndOfPhase)
        {
            step = data.Steps - 1 - step;
        }
        (int firstRow, int lastRow) = walk->RowsOf(group);
        int last = step < 0 ? lastRow : data.LastActive(step, lastRow);
        int items = work is Work.Panels or Work.PanelsBack ? CellPacking<T, L, TCell>.Panels(data.Units) : RecurrentWalk<T, L, TCell>.GradientVectors(data);
        (int firstItem, int lastItem) = CpuBackend<T, L>.Part(items, member, walk->Members);
        switch (work)
        {
            case Work.Panels:
                RecurrentWalk<T, L, TCell>.ForwardPanels(data, step, phase, firstRow, last, firstItem, lastItem);
                break;
            case Work.EndOfPhase when member == 0:
                RecurrentWalk<T, L, TCell>.EndPhase(data, step, phase, firstRow, last);
                break;
            case Work.HiddenGradient when member == 0:
                RecurrentWalk<T, L, TCell>.BeginHiddenGradient(data, step, firstRow, last);
                break;
            case Work.RecurrentProduct:
                RecurrentWalk<T, L, TCell>.AddRecurrentProduct(data, step + 1, firstRow, lastRow, firstItem, lastItem);
                break;
            case Work.BeginningOfStepBack when member == 0:
                RecurrentWalk<T, L, TCell>.BeginStepBack(data, step, firstRow, last);
                break;
            case Work.SecondProductBack:
                RecurrentWalk<T, L, TCell>.SecondProductBack(data, step, firstRow, last, firstItem, lastItem);
                break;
            case Work.PanelsBack:
                RecurrentWalk<T, L, TCell>.BackwardPanels(data, step, phase, firstRow, last, firstItem, lastItem);
                break;
            case Work.EndOfPhaseBack when member == 0:
                RecurrentWalk<T, L, TCell>.EndPhaseBack(data, step, phase, firstRow, last);
                break;
        }
    }

    /// <summary>What is done in a stage of a step, and in which phase.</summary>
    private readonly record struct Stage(Work Work, int Phase);

    /// <summary>The first row of each group, and behind the last one the end: such that every group has about as many steps to walk.</summary>
    private static void LayBoundaries(in WalkData<T> data, int* boundaries, int groups)
    {
        long total = 0, before = 0;
        for (int row = 0; row < data.Batch; row++)
        {
            total += data.LengthOf(row) + 1;
        }
        for (int group = 0, row = 0; group <= groups; group++)
        {
            for (; row < data.Batch && before < total * group / groups; row++)
            {
                before += data.LengthOf(row) + 1;
            }
            boundaries[group] = row;
        }
    }

    private struct SharedWalk
    {
        public WalkData<T>* Data;
        public int* Boundaries;
        public int Members, StagesOfStep;
        public Stage* Plan;

        /// <summary>Memory of the groups' own for their states; null where they walk with those of the whole batch.</summary>
        public T* Room;

        /// <summary>The rows of a group.</summary>
        public readonly (int First, int Last) RowsOf(int group) => (Boundaries[group], Boundaries[group + 1]);
    }
}
