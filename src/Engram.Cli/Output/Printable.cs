using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Engram.Cli.Output;

/// <summary>
/// Text from files and command lines as a terminal may show it: what would move its cursor, change its colours or turn the direction of writing stands as a
/// picture or a number, so that data never give orders to the terminal.
/// </summary>
internal static class Printable
{
    /// <summary>The text, with <c>␛</c> for an escape, <c>␇</c> for a bell and so on, <c>\u202E</c> for a turned direction. Tabs and <c>\n</c> stay.</summary>
    public static string Of(string text)
    {
        int first = text.AsSpan().IndexOfAny(_orders);
        if (first < 0)
        {
            return text;
        }
        StringBuilder shown = new(text, 0, first, text.Length + 16);
        foreach (char unit in text.AsSpan(first))
        {
            _ = !_orders.Contains(unit) ? shown.Append(unit)
                : unit < ' ' ? shown.Append((char)(ControlPictures + unit))
                : unit == Delete ? shown.Append(DeletePicture)
                : shown.Append($"\\u{(int)unit:X4}");
        }
        return shown.ToString();
    }

    /// <summary>Lets nothing else reach a console but its own orders.</summary>
    public static void Guard(IAnsiConsole console) => console.Pipeline.Attach(new Hook());

    private const char ControlPictures = '\u2400';
    private const char Delete = '\u007F';
    private const char DeletePicture = '\u2421';

    /// <summary>The control characters of ASCII but tab and end of line, those of Latin-1, and those that turn the direction of writing.</summary>
    private static readonly System.Buffers.SearchValues<char> _orders = System.Buffers.SearchValues.Create(
    [
        .. Enumerable.Range(0, ' ').Select(code => (char)code).Except(['\t', '\n']),
        .. Enumerable.Range(Delete, 33).Select(code => (char)code),
        .. "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069",
    ]);

    private sealed class Hook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(inner => new Guarded(inner));
    }

    private sealed class Guarded(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(segment => segment.IsControlCode ? segment : Of(segment));

        private static Segment Of(Segment segment) =>
            Printable.Of(segment.Text) is var text && ReferenceEquals(text, segment.Text) ? segment : new Segment(text, segment.Style);
    }
}
