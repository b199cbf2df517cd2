using System.Text.RegularExpressions;

namespace Engram.Examples.Tests.Docs;

public sealed partial class PageTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Path)];

    public static TheoryData<string> Translations => [.. Pages.Select(page => page.Data).Where(path => path.EndsWith(".zh-CN.md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_within_the_repository_point_to_files_that_exist(string path)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, path))!;

        IEnumerable<string> broken = Page(path).Links
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#') && !link.StartsWith("mailto:", StringComparison.Ordinal))
            .Select(link => link.Split('#')[0])
            .Where(link => !Path.Exists(Path.Combine(folder, link)));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void A_translation_has_the_sections_and_the_code_of_the_original(string path)
    {
        MarkdownPage translation = Page(path), original = Page(path.Replace(".zh-CN.md", ".md", StringComparison.Ordinal));

        Assert.Equal(original.Headings.Count(), translation.Headings.Count());
        Assert.Equal(original.Blocks("csharp").Select(WithoutComments), translation.Blocks("csharp").Select(WithoutComments));
    }

    private static MarkdownPage Page(string path) => MarkdownPage.All.Single(page => page.Path == path);

    private static string WithoutComments(string code) => Comment().Replace(code, "");

    [GeneratedRegex(@"\s*(?<!:)//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
