using Engram.Backends;
using Engram.Training;

namespace Engram;

/// <summary>
/// The states of a model's recurrent layers, carried from one pass to the next: that of a stream, or of a long sequence that is
/// trained on piece by piece. The n-th recurrence of every pass must be the same; gradients do not flow from pass to pass.
/// </summary>
internal sealed class CarriedStates(IBackend backend)
{
    private readonly List<Entry> _entries = [];
    private int _next;

    /// <summary>Whether every pass is one time step of the same sequences, none of which is trained on: a <see cref="ModelStream"/>.</summary>
    public bool IsStepwise { get; init; }

    /// <summary>How steppers store weights.</summary>
    public WeightPrecision Weights { get; init; }

    /// <summary>Whether a recurrence of the pass has taken its step, or has begun to.</summary>
    public bool HasBegun => _next > 0;

    /// <summary>A pass begins.</summary>
    public void BeginPass()
    {
        _next = 0;
        foreach (Entry entry in _entries)
        {
            entry.Detach();
        }
    }

    /// <summary>
    /// The model is applied again in the same pass: recurrences go on from the states of the application before, and gradients flow through them.
    /// </summary>
    public void BeginForward() => _next = 0;

    /// <summary>The next recurrence of the pass.</summary>
    /// <exception cref="InvalidOperationException">It is another one than at this place of the pass before.</exception>
    public Entry Next(RecurrentLayer layer)
    {
        if (_next == _entries.Count)
        {
            _entries.Add(new Entry(backend, layer));
        }
        Entry entry = _entries[_next++];
        return entry.Layer == layer ? entry : throw new InvalidOperationException(
            $"The model applies layer {layer.Name} where it applied {entry.Layer.Name} in the step before: a state can only be carried where every step applies the same layers.");
    }

    /// <summary>All states become zero again.</summary>
    public void Reset()
    {
        foreach (Entry entry in _entries)
        {
            entry.Reset();
        }
    }

    /// <summary>The states of those samples of a batch that begin a sequence become zero again.</summary>
    public void ResetWhereSequencesStart(ISampleSource source, ReadOnlySpan<int> samples)
    {
        for (int row = 0; row < samples.Length; row++)
        {
            if (source.StartsSequence(samples[row]))
            {
                foreach (Entry entry in _entries)
                {
                    entry.ResetRow(row);
                }
            }
        }
    }

    /// <summary>Takes the states of another.</summary>
    public void CopyFrom(CarriedStates other)
    {
        Reset();
        for (int i = 0; i < other._entries.Count; i++)
        {
            if (i == _entries.Count)
            {
                _entries.Add(new Entry(backend, other._entries[i].Layer));
            }
            _entries[i].CopyFrom(other._entries[i]);
        }
    }

    /// <summary>Adds the states to a checkpoint, between two passes.</summary>
    public void Save(CheckpointWriter checkpoint)
    {
        checkpoint.Set("states", string.Join(' ', _entries.Select(entry => entry.Layer.Name)));
        for (int i = 0; i < _entries.Count; i++)
        {
            _entries[i].Save(checkpoint, i);
        }
    }

    /// <summary>Takes back what <see cref="Save"/> added.</summary>
    public void Restore(CheckpointReader checkpoint)
    {
        _entries.Clear();
        foreach (string name in checkpoint.Text("states").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            RecurrentLayer layer = checkpoint.Model.Layers.SelectMany(one => one.SelfAndParts).OfType<RecurrentLayer>().FirstOrDefault(one => one.Name == name)
                ?? throw checkpoint.Bad("states");
            var entry = new Entry(backend, layer);
            entry.Restore(checkpoint, _entries.Count);
            _entries.Add(entry);
        }
    }

    /// <summary>The state of one recurrence.</summary>
    internal sealed class Entry(IBackend backend, RecurrentLayer layer)
    {
        private Storage? _hidden, _cell;
        private Shape _hiddenShape, _cellShape;
        private Tensor _attachedHidden, _attachedCell;
        private RecurrentStepper? _stepper;
        private StepperSpec _steps;
        private bool _isSet;

        public RecurrentLayer Layer => layer;

        /// <summary>The states as tensors of a pass; they do not exist at the start.</summary>
        /// <exception cref="InvalidOperationException">They are of another number of sequences.</exception>
        public (Tensor Hidden, Tensor Cell) Load(Pass pass, int batch)
        {
            TakeFromStepper();
            if (!_isSet)
            {
                return default;
            }
            RequireBatch(_hiddenShape[0], batch);
            if (_attachedHidden.Exists)
            {
                return (_attachedHidden, _attachedCell);
            }
            return (Copy(pass, _hidden!, _hiddenShape), _cell is null ? default : Copy(pass, _cell, _cellShape));
        }

        /// <summary>
        /// The recurrence step by step; it has states of its own, that no tensor shows. Null where tensors have them, as from the first step on that has a mask.
        /// </summary>
        /// <exception cref="InvalidOperationException">The states are of another number of sequences.</exception>
        public RecurrentStepper? Stepper(in StepperSpec spec)
        {
            if (_isSet)
            {
                return null;
            }
            if (_stepper is null)
            {
                (_stepper, _steps) = (backend.CreateStepper(spec), spec);
            }
            RequireBatch(_steps.Batch, spec.Batch);
            return _stepper;
        }

        /// <summary>Keeps states for the next pass.</summary>
        public void Save(Tensor hidden, Tensor cell)
        {
            Keep(hidden.Body.Storage!, hidden.Shape, ref _hidden, ref _hiddenShape);
            if (cell.Exists)
            {
                Keep(cell.Body.Storage!, cell.Shape, ref _cell, ref _cellShape);
            }
            (_attachedHidden, _attachedCell, _isSet) = (hidden, cell, true);
        }

        /// <summary>The pass of the tensors that were saved last has ended; their numbers stay.</summary>
        public void Detach() => (_attachedHidden, _attachedCell) = (default, default);

        public void Reset()
        {
            Detach();
            _isSet = false;
            _stepper?.Reset();
        }

        public void ResetRow(int row)
        {
            Detach();
            if (_isSet)
            {
                ClearRow(_hidden!, _hiddenShape, row);
                if (_cell is not null)
                {
                    ClearRow(_cell, _cellShape, row);
                }
            }
        }

        public void CopyFrom(Entry other)
        {
            if (other._isSet)
            {
                Keep(other._hidden!, other._hiddenShape, ref _hidden, ref _hiddenShape);
                if (other._cell is not null)
                {
                    Keep(other._cell, other._cellShape, ref _cell, ref _cellShape);
                }
                _isSet = true;
            }
        }

        /// <summary>A stepper knows nothing of masks: at the first one its states become tensors.</summary>
        private void TakeFromStepper()
        {
            if (_isSet || _stepper is null)
            {
                return;
            }
            Storage hidden = Room(new Shape(_steps.Batch, _steps.Layer.Outputs), ref _hidden, ref _hiddenShape);
            Storage? cell = _steps.Layer.Cell.Layout.HasCell ? Room(new Shape(_steps.Batch, _steps.Layer.Units), ref _cell, ref _cellShape) : null;
            _stepper.Read(hidden, cell);
            _isSet = true;
        }

        private void RequireBatch(int carried, int batch)
        {
            if (carried != batch)
            {
                throw new InvalidOperationException(
                    $"Layer {layer.Name} carries the states of {carried} sequences, but a batch of {batch} came. Reset the states first.");
            }
        }

        public void Save(CheckpointWriter checkpoint, int place)
        {
            if (_isSet)
            {
                Save(checkpoint, $"state.{place}.hidden", _hidden!, _hiddenShape);
                if (_cell is not null)
                {
                    Save(checkpoint, $"state.{place}.cell", _cell, _cellShape);
                }
            }
        }

        public void Restore(CheckpointReader checkpoint, int place)
        {
            (_hidden, _hiddenShape) = Read(checkpoint, $"state.{place}.hidden");
            (_cell, _cellShape) = Read(checkpoint, $"state.{place}.cell");
            _isSet = _hidden is not null;
        }

        private void Save(CheckpointWriter checkpoint, string name, Storage storage, Shape shape)
        {
            float[] values = new float[shape.Count];
            backend.Read(storage, values);
            checkpoint.Add(name, shape, values);
        }

        private (Storage? Storage, Shape Shape) Read(CheckpointReader checkpoint, string name)
        {
            if (checkpoint.TryMatrix(name) is not var (values, shape))
            {
                return default;
            }
            Storage storage = backend.Rent(shape.Count);
            backend.Write(storage, values);
            return (storage, shape);
        }

        private static Tensor Copy(Pass pass, Storage storage, Shape shape)
        {
            Tensor tensor = pass.Create(shape, "carried state", needsGradient: false);
            pass.Backend.Copy(storage, tensor.Body.Storage!, shape.Count);
            return tensor;
        }

        private void Keep(Storage state, Shape stateShape, ref Storage? storage, ref Shape shape) =>
            backend.Copy(state, Room(stateShape, ref storage, ref shape), stateShape.Count);

        private Storage Room(Shape needed, ref Storage? storage, ref Shape shape)
        {
            if (storage is null || shape != needed)
            {
                if (storage is not null)
                {
                    backend.Return(storage);
                }
                storage = backend.Rent(needed.Count);
                shape = needed;
            }
            return storage;
        }

        private void ClearRow(Storage storage, Shape shape, int row) => backend.ClearRows(storage, shape[1], [row]);
    }
}
