using System.Buffers.Binary;
using System.Text;
using Engram.Files;

namespace Engram.Tests.Files;

/// <summary>Files put together by hand, byte for byte.</summary>
internal static class SafeTensorsBytes
{
    /// <summary>Length, header, and data that count 0, 1, 2 ….</summary>
    public static byte[] Of(string header, int dataLength = 0) => Of(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Of(byte[] header, int dataLength = 0)
    {
        byte[] file = new byte[sizeof(ulong) + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, sizeof(ulong));
        for (int i = 0; i < dataLength; i++)
        {
            file[sizeof(ulong) + header.Length + i] = (byte)i;
        }
        return file;
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] Of(SafeTensorsFile file)
    {
        SafeTensor[] tensors = [.. file.Tensors.Values];
        return [.. SafeTensorsHeaderWriter.Write(tensors, file.Metadata), .. tensors.SelectMany(tensor => tensor.Bytes.ToArray())];
    }

    /// <summary>The file with another text.</summary>
    public static SafeTensorsFile With(this SafeTensorsFile file, string key, string text) =>
        new(file.Path, new SortedDictionary<string, string>(file.Metadata.ToDictionary(), StringComparer.Ordinal) { [key] = text }, new(file.Tensors.ToDictionary(), StringComparer.Ordinal));

    /// <summary>A header of one tensor named <c>w</c>, with the given parts.</summary>
    public static string Tensor(string dtype = "\"F32\"", string shape = "[2]", string offsets = "[0,8]") =>
        $$$"""{"w":{"dtype":{{{dtype}}},"shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""";

    public static SafeTensorsFile Read(byte[] file) => SafeTensorsFile.Read(new MemoryStream(file), "model.safetensors");
}
