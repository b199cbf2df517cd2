using System.Runtime.InteropServices;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>What a forecaster's model file holds beside the network: under the key <c>task</c> of its description.</summary>
internal sealed record ForecastDocument
{
    public const string TaskKind = "forecast";

    public string Kind { get; init; } = TaskKind;

    /// <summary>How rows become inputs and outputs forecasts.</summary>
    public required ForecastSpec Spec { get; init; }

    /// <summary>The last rows known.</summary>
    public required ForecastTail Tail { get; init; }

    /// <summary>How it was trained.</summary>
    public required ForecastOptions Options { get; init; }

    /// <summary>The files trained on.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>SHA-256 of their bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The linear baseline; null while training, and where there is none.</summary>
    public LinearDocument? Linear { get; init; }

    /// <summary>What came out; null while training.</summary>
    public ForecastReport? Report { get; init; }
}

/// <summary>The last rows known, in original units.</summary>
/// <param name="Values">Row-major [rows, features], oldest first, without a gap.</param>
/// <param name="LastTime">Time stamp of the last; null where the data have none.</param>
internal sealed record ForecastTail(double[] Values, DateTime? LastTime)
{
    /// <summary>So many rows of a series' end, or as many as its last stretch has.</summary>
    public static ForecastTail Of(SeriesData data, int rows)
    {
        int first = Math.Max(data.SegmentStarts[^1], data.RowCount - rows);
        return new ForecastTail(
            data.Values.Span[(first * data.FeatureCount)..].ToArray(),
            data.Times.IsEmpty ? null : data.Times.Span[^1]);
    }
}

/// <summary>The linear baseline.</summary>
/// <param name="Means">Mean of each feature.</param>
/// <param name="Deviations">Deviation of each.</param>
/// <param name="Coefficients">[inputs + 1, horizon] as little-endian 64-bit numbers.</param>
internal sealed record LinearDocument(double[] Means, double[] Deviations, byte[] Coefficients)
{
    public static LinearDocument? Of(LinearAutoregression? linear) => linear is null ? null
        : new LinearDocument(linear.Means.ToArray(), linear.Deviations.ToArray(), MemoryMarshal.AsBytes(linear.Coefficients).ToArray());

    public LinearAutoregression ToBaseline(ForecastSpec spec) =>
        new(spec.Window, spec.Horizon, Means, Deviations, MemoryMarshal.Cast<byte, double>(Coefficients).ToArray());
}
