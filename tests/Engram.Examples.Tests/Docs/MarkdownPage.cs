using System.Text.RegularExpressions;

namespace Engram.Examples.Tests.Docs;

/// <summary>A page of the documentation.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string path)
    {
        Path = path;
        Text = File.ReadAllText(System.IO.Path.Combine(Repository.Root, path));
        Prose = Fence().Replace(Text, "");
    }

    /// <summary>Every page that users read: those at the root of the repository, of its examples, and all of docs.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } = [.. Paths().Order(StringComparer.Ordinal).Select(path => new MarkdownPage(path))];

    /// <summary>The path from the root of the repository, with slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>The text without its code blocks.</summary>
    public string Prose { get; }

    public IEnumerable<string> Headings => Prose.Split('\n').Where(line => Heading().IsMatch(line));

    /// <summary>The code blocks in a language, as <c>```csharp</c> marks them.</summary>
    public IReadOnlyList<string> Blocks(string language) => Blocks(Text, language);

    /// <summary>The code blocks of a text in a language.</summary>
    public static IReadOnlyList<string> Blocks(string text, string language) =>
        [.. Fence().Matches(text).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["code"].Value)];

    /// <summary>What the links and pictures of the page point to.</summary>
    public IEnumerable<string> Links => Link().Matches(Prose).Select(link => link.Groups["target"].Value);

    public override string ToString() => Path;

    private static IEnumerable<string> Paths()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Repository.Root, "*.md");
        foreach (string folder in (string[])["docs", "examples"])
        {
            files = files.Concat(Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories));
        }
        return files.Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
    }

    [GeneratedRegex(@"^```(?<language>[\w-]*)\n(?<code>.*?)^```\s*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
