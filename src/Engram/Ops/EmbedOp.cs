using System.Globalization;
using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Rows of a table by number.</content>
public static partial class Operations
{
    /// <summary>
    /// The rows of a table that ids name: ids [batch, time], whole numbers 0 … rows − 1, and table [rows, size] give [batch, time, size].
    /// Steps that a mask of the ids leaves out give zeros; their ids are not looked at.
    /// </summary>
    /// <exception cref="ShapeException">The ids are not [batch, time] or the table is no matrix.</exception>
    /// <exception cref="ArgumentException">An id is not a whole number, or names no row.</exception>
    public static Tensor Embed(this Pass pass, Tensor ids, Tensor table) =>
        EmbedOp.Forward(pass, pass.Input(ids), pass.Input(table), maskZero: false, "embed", 0, default);

    /// <summary>The same; of the ids a share is dropped, in each sequence others, whose places get zeros.</summary>
    internal static Tensor Embed(this Pass pass, Tensor ids, Tensor table, bool maskZero, string name, double dropped, RandomStream random) =>
        EmbedOp.Forward(pass, ids, table, maskZero, name, dropped, random);

    /// <summary>
    /// y_t = E[id_t];  dE[i] = Σ dy_t over the t with id_t = i. The table's gradient is an array like any other, so that optimizers
    /// need know nothing of ids. It is zero in the rows that no id names; where the last walk wrote to rows of ids alone, only these
    /// are cleared before the next, not the whole table.
    /// </summary>
    private sealed class EmbedOp : Op
    {
        private Tensor _table, _y;
        private float[] _ids = [];
        private int[] _rows = []; // −1 at steps that are left out
        private readonly DistinctRows _distinct = new();
        private int _count;

        private ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

        public static Tensor Forward(Pass pass, Tensor ids, Tensor table, bool maskZero, string name, double dropped, RandomStream random)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Copying);
            if (ids.Shape.Rank != 2 || table.Shape.Rank != 2)
            {
                throw new ShapeException($"{name}: ids [batch, time] and a table [rows, size] were expected, but they have {ids.Shape} and {table.Shape}.");
            }
            EmbedOp op = pass.Take<EmbedOp>(); // also where no gradient is wanted: it holds the rows
            int width = table.Shape[1];
            Tensor y = pass.Create(new Shape(ids.Shape[0], ids.Shape[1], width), name, table.Body.NeedsGradient);
            (op._table, op._y) = (table, y);
            op.ReadRows(pass, ids, table.Shape[0], maskZero, name);
            y.Body.Mask = maskZero ? op.MaskOf(pass, ids) : ids.Body.Mask;
            op.Drop(pass, ids.Shape, table.Shape[0], dropped, random);
            pass.Backend.GatherRows(table.Body.Storage!, width, op.Rows, y.Body.Storage!);
            op._distinct.Begin(op._rows.AsMemory(0, op._count), table);
            y.Body.Distinct = op._distinct;
            return y;
        }

        public override void Backward(Pass pass)
        {
            (Storage? dy, Storage? ofDistinct) = (Pass.TryGradient(_y), Pass.TryGradient(_distinct.Vectors));
            if ((dy is null && ofDistinct is null) || !_table.Body.NeedsGradient)
            {
                return;
            }
            int width = _table.Shape[1];
            Parameter? parameter = _table.Body.Parameter;
            RowSet? written = parameter?.GradientRows;
            (Storage target, bool accumulate) = pass.GradientOf(_table);
            if (!accumulate)
            {
                if (written is null)
                {
                    pass.Backend.Clear(target, _table.Shape.Count);
                    written = parameter is null ? null : new RowSet(_table.Shape[0]);
                }
                else
                {
                    pass.Backend.ClearRows(target, width, written.Rows);
                    written.Clear();
                }
            }
            if (dy is not null)
            {
                pass.Backend.ScatterRows(dy, width, Rows, target);
            }
            if (ofDistinct is not null)
            {
                pass.Backend.ScatterRows(ofDistinct, width, _distinct.Rows, target);
            }
            written?.Add(Rows);
            if (parameter is not null)
            {
                parameter.GradientRows = written;
            }
        }

        public override void Forget()
        {
            (_table, _y, _count) = (default, default, 0);
            _distinct.Forget();
        }

        private void ReadRows(Pass pass, Tensor ids, int rows, bool maskZero, string name)
        {
            _count = checked((int)ids.Shape.Count);
            if (_rows.Length < _count)
            {
                (_ids, _rows) = (new float[_count], new int[_count]);
            }
            pass.Backend.Read(ids.Body.Storage!, _ids.AsSpan(0, _count));
            ReadOnlySpan<bool> real = ids.Body.Mask is { } mask ? mask.Pattern : [];
            for (int i = 0; i < _count; i++)
            {
                float id = _ids[i];
                if (!real.IsEmpty && !real[i])
                {
                    _rows[i] = -1;
                    continue;
                }
                if (!(id >= 0 && id < rows && id == MathF.Floor(id)))
                {
                    int steps = ids.Shape[1];
                    throw new ArgumentException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: sample {pass.SampleIndices(ids.Shape[0])[i / steps]} has id {id:R} at step {i % steps}, but ids are whole numbers 0 … {rows - 1}."));
                }
                _rows[i] = maskZero && id == 0 ? -1 : (int)id;
            }
        }

        /// <summary>Drops a share of the ids of each sequence: id i of sample s by number s · rows + i of the stream.</summary>
        private void Drop(Pass pass, Shape ids, int rows, double rate, RandomStream random)
        {
            ReadOnlySpan<int> samples = rate > 0 ? pass.SampleIndices(ids[0]) : [];
            for (int i = 0; rate > 0 && i < _count; i++)
            {
                if (_rows[i] >= 0 && random.Uniform((long)samples[i / ids[1]] * rows + _rows[i]) < rate)
                {
                    _rows[i] = -1;
                }
            }
        }

        /// <summary>Real are the steps that the ids' mask leaves in and that have another id than 0.</summary>
        private SequenceMask MaskOf(Pass pass, Tensor ids)
        {
            SequenceMask mask = pass.NewMask();
            Span<bool> real = mask.Begin(ids.Shape[0], ids.Shape[1]);
            for (int i = 0; i < real.Length; i++)
            {
                real[i] = _rows[i] >= 0;
            }
            mask.Complete();
            return mask;
        }
    }
}
