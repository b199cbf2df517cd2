using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Engram.Training;

namespace Engram.Data;

/// <summary>
/// Samples of encoded texts: inputs are token ids, [time], as an <see cref="Embedding"/> takes them, padded to one length with a mask. Targets are one number
/// or class a text, [1], or one a token, [time].
/// </summary>
public sealed class TokenSamples : ISampleSource
{
    private readonly EncodedTexts _texts;
    private readonly float[] _targets;
    private readonly EncodedTexts? _stepTargets;
    private readonly TokenSamplesOptions _options;
    private readonly int _length;
    private readonly TokenAugmentation? _augmentation;

    /// <summary>Inputs alone.</summary>
    /// <param name="texts">Encoded texts.</param>
    /// <param name="options">Length, truncation, padding; defaults where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public TokenSamples(EncodedTexts texts, TokenSamplesOptions? options = null)
        : this(texts, [], null, options)
    {
    }

    /// <summary>Texts with a target each.</summary>
    /// <param name="texts">Encoded texts.</param>
    /// <param name="targets">For each text a number, or the index of its class; not copied.</param>
    /// <param name="options">Length, truncation, padding; defaults where not given.</param>
    /// <exception cref="ArgumentException">There are more or fewer targets than texts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public TokenSamples(EncodedTexts texts, float[] targets, TokenSamplesOptions? options = null)
        : this(texts, RequireAsMany(texts, targets), null, options)
    {
    }

    /// <summary>Texts with a target for each token, which are cut and padded as the tokens are.</summary>
    /// <param name="texts">Encoded texts.</param>
    /// <param name="targets">For each text as many class indices as it has tokens.</param>
    /// <param name="options">Length, truncation, padding; defaults where not given.</param>
    /// <exception cref="ArgumentException">A text has more or fewer targets than tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public TokenSamples(EncodedTexts texts, EncodedTexts targets, TokenSamplesOptions? options = null)
        : this(texts, [], RequireAsLong(texts, targets), options)
    {
    }

    private TokenSamples(EncodedTexts texts, float[] targets, EncodedTexts? stepTargets, TokenSamplesOptions? options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _options = options ?? new TokenSamplesOptions();
        _options.Check();
        if (stepTargets is not null && (_options.WordDropout > 0 || _options.Swap > 0))
        {
            throw new ArgumentException("Tokens with a target each keep their places: leave WordDropout and Swap out. Masking goes.", nameof(options));
        }
        (_texts, _targets, _stepTargets) = (texts, targets, stepTargets);
        _length = _options.Length ?? Math.Max(1, texts.LongestLength);
    }

    /// <summary>The same samples as an epoch of training sees them.</summary>
    private TokenSamples(TokenSamples samples, RandomStream epoch)
    {
        (_texts, _targets, _stepTargets, _options, _length) = (samples._texts, samples._targets, samples._stepTargets, samples._options, samples._length);
        _augmentation = new TokenAugmentation(_options, epoch);
    }

    /// <inheritdoc/>
    public int Count => _texts.Count;

    /// <inheritdoc/>
    public Shape InputShape => new(_length);

    /// <inheritdoc/>
    public Shape TargetShape => _stepTargets is null ? new Shape(_targets.Length == 0 && Count > 0 ? 0 : 1) : new Shape(_length);

    /// <inheritdoc/>
    public bool HasMask => true;

    /// <summary>Whether padding stands behind the texts, so that batches can be as short as their longest text.</summary>
    public bool HasLengths => !_options.PadBefore;

    /// <summary>Whether there is a target for each token.</summary>
    public bool HasStepTargets => _stepTargets is not null;

    /// <summary>Number of tokens of a sample after truncation; padding is what is left of its steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public int StepsOf(int sample)
    {
        int tokens = Math.Min(_texts.LengthOf(sample), _length);
        return _augmentation?.Remaining(sample, tokens) ?? tokens;
    }

    /// <summary>The samples with what <see cref="TokenSamplesOptions.WordDropout"/>, <see cref="TokenSamplesOptions.Swap"/> and <see cref="TokenSamplesOptions.Masking"/> do to them in an epoch.</summary>
    /// <param name="random">The epoch's random stream.</param>
    public ISampleSource InEpoch(RandomStream random) => _options.Augments ? new TokenSamples(this, random) : this;

    /// <summary>How many texts are longer than a sample, so that something of them is left out.</summary>
    public int TruncatedCount => Enumerable.Range(0, Count).Count(text => _texts.LengthOf(text) > _length);

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            Write(samples[i], _texts[samples[i]], _augmentation, inputs.Slice(i * _length, _length));
            if (targets.IsEmpty)
            {
                continue;
            }
            if (_stepTargets is not null)
            {
                Write(samples[i], _stepTargets[samples[i]], null, targets.Slice(i * _length, _length));
            }
            else
            {
                targets[i] = _targets[samples[i]];
            }
        }
    }

    /// <inheritdoc/>
    public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
    {
        mask.Clear();
        for (int i = 0; i < samples.Length; i++)
        {
            int steps = StepsOf(samples[i]);
            mask.Slice((i * _length) + (_options.PadBefore ? _length - steps : 0), steps).Fill(true);
        }
    }

    /// <summary>The SHA-256 of ids and targets, and how samples are made of them.</summary>
    public string Fingerprint()
    {
        string targets = _stepTargets?.Fingerprint() ?? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_targets.AsSpan())));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_texts.Fingerprint()}, targets {targets}, length {_length}, {_options.Truncation}, padded {(_options.PadBefore ? "before" : "behind")}, {_options.WordDropout:R} {_options.Swap:R} {_options.Masking:R}");
    }

    /// <summary>Writes what is kept of ids into a sample, and <see cref="Vocabulary.Padding"/> beside it.</summary>
    private void Write(int number, ReadOnlySpan<int> ids, TokenAugmentation? augmentation, Span<float> sample)
    {
        int kept = Math.Min(ids.Length, _length);
        int head = _options.Truncation switch
        {
            TextTruncation.Head => kept,
            TextTruncation.Tail => 0,
            _ => (kept + 1) / 2,
        };
        TensorPrimitives.ConvertTruncating(ids[..head], sample);
        TensorPrimitives.ConvertTruncating(ids[^(kept - head)..], sample[head..]);
        kept = augmentation?.Apply(number, sample[..kept]) ?? kept;
        if (_options.PadBefore)
        {
            sample[..kept].CopyTo(sample[^kept..]);
            sample[..^kept].Clear();
        }
        else
        {
            sample[kept..].Clear();
        }
    }

    private static float[] RequireAsMany(EncodedTexts texts, float[] targets)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(targets);
        return targets.Length == texts.Count ? targets
            : throw new ArgumentException($"There are {texts.Count} texts, but {targets.Length} targets. Give one for each text.", nameof(targets));
    }

    private static EncodedTexts RequireAsLong(EncodedTexts texts, EncodedTexts targets)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count != texts.Count)
        {
            throw new ArgumentException($"There are {texts.Count} texts, but targets of {targets.Count}. Give targets for each text.", nameof(targets));
        }
        for (int text = 0; text < texts.Count; text++)
        {
            if (texts.LengthOf(text) != targets.LengthOf(text))
            {
                throw new ArgumentException(
                    $"Text {text} has {texts.LengthOf(text)} tokens, but {targets.LengthOf(text)} targets. Give one for each token.", nameof(targets));
            }
        }
        return targets;
    }
}
