using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Engram.Files;

/// <summary>
/// Writes the front of a file: the header's length, the header, and spaces up to the next multiple of 64, so that the data can be
/// mapped into memory aligned for the widest vectors.
/// </summary>
internal static class SafeTensorsHeaderWriter
{
    private const int Alignment = 64;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes in front of the data of the given tensors, which follow in the given order.</summary>
    /// <exception cref="ArgumentException">A name or text that the format cannot hold.</exception>
    public static byte[] Write(ReadOnlySpan<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json, Json))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            WriteTensors(writer, tensors);
            writer.WriteEndObject();
        }
        int unpadded = SafeTensorsHeader.LengthSize + json.WrittenCount;
        byte[] front = new byte[(unpadded + Alignment - 1) / Alignment * Alignment];
        int length = front.Length - SafeTensorsHeader.LengthSize;
        if (length > SafeTensorsHeader.MaxLength)
        {
            throw new ArgumentException(
                $"The header would take {length} bytes, more than the {SafeTensorsHeader.MaxLength} allowed.", nameof(metadata));
        }
        BinaryPrimitives.WriteUInt64LittleEndian(front, (ulong)length);
        json.WrittenSpan.CopyTo(front.AsSpan(SafeTensorsHeader.LengthSize));
        front.AsSpan(unpadded).Fill((byte)' ');
        return front;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }
        writer.WriteStartObject(SafeTensorsHeader.MetadataKey);
        foreach ((string key, string text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            CheckIsUnicode(key, nameof(metadata));
            CheckIsUnicode(text, nameof(metadata));
            writer.WriteString(key, text);
        }
        writer.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter writer, ReadOnlySpan<SafeTensor> tensors)
    {
        long begin = 0;
        string? previous = null;
        foreach (SafeTensor tensor in tensors)
        {
            if (tensor.Name == previous)
            {
                throw new ArgumentException($"Two tensors are named '{previous}'.", nameof(tensors));
            }
            if (tensor.Name == SafeTensorsHeader.MetadataKey)
            {
                throw new ArgumentException($"No tensor can be named '{SafeTensorsHeader.MetadataKey}'.", nameof(tensors));
            }
            CheckIsUnicode(tensor.Name, nameof(tensors));
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.DataType.Name());
            writer.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
            {
                writer.WriteNumberValue(size);
            }
            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(begin);
            writer.WriteNumberValue(begin += tensor.Bytes.Length);
            writer.WriteEndArray();
            writer.WriteEndObject();
            previous = tensor.Name;
        }
    }

    /// <summary>Refuses half a surrogate pair, which would come back as another character.</summary>
    private static void CheckIsUnicode(string text, string argument)
    {
        try
        {
            _ = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException cause)
        {
            throw new ArgumentException(
                $"{SafeTensorsFault.Quote(text)} is not valid Unicode: it holds half a surrogate pair.", argument, cause);
        }
    }
}
