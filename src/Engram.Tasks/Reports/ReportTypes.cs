using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>The data of a report.</summary>
/// <param name="Files">The files that were read, in their order; empty for tables made in memory.</param>
/// <param name="Sha256">SHA-256 of their bytes one after the other; see <see cref="Engram.Data.Table.Sha256"/>.</param>
/// <param name="Rows">Rows that were read.</param>
/// <param name="Used">Rows of these that were used: without duplicates and rows left out.</param>
/// <param name="Notes">What was found, assumed, changed or decided, a sentence each.</param>
public sealed record ReportData(IReadOnlyList<string> Files, string Sha256, long Rows, long Used, IReadOnlyList<string> Notes)
{
    /// <summary>The test files, where they are others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TestFiles { get; init; }

    /// <summary>SHA-256 of the test files, where they are others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TestSha256 { get; init; }
}

/// <summary>A stretch of rows.</summary>
/// <param name="From">Time stamp of the first row, or <c>row 1</c> where there are no times; null where there is no row.</param>
/// <param name="To">The same of the last row.</param>
/// <param name="Rows">How many rows, those filled in counted.</param>
public sealed record ReportPart(string? From, string? To, int Rows);

/// <summary>How the rows were split by time.</summary>
/// <param name="Train">The oldest part, from which the weights and the scalers come.</param>
/// <param name="Validation">The part on which the best epoch was chosen; null where there is none.</param>
/// <param name="Test">The newest part, which gives the scores.</param>
public sealed record ReportSplit(ReportPart Train, ReportPart? Validation, ReportPart Test)
{
    /// <summary>Texts or sentences of the test part that stand word for word in the training or validation part too; null where there are none, and of forecasts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TestSeen { get; init; }
}

/// <summary>The network.</summary>
/// <param name="Parameters">Number of weights.</param>
/// <param name="Layers">Its layers, first to last.</param>
public sealed record ReportModel(long Parameters, IReadOnlyList<ReportLayer> Layers)
{
    /// <summary>The recurrent cell.</summary>
    public CellKind Cell { get; init; }

    /// <summary>The word vectors that its embedding began with; null where there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportWordVectors? WordVectors { get; init; }
}

/// <summary>Word vectors that an embedding began with.</summary>
/// <param name="File">Their file.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Size">Numbers of a vector.</param>
/// <param name="Found">Words of the vocabulary that the file has.</param>
/// <param name="Words">Words of the vocabulary.</param>
/// <param name="TokenShare">The share of the training tokens whose word it has: 0 to 1.</param>
public sealed record ReportWordVectors(string File, string Sha256, int Size, int Found, int Words, double TokenShare);

/// <summary>A layer of the network.</summary>
/// <param name="Name">Its name in the model file: <c>lstm_1</c>.</param>
/// <param name="Kind">What it is: <c>lstm</c>, <c>gru</c>.</param>
/// <param name="Units">Size of its output; null where that is the size of its input.</param>
/// <param name="Parameters">Number of its weights.</param>
public sealed record ReportLayer(string Name, string Kind, int? Units, long Parameters);

/// <summary>How training went.</summary>
/// <param name="Epochs">Epochs done.</param>
/// <param name="BestEpoch">The one whose weights were kept.</param>
/// <param name="Seconds">Time of all epochs, validation included.</param>
/// <param name="Stopped">Why it ended: <c>patience</c>, <c>epochs</c> or <c>time limit</c>.</param>
public sealed record ReportTraining(int Epochs, int BestEpoch, double Seconds, string Stopped)
{
    /// <summary>What the best epoch was chosen by, <c>validation F1</c>; null where that is the loss.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BestBy { get; init; }
}

/// <summary>The network's errors.</summary>
/// <param name="Test">On the test part, which it never saw.</param>
/// <param name="Validation">On the validation part; null where there is none.</param>
public sealed record ReportMetrics(ForecastMetrics Test, ForecastMetrics? Validation);
