namespace Engram.Examples.Tests.Docs;

public sealed class ContributingTests
{
    [Fact]
    public void The_cell_on_the_page_is_the_cell_that_is_tested()
    {
        MarkdownPage page = MarkdownPage.All.Single(page => page.Path == "CONTRIBUTING.md");
        string file = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Engram.Tests", "Layers", "TutorialCell.cs"));

        Assert.Equal(file.ReplaceLineEndings("\n"), string.Join('\n', page.Blocks("cs")));
    }
}
