using System.Runtime.CompilerServices;

namespace Engram.Autograd;

/// <summary>Ops that a pass has used before, by type.</summary>
internal sealed class OpPool
{
    private readonly Dictionary<Type, Stack<Op>> _free = [];

    /// <summary>A cleared op of the type.</summary>
    public TOp Take<TOp>()
        where TOp : Op, new() =>
        _free.TryGetValue(typeof(TOp), out Stack<Op>? stack) && stack.TryPop(out Op? op) ? Unsafe.As<TOp>(op) : new TOp();

    /// <summary>Clears an op and takes it back.</summary>
    public void Return(Op op)
    {
        op.Forget();
        if (!_free.TryGetValue(op.GetType(), out Stack<Op>? stack))
        {
            _free.Add(op.GetType(), stack = new Stack<Op>());
        }
        stack.Push(op);
    }
}
