using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// From the weights as users know them, <c>[rows, 4 · units]</c> with column blocks i, f, g, o, to the panels of the walk and back.
/// Panel p holds units p · count … with their four gates side by side; units beyond the last are zeros.
/// </summary>
internal static unsafe class LstmPacking<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const int Gates = LstmCell<T, L>.Gates;

    private static int Width => PanelKernel<T, L>.Width;

    /// <summary>Panels that hold the gates of so many units.</summary>
    public static int Panels(int units) => (units + L.Count - 1) / L.Count;

    /// <summary>weights [rows, 4 · units] to packed [panels, rows, width].</summary>
    public static void Pack(T* weights, int rows, int units, T* packed)
    {
        for (int panel = 0; panel < Panels(units); panel++)
        {
            int unit = panel * L.Count, count = Math.Min(L.Count, units - unit);
            for (int row = 0; row < rows; row++)
            {
                for (int gate = 0; gate < Gates; gate++)
                {
                    var target = new Span<T>(packed + gate * L.Count, L.Count);
                    new Span<T>(weights + ((nint)row * Gates + gate) * units + unit, count).CopyTo(target);
                    target[count..].Clear();
                }
                packed += Width;
            }
        }
    }

    /// <summary>
    /// The transpose of weights [rows, 4 · units], whose rows become the columns of a packed matrix
    /// <c>[⌈rows / width⌉, panels · width, width]</c> and whose columns stand in the order of the walk's gates.
    /// </summary>
    public static void PackTransposed(T* weights, int rows, int units, T* packed)
    {
        for (int first = 0; first < rows; first += Width)
        {
            int width = Math.Min(Width, rows - first);
            for (int panel = 0; panel < Panels(units); panel++)
            {
                for (int gate = 0; gate < Gates; gate++)
                {
                    for (int lane = 0; lane < L.Count; lane++)
                    {
                        int unit = panel * L.Count + lane;
                        var line = new Span<T>(packed, Width);
                        packed += Width;
                        if (unit >= units)
                        {
                            line.Clear();
                            continue;
                        }
                        T* source = weights + (nint)first * Gates * units + gate * units + unit;
                        for (int column = 0; column < width; column++)
                        {
                            line[column] = source[(nint)column * Gates * units];
                        }
                        line[width..].Clear();
                    }
                }
            }
        }
    }

    /// <summary>From gradients in the walk's order [rows, panels · width] to gradients of weights [rows, 4 · units].</summary>
    public static void Unpack(T* packed, int rows, int units, T* weights, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int panel = 0; panel < Panels(units); panel++)
            {
                int unit = panel * L.Count, count = Math.Min(L.Count, units - unit);
                for (int gate = 0; gate < Gates; gate++)
                {
                    T* source = packed + gate * L.Count, target = weights + ((nint)row * Gates + gate) * units + unit;
                    for (int lane = 0; lane < count; lane++)
                    {
                        target[lane] = accumulate ? target[lane] + source[lane] : source[lane];
                    }
                }
                packed += Width;
            }
        }
    }
}
