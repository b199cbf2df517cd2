namespace Engram.Backends;

/// <summary>
/// The seam a device plugs into: memory, and the operations that ops call, at the grain of fused kernels. A backend fixes the
/// element type; ops never see it, nor the memory itself. Matrices are row-major, counts are in elements, gradients are added to
/// what stands where <c>accumulate</c> is set and overwrite it otherwise. All methods are safe from several threads at once on
/// different storages.
/// </summary>
internal partial interface IBackend : IDisposable
{
    /// <summary>What the backend runs on: <c>cpu, 512-bit vectors, 2 threads</c>.</summary>
    string Description { get; }

    /// <summary>Threads that share its work, the caller's among them.</summary>
    int Threads { get; }

    /// <summary>Takes memory from the pool; its contents are undefined.</summary>
    Storage Rent(long length);

    /// <summary>Gives memory back to the pool.</summary>
    void Return(Storage storage);

    /// <summary>Hands the pool's unused memory back to the system.</summary>
    void TrimPool();

    void Write(Storage target, ReadOnlySpan<float> values);

    void Write(Storage target, ReadOnlySpan<double> values);

    /// <summary>Writes from an element on.</summary>
    void Write(Storage target, long first, ReadOnlySpan<float> values);

    void Read(Storage source, Span<float> values);

    void Read(Storage source, Span<double> values);

    void Clear(Storage target, long count);

    void Copy(Storage source, Storage target, long count);

    /// <summary>target (+)= factor · source.</summary>
    void AddScaled(Storage source, double factor, Storage target, long count, bool accumulate);

    void Add(Storage a, Storage b, Storage target, long count);

    void Subtract(Storage a, Storage b, Storage target, long count);

    /// <summary>target (+)= a ⊙ b.</summary>
    void Multiply(Storage a, Storage b, Storage target, long count, bool accumulate);

    /// <summary>The sum of all elements, in an order that depends on the count alone.</summary>
    double Sum(Storage source, long count);

    /// <summary>The sum of all squares, in an order that depends on the count alone.</summary>
    double SumOfSquares(Storage source, long count);

    /// <summary>target (+)= value everywhere.</summary>
    void Fill(Storage target, double value, long count, bool accumulate);

    /// <summary>Clips every element to [−bound, bound]; what is no number stays so.</summary>
    void Clip(Storage target, double bound, long count);

    void Activate(Activation activation, Storage x, Storage y, long count);

    /// <summary>dx (+)= dy ⊙ φ'(x), from the activation's result y.</summary>
    void ActivateBackward(Activation activation, Storage y, Storage dy, Storage dx, long count, bool accumulate);

    /// <summary>Softmax over each row.</summary>
    void Softmax(Storage x, Storage y, int rows, int columns);

    void SoftmaxBackward(Storage y, Storage dy, Storage dx, int rows, int columns, bool accumulate);

    /// <summary>
    /// A mask of one number with probability <paramref name="rate"/>, else of another; element e of row r is number
    /// <c>sampleIndices[r] · rowLength + e</c> of the stream.
    /// </summary>
    void RandomMask(RandomStream random, ReadOnlySpan<int> sampleIndices, long rowLength, double rate, double drawn, double other, Storage mask);

    /// <summary>Prepares a matrix [rows, columns], or its transpose, to stand at the right of <see cref="Multiply(Storage, int, PackedMatrix, Storage?, Storage, bool)"/>.</summary>
    PackedMatrix Pack(Storage matrix, int rows, int columns, bool transpose, PackedMatrix? reuse);

    /// <summary>c [rows, N] (+)= a [rows, K] · b [K, N] + bias [N].</summary>
    void Multiply(Storage a, int rows, PackedMatrix b, Storage? bias, Storage c, bool accumulate);

    /// <summary>
    /// The same with b = matrix [matrixRows, matrixColumns], or its transpose, as it lies: for a matrix that changes before it is needed again. What is packed of
    /// it at a time is small.
    /// </summary>
    void Multiply(Storage a, int rows, Storage matrix, int matrixRows, int matrixColumns, bool transpose, Storage? bias, Storage c, bool accumulate);

    /// <summary>c [M, N] (+)= aᵀ · b for a [rows, M] and b [rows, N]: the gradient of a weight matrix, which is always wanted; and, where they are, the sums of b over rows, sums [N]: that of a bias.</summary>
    void MultiplyTransposed(Storage a, Storage b, int rows, int m, int n, in GradientTarget c, in GradientTarget sums = default);

    /// <summary>sums [columns] (+)= the sum over rows.</summary>
    void SumRows(Storage a, int rows, int columns, Storage sums, bool accumulate);

    /// <summary>Prepares the weights of a recurrent layer; once per change of the weights.</summary>
    RecurrentWeights PrepareRecurrent(in RecurrentSpec spec, in RecurrentParameters<Storage> parameters, RecurrentWeights? reuse);

    /// <summary>A recurrent layer that keeps its states and takes one step of its sequences at a time, for running only.</summary>
    RecurrentStepper CreateStepper(in StepperSpec spec);

    /// <summary>Walks a batch of sequences.</summary>
    /// <returns>What <see cref="RecurrentBackward"/> needs, where <paramref name="forGradient"/>; else null.</returns>
    RecurrentSaved? RecurrentForward(in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, bool forGradient);

    /// <summary>Walks back and adds up the gradients.</summary>
    void RecurrentBackward(in RecurrentSpec spec, RecurrentWeights weights, in RecurrentArguments arguments, RecurrentSaved saved, in RecurrentGradients gradients);

    /// <summary>The mean loss over all rows that are real and, where asked for, its gradient with respect to the prediction.</summary>
    double Loss(LossSpec spec, in LossArguments arguments);

    /// <summary>
    /// The first real row with a target that a loss can make nothing of, and that target; null where there is none. A class id is a whole
    /// number in 0 … columns − 1, a share a number in 0 … 1.
    /// </summary>
    (int Row, double Value)? FindBadTarget(LossSpec spec, in LossArguments arguments);

    /// <summary>One step of SGD; see <see cref="Engram.Sgd"/> for the equations.</summary>
    void SgdStep(Storage value, Storage gradient, Storage? velocity, long count, in SgdStep step);

    /// <summary>One step of Adam; see <see cref="Engram.Adam"/> for the equations.</summary>
    void AdamStep(Storage value, Storage gradient, Storage first, Storage second, long count, in AdamStep step);

    /// <summary>One step of Nadam; see <see cref="Engram.Nadam"/> for the equations.</summary>
    void NadamStep(Storage value, Storage gradient, Storage first, Storage second, long count, in NadamStep step);

    /// <summary>One step of RMSprop; see <see cref="Engram.RmsProp"/> for the equations.</summary>
    void RmsPropStep(Storage value, Storage gradient, Storage squares, Storage? mean, Storage? velocity, long count, in RmsPropStep step);

    /// <summary>One step of Adagrad; see <see cref="Engram.Adagrad"/> for the equations.</summary>
    void AdagradStep(Storage value, Storage gradient, Storage squares, long count, in AdagradStep step);

    /// <summary>Shortens every row, or every column, of a matrix whose norm is above a maximum to it.</summary>
    void LimitNorms(Storage value, int rows, int columns, bool byRow, double maximum);

    /// <summary>average += share · (value − average).</summary>
    void Average(Storage average, Storage value, double share, long count);
}

/// <summary>A matrix in the form that a backend multiplies with fastest.</summary>
internal abstract class PackedMatrix(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;
}
