using Engram.Backends;

namespace Engram;

/// <summary>
/// The states of a model's recurrent layers, carried from one pass to the next: that of a stream, or of a long sequence that is
/// trained on piece by piece. The n-th recurrence of every pass must be the same; gradients do not flow from pass to pass.
/// </summary>
internal sealed class CarriedStates(IBackend backend)
{
    private readonly List<Entry> _entries = [];
    private int _next;

    /// <summary>A pass begins.</summary>
    public void Begin() => _next = 0;

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

    /// <summary>The state of one recurrence.</summary>
    internal sealed class Entry(IBackend backend, RecurrentLayer layer)
    {
        private Storage? _hidden, _cell;
        private Shape _hiddenShape, _cellShape;
        private bool _isSet;

        public RecurrentLayer Layer => layer;

        /// <summary>The states as tensors of a pass; they do not exist at the start.</summary>
        /// <exception cref="InvalidOperationException">They are of another number of sequences.</exception>
        public (Tensor Hidden, Tensor Cell) Load(Pass pass, int batch)
        {
            if (!_isSet)
            {
                return default;
            }
            if (_hiddenShape[0] != batch)
            {
                throw new InvalidOperationException(
                    $"Layer {layer.Name} carries the states of {_hiddenShape[0]} sequences, but a batch of {batch} came. Reset the states first.");
            }
            return (Copy(pass, _hidden!, _hiddenShape), _cell is null ? default : Copy(pass, _cell, _cellShape));
        }

        /// <summary>Keeps states for the next pass.</summary>
        public void Save(Tensor hidden, Tensor cell)
        {
            Keep(hidden, ref _hidden, ref _hiddenShape);
            if (cell.Exists)
            {
                Keep(cell, ref _cell, ref _cellShape);
            }
            _isSet = true;
        }

        public void Reset() => _isSet = false;

        private static Tensor Copy(Pass pass, Storage storage, Shape shape)
        {
            Tensor tensor = pass.Create(shape, "carried state", needsGradient: false);
            pass.Backend.Copy(storage, tensor.Body.Storage!, shape.Count);
            return tensor;
        }

        private void Keep(Tensor state, ref Storage? storage, ref Shape shape)
        {
            if (storage is null || shape != state.Shape)
            {
                storage = backend.Rent(state.Shape.Count);
                shape = state.Shape;
            }
            backend.Copy(state.Body.Storage!, storage, shape.Count);
        }
    }
}
