using System.Collections;

namespace Engram.Data;

/// <summary>Some of the texts of a list, or what becomes of them, brought up one by one when they are asked for.</summary>
/// <param name="count">How many there are.</param>
/// <param name="text">A text by its index, which is checked.</param>
internal sealed class TextView(int count, Func<int, string> text) : IReadOnlyList<string>
{
    public int Count => count;

    public string this[int index] => (uint)index < (uint)count ? text(index) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<string> GetEnumerator()
    {
        for (int index = 0; index < count; index++)
        {
            yield return text(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
