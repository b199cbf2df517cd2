using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Engram.Examples.Tests.Docs;

/// <summary>
/// The C# on a page is compiled as one script, block after block, so that a later block may go on with what an earlier one has made.
/// What stands above <see cref="RunMark"/> on a page is run as well.
/// </summary>
public sealed class SnippetTests
{
    private const string RunMark = "<!-- The tests run the code above. -->";

    // What a new project imports by itself; a web project imports more.
    private static readonly string[] _consoleImports =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] _webImports =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string> PagesWithCode => [.. Paths(page => page.Blocks("csharp").Count > 0)];

    public static TheoryData<string> PagesToRun => [.. Paths(page => page.Text.Contains(RunMark, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(PagesWithCode))]
    public void The_code_on_a_page_compiles(string path) => Assert.Empty(ErrorsOf(ScriptOf(path)));

    [Theory]
    [MemberData(nameof(PagesToRun))]
    public async Task The_code_above_the_mark_of_a_page_runs(string path)
    {
        Script script = ScriptOf(path, text => text[..text.IndexOf(RunMark, StringComparison.Ordinal)]);

        ScriptState state = await script.RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(state.Exception);
    }

    [Fact]
    public void A_mistake_in_a_later_block_is_found()
    {
        Script script = Begin(_consoleImports).ContinueWith("var model = new Engram.Sequential(new Engram.Lstm(8));");

        Assert.Empty(ErrorsOf(script));
        Assert.Contains(ErrorsOf(script.ContinueWith("model.Prodict(1);")), error => error.Id == "CS1061");
    }

    private static Script ScriptOf(string path, Func<string, string>? part = null)
    {
        MarkdownPage page = MarkdownPage.All.Single(page => page.Path == path);
        bool isWeb = page.Text.Contains("WebApplication", StringComparison.Ordinal);
        Script script = Begin(isWeb ? [.. _consoleImports, .. _webImports] : _consoleImports);
        foreach (string code in MarkdownPage.Blocks(part?.Invoke(page.Text) ?? page.Text, "csharp"))
        {
            script = script.ContinueWith(code);
        }
        return script;
    }

    /// <summary>The program's arguments, which top-level statements know.</summary>
    private static Script<object> Begin(string[] imports) =>
        CSharpScript.Create("string[] args = [];", ScriptOptions.Default.WithReferences(_references).WithImports(imports));

    private static IEnumerable<Diagnostic> ErrorsOf(Script script) =>
        script.Compile(TestContext.Current.CancellationToken).Where(found => found.Severity == DiagnosticSeverity.Error);

    private static IEnumerable<string> Paths(Func<MarkdownPage, bool> which) => MarkdownPage.All.Where(which).Select(page => page.Path);
}
