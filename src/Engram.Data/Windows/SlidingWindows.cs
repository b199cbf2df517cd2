using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Engram.Training;

namespace Engram.Data;

/// <summary>
/// Samples cut from a series: input is the rows r − window + 1 … r of all features, target is feature 0 in the rows r + 1 … r + horizon.
/// Windows are made when they are read, from the one matrix that all of them share: memory does not grow with the window.
/// Reading is safe from many threads at once.
/// </summary>
public sealed class SlidingWindows : ISampleSource
{
    private readonly float[] _values;
    private readonly int _features;
    private readonly int _window;
    private readonly int _horizon;
    private readonly int _season;
    private readonly WindowResidual _residual;
    private readonly int[] _relative;
    private readonly bool _inputsOnly;

    /// <summary>Stretches of samples whose last input rows follow each other: the first sample, and its last input row.</summary>
    private readonly int[] _stretchSample;
    private readonly int[] _stretchRow;

    /// <summary>Makes the windows of a matrix, which is not copied.</summary>
    /// <param name="values">Scaled values without NaN, row-major <c>[rows, features]</c>; feature 0 is the target.</param>
    /// <param name="features">Number of features, 1 or more.</param>
    /// <param name="options">Which windows.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the features, or an option is out of its range.</exception>
    /// <remarks>Where no window fits, <see cref="Count"/> is 0.</remarks>
    public SlidingWindows(float[] values, int features, SlidingWindowsOptions options)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Window, 1, "options.Window");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Horizon, 1, "options.Horizon");
        if (values.Length % features != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole rows of {features} features.", nameof(values));
        }
        if (options.Residual == WindowResidual.Seasonal && options.Season < 1)
        {
            throw new ArgumentException("Seasonal residuals need a season of 1 row or more.", nameof(options));
        }
        if (options.RelativeFeatures.Any(feature => (uint)feature >= (uint)features))
        {
            throw new ArgumentException($"Relative features are numbers in 0 … {features - 1}.", nameof(options));
        }
        if (!options.Filled.IsEmpty && options.Filled.Length != values.Length / features)
        {
            throw new ArgumentException($"Filled has {options.Filled.Length} rows, the values {values.Length / features}.", nameof(options));
        }
        _values = values;
        _features = features;
        _window = options.Window;
        _horizon = options.Horizon;
        _residual = options.Residual;
        _season = options.Residual == WindowResidual.Seasonal ? options.Season : 0;
        _relative = [.. options.RelativeFeatures];
        _inputsOnly = options.InputsOnly;
        (_stretchSample, _stretchRow, Count) = FindStretches(options);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public Shape InputShape => new(_window, _features);

    /// <inheritdoc/>
    public Shape TargetShape => new(_horizon);

    /// <summary>Number of rows of the matrix.</summary>
    public int RowCount => _values.Length / _features;

    /// <summary>The last row that a sample's input holds; its targets lie in the rows after it.</summary>
    public int LastInputRow(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Count);
        int found = Array.BinarySearch(_stretchSample, sample);
        int stretch = found >= 0 ? found : ~found - 1;
        return _stretchRow[stretch] + (sample - _stretchSample[stretch]);
    }

    /// <summary>
    /// What was taken off a sample's target, in scaled units: add it to a prediction to get the scaled value. 0 without a residual.
    /// </summary>
    /// <param name="lastInputRow">The last row of the window, see <see cref="LastInputRow"/>.</param>
    /// <param name="step">Steps ahead, 1 the first.</param>
    public float Baseline(int lastInputRow, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        return _residual switch
        {
            WindowResidual.LastValue => Target(lastInputRow),
            // The first step of the season that has been seen: r + step − season ⌈step / season⌉.
            WindowResidual.Seasonal => Target(lastInputRow + step - (_season * ((step + _season - 1) / _season))),
            _ => 0,
        };
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        int inputSize = _window * _features;
        if (inputs.Length != (long)samples.Length * inputSize)
        {
            throw new ArgumentException($"{samples.Length} samples of {InputShape} need {(long)samples.Length * inputSize} numbers, not {inputs.Length}.", nameof(inputs));
        }
        if (!targets.IsEmpty && targets.Length != (long)samples.Length * _horizon)
        {
            throw new ArgumentException($"{samples.Length} targets of {TargetShape} need {(long)samples.Length * _horizon} numbers, not {targets.Length}.", nameof(targets));
        }
        if (!targets.IsEmpty && _inputsOnly)
        {
            throw new InvalidOperationException("These windows have inputs only; their targets may not be known yet.");
        }
        for (int i = 0; i < samples.Length; i++)
        {
            int last = LastInputRow(samples[i]);
            ReadInput(last, inputs.Slice(i * inputSize, inputSize));
            for (int step = 1; step <= _horizon && !targets.IsEmpty; step++)
            {
                targets[(i * _horizon) + step - 1] = Target(last + step) - Baseline(last, step);
            }
        }
    }

    /// <summary>The SHA-256 of the matrix, and which windows are cut from it.</summary>
    public string Fingerprint()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_values.AsSpan())));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{hash}, {_features} features, window {_window}, horizon {_horizon}, {_residual} {_season}, relative {string.Join(' ', _relative)}, rows {string.Join(' ', _stretchRow)} of samples {string.Join(' ', _stretchSample)}");
    }

    /// <summary>Writes the input whose last row is given, whether or not it is one of the samples.</summary>
    /// <param name="lastInputRow">The last row of the window, at least window − 1.</param>
    /// <param name="input">Receives <c>window × features</c> numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows of the window are not all there.</exception>
    public void ReadInput(int lastInputRow, Span<float> input)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastInputRow, _window - 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lastInputRow, RowCount);
        _values.AsSpan((lastInputRow - _window + 1) * _features, _window * _features).CopyTo(input);
        foreach (int feature in _relative)
        {
            float level = _values[(lastInputRow * _features) + feature];
            for (int i = feature; i < _window * _features; i += _features)
            {
                input[i] -= level;
            }
        }
    }

    private float Target(int row) => _values[row * _features];

    /// <summary>Finds the last input rows that make a sample, as stretches of neighbouring rows.</summary>
    private (int[] Samples, int[] Rows, int Count) FindStretches(SlidingWindowsOptions options)
    {
        (int firstTarget, int endTarget) = Bounds(options.TargetRows, RowCount);
        int reachBack = Math.Max(_window, _season);
        List<int> samples = [], rows = [];
        int count = 0;
        for (int segment = 0; segment < options.SegmentStarts.Count; segment++)
        {
            int start = options.SegmentStarts[segment];
            int end = segment + 1 < options.SegmentStarts.Count ? options.SegmentStarts[segment + 1] : RowCount;
            int first = Math.Max(start + reachBack - 1, firstTarget - 1);
            int last = _inputsOnly ? Math.Min(end, endTarget) - 1 : Math.Min(end, endTarget) - 1 - _horizon;
            AddStretches(first, last, _inputsOnly ? default : options.Filled.Span, samples, rows, ref count);
        }
        return ([.. samples], [.. rows], count);
    }

    private void AddStretches(int first, int last, ReadOnlySpan<bool> filled, List<int> samples, List<int> rows, ref int count)
    {
        int start = first;
        while (start <= last)
        {
            int end = last;
            if (!filled.IsEmpty)
            {
                // The next made-up target behind start ends the stretch: rows up to `end` have none among their targets.
                int next = filled[(start + 1)..(last + _horizon + 1)].IndexOf(true);
                end = next < 0 ? last : start + next - _horizon;
                if (end < start)
                {
                    start += next + 1;
                    continue;
                }
            }
            samples.Add(count);
            rows.Add(start);
            count += end - start + 1;
            start = end + 1;
        }
    }

    private static (int First, int End) Bounds(Range range, int rows)
    {
        int first = range.Start.GetOffset(rows);
        int end = range.End.GetOffset(rows);
        if (first < 0 || end > rows || first > end)
        {
            throw new ArgumentException($"Target rows {range} are no range of {rows} rows.", nameof(range));
        }
        return (first, end);
    }
}
