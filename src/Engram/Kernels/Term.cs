namespace Engram.Kernels;

/// <summary>
/// One term of the sum that a panel kernel accumulates:
/// <code>  Σ over repeats, Σ over steps:  A[row, step] · B[step, 0 … 4 vectors)</code>
/// Strides are in elements. A weight matrix that is multiplied from the left walks A along its columns; the gradient of weights
/// walks A and B along the rows of time × batch, a repeat for each sequence.
/// </summary>
internal unsafe struct Term<T>
    where T : unmanaged
{
    public T* A;
    public nint RowStride;
    public nint StepStride;
    public T* B;
    public nint BStride;
    public int Steps;
    public int Repeats;
    public nint ARepeat;
    public nint BRepeat;
}
