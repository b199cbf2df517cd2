using System.Text;
using System.Text.Json;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// The file <c>events.jsonl</c>: a JSON object for each epoch, and for each batch whose gradients are measured, which whoever watches a run reads. A
/// checkpoint knows how long it was; what a crash left behind that is cut off when the run goes on.
/// </summary>
internal sealed class RunEvents(string path) : IDisposable
{
    private FileStream? _file;

    /// <summary>
    /// Opens the file as a checkpoint knew it: of a length, or with an event for each epoch where it was none or is shorter by now. Of such events only that
    /// of the best epoch says that it is.
    /// </summary>
    public void Start(History history, int bestEpoch, long? length)
    {
        Guard(() =>
        {
            if (length is { } known && File.Exists(path) && new FileInfo(path).Length >= known)
            {
                _file = Open();
                _file.SetLength(known);
                _file.Seek(0, SeekOrigin.End);
            }
        });
        if (_file is null)
        {
            AtomicFile.WriteText(path, writer =>
            {
                foreach (EpochResult epoch in history.Epochs)
                {
                    writer.WriteLine(Line(epoch, epoch.Epoch == bestEpoch));
                }
            });
            Guard(() => (_file = Open()).Seek(0, SeekOrigin.End));
        }
    }

    /// <summary>Adds an epoch.</summary>
    public void Append(EpochResult epoch, bool isBest) => Append(Line(epoch, isBest));

    /// <summary>Adds the gradients of a batch.</summary>
    public void Append(in FitProgress batch, IReadOnlyList<LayerGradient> gradients) => Append(Line(batch, gradients));

    /// <summary>Brings all events to the disk, before a checkpoint that counts on them.</summary>
    /// <returns>The length of the file.</returns>
    public long Keep()
    {
        Guard(() => _file!.Flush(flushToDisk: true));
        return _file!.Length;
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Open() => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private void Append(string line) => Guard(() =>
    {
        _file!.Write(Encoding.UTF8.GetBytes(line + "\n"));
        _file.Flush();
    });

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileWriteException($"Cannot write '{path}': {e.Message.TrimEnd('.')}. Free some space, or choose another folder.", e);
        }
    }

    private static string Line(EpochResult epoch, bool isBest) => Object(json =>
    {
        json.WriteString("event", "epoch");
        json.WriteNumber("epoch", epoch.Epoch);
        foreach ((string name, double value) in epoch.Values)
        {
            WriteNumber(json, name, value);
        }
        json.WriteNumber("learning_rate", epoch.LearningRate);
        json.WriteNumber("seconds", Math.Round(epoch.Seconds, 3));
        json.WriteBoolean("best", isBest);
    });

    private static string Line(FitProgress batch, IReadOnlyList<LayerGradient> gradients) => Object(json =>
    {
        json.WriteString("event", "gradients");
        json.WriteNumber("epoch", batch.Epoch);
        json.WriteNumber("batch", batch.Batch);
        WriteNumber(json, "loss", batch.BatchLoss);
        json.WriteStartObject("layers");
        foreach (LayerGradient layer in gradients)
        {
            json.WriteStartObject(layer.Layer);
            WriteNumber(json, "norm", layer.Norm);
            WriteNumber(json, "largest", layer.Largest);
            WriteNumber(json, "weight_norm", layer.WeightNorm);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static string Object(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>JSON has no word for what is no number.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
