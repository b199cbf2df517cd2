using Engram;
using Engram.Fuzz;
using SharpFuzz;

// Engram.Fuzz TARGET           runs under afl++, see scripts/fuzz.sh
// Engram.Fuzz TARGET FILE …    reads files, such as those that afl++ found
if (args is not [var name, ..] || !Targets.All.TryGetValue(name, out Action<byte[]>? target))
{
    Console.Error.WriteLine($"Name what shall read: {string.Join(", ", Targets.All.Keys)}; then files, or none under afl++.");
    return 2;
}
if (args.Length == 1)
{
    Fuzzer.Run(stream =>
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        Read(bytes.ToArray());
    });
}
foreach (string file in args[1..])
{
    Console.WriteLine($"{file}: {Read(File.ReadAllBytes(file))}");
}
return 0;

string Read(byte[] bytes)
{
    try
    {
        target(bytes);
        return "read";
    }
    catch (EngramException refused)
    {
        return refused.Message;
    }
}
