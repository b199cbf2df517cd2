using System.CommandLine;
using Engram.Cli.Output;
using Engram.Cli.Verbs;

namespace Engram.Cli.Tests;

public sealed class EngramCommandTests
{
    public static TheoryData<string> Verbs => [.. AllVerbs().Select(verb => verb.Path)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_verb_has_two_examples_that_parse(string path)
    {
        Verb verb = Find(path);

        Assert.Equal(2, verb.Examples.Count);
        foreach (string example in verb.Examples)
        {
            Assert.StartsWith(path + " ", example + " ", StringComparison.Ordinal);
            ParseResult result = EngramCommand.Parse(example.Split(' ')[1..]);
            Assert.Empty(result.Errors);
            Assert.False(UsageError.IsIn(result));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_option_says_what_it_does_and_its_default(string path)
    {
        foreach (Option option in Find(path).Options)
        {
            Assert.False(string.IsNullOrEmpty(option.Description), option.Name);
            Assert.True(option.Required || option.Description.Contains("[default: ", StringComparison.Ordinal), option.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_of_each_verb_names_every_option_and_the_examples(string path)
    {
        Verb verb = Find(path);
        using StringWriter output = new();

        int code = EngramCommand.Parse([.. path.Split(' ')[1..], "--help"]).Invoke(new InvocationConfiguration { Output = output });

        Assert.Equal(0, code);
        Assert.All(verb.Options, option => Assert.Contains(option.Name, output.ToString(), StringComparison.Ordinal));
        Assert.All(verb.Examples, example => Assert.Contains(example, output.ToString(), StringComparison.Ordinal));
    }

    private static Verb Find(string path) => AllVerbs().Single(verb => verb.Path == path).Verb;

    private static IEnumerable<(string Path, Verb Verb)> AllVerbs() => Below(EngramCommand.Create(), "engram");

    private static IEnumerable<(string Path, Verb Verb)> Below(Command command, string path) =>
        command is Verb verb ? [(path, verb)] : command.Subcommands.SelectMany(sub => Below(sub, $"{path} {sub.Name}"));
}
