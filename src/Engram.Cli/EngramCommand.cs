using System.CommandLine;
using System.CommandLine.Help;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Cli.Verbs;

namespace Engram.Cli;

/// <summary>The whole command line: all verbs, and the options that hold for each of them.</summary>
internal static class EngramCommand
{
    // No response files: a column may well be called @close.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public static ParseResult Parse(IReadOnlyList<string> arguments) => Create().Parse(arguments, Configuration);

    public static RootCommand Create()
    {
        Command train = new("train", "Train a model on your data.") { new TrainForecast(), new TrainClassify(), new TrainTag(), new TrainLanguageModel() };
        ConfigOption.Option.Recursive = true;
        train.Add(ConfigOption.Option);
        RootCommand root = new("Engram learns from sequences with LSTM and other recurrent networks: forecasts from tables, classes of texts, tags of tokens, texts.") { HelpName = "engram" };
        foreach (Command command in (Command[])[train, new Predict(), new Evaluate(), new Generate(), new Inspect(), new Resume(), new Bench()])
        {
            root.Add(command);
        }
        foreach (Option option in CommonOptions.All)
        {
            option.Recursive = true;
            root.Add(option);
        }
        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case HelpOption { Action: HelpAction help }:
                    option.Action = new HelpWithExamples(help);
                    break;
                case VersionOption:
                    option.Action = new VersionText();
                    break;
            }
        }
        return root;
    }
}
