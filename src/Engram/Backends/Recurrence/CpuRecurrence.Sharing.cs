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
        int inputs = data.DistinctInputs > 0 ? 0 : data.SumsInputsAhead ? data.Inputs / WalkShares.FewestRows(L.RowsInRegisters) : data.Inputs;
        // In training all steps are kept, and the rows lie far apart; cells of several phases have gates side by side besides.
        nint stateLength = data.StateSlots > 2 || data.Gates is not null ? 0 : HiddenStates(data).Stride + CellStates(data).Stride;
        Share(ref data, inputs + data.Outputs, plan, count, count * data.Steps, &RunForward, stateLength);
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
        Share(ref data, data.Outputs, plan, count, count * data.Steps + (data.WantsInitialGradient ? 2 : 0), &RunBackward, HiddenGradients(data).Stride + CellGradients(data).Stride);
    }

    /// <param name="data">The walk.</param>
    /// <param name="operands">Numbers of a row that meet a panel at every step.</param>
    /// <param name="plan">The stages of a step.</param>
    /// <param name="stagesOfStep">Their number.</param>
    /// <param name="stages">All stages.</param>
    /// <param name="alone">Walks the rows of a group without stages.</param>
    /// <param name="stateLength">Numbers of a row that are written at every step, for which a group has memory of its own; 0 for none.</param>
    private void Share(ref WalkData<T> data, int operands, Stage* plan, int stagesOfStep, int stages, delegate*<void*, int, void> alone, nint stateLength)
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
                if (shares.Groups == 1 || stateLength == 0)
                {
                    workers.Run(shares.Groups, alone, &walk);
                    return;
                }
                CpuStorage<T> room = RentRoom(data, shares.Groups, stateLength);
                walk.Room = room.Pointer;
                workers.Run(shares.Groups, alone, &walk);
                backend.Pool.Return(room);
                return;
            }
            var job = new StagedJob { Body = &RunStage, State = &walk, Groups = shares.Groups, Parts = shares.Members, Stages = stages };
            job.Run(workers);
        }
    }

    /// <summary>
    /// Memory for two states of all groups, which these write at every step, a page apart: rows of different threads that lie beside each other would be fetched by the one
    /// with what lies before them, over and over, and taken from the other's cache.
    /// </summary>
    private CpuStorage<T> RentRoom(in WalkData<T> data, int groups, nint rowLength) => backend.Pool.Rent(data.Batch * rowLength + groups * (Caches.Page / sizeof(T)));

    private static void RunForward(void* state, int group)
    {
        var walk = (SharedWalk*)state;
        (int first, int last) = walk->RowsOf(group);
        WalkData<T> data = *walk->Data;
        Lines<T> hidden = HiddenStates(data), cells = CellStates(data);
        walk->Enter(group, hidden, cells, out data.Hidden, out data.Cells);
        RecurrentWalk<T, L, TCell>.Forward(data, first, last);
        walk->Leave(group, hidden, cells, data.Hidden, data.Cells);
    }

    private static void RunBackward(void* state, int group)
    {
        var walk = (SharedWalk*)state;
        (int first, int last) = walk->RowsOf(group);
        WalkData<T> data = *walk->Data;
        Lines<T> hidden = HiddenGradients(data), cells = CellGradients(data);
        walk->Enter(group, hidden, cells, out data.HiddenGradient, out data.CellGradient);
        RecurrentWalk<T, L, TCell>.Backward(data, first, last);
        walk->Leave(group, hidden, cells, data.HiddenGradient, data.CellGradient);
    }

    private static Lines<T> HiddenStates(in WalkData<T> data) => new() { First = data.Hidden, Stride = (nint)data.StateSlots * data.HiddenWidth };

    private static Lines<T> CellStates(in WalkData<T> data) => new() { First = data.Cells, Stride = TCell.HasCell ? (nint)data.StateSlots * CellPacking<T, L, TCell>.Padded(data.Units) : 0 };

    private static Lines<T> HiddenGradients(in WalkData<T> data) => new() { First = data.HiddenGradient, Stride = data.GradientWidth };

    private static Lines<T> CellGradients(in WalkData<T> data) => new() { First = data.CellGradient, Stride = TCell.HasCell ? CellPacking<T, L, TCell>.Padded(data.Units) : 0 };

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

        /// <summary>Takes two states of a group's rows to its own memory, where there is such, and tells where row 0 of each would now stand; on the way back δh has no contents yet.</summary>
        public readonly void Enter(int group, in Lines<T> a, in Lines<T> b, out T* ownA, out T* ownB)
        {
            ownA = a.First;
            ownB = b.First;
            if (Room is not null)
            {
                // All rows of a from the group's first one, then all of b.
                (int first, int last) = RowsOf(group);
                T* room = Room + group * (Caches.Page / sizeof(T));
                ownA = room + first * b.Stride;
                ownB = room + last * a.Stride;
                CopyRows(first, last, a.Stride, a.First, ownA);
                CopyRows(first, last, b.Stride, b.First, ownB);
            }
        }

        /// <summary>Brings them back.</summary>
        public readonly void Leave(int group, in Lines<T> a, in Lines<T> b, T* ownA, T* ownB)
        {
            if (Room is not null)
            {
                (int first, int last) = RowsOf(group);
                CopyRows(first, last, a.Stride, ownA, a.First);
                CopyRows(first, last, b.Stride, ownB, b.First);
            }
        }

        private static void CopyRows(int first, int last, nint stride, T* from, T* to) =>
            new Span<T>(from + first * stride, (int)((last - first) * stride)).CopyTo(new Span<T>(to + first * stride, (int)((last - first) * stride)));
    }
}
