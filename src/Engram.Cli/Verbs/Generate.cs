using System.CommandLine;
using System.Text;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram generate</c>: goes on with a text, shown as it is written.</summary>
internal sealed class Generate : ProfiledVerb
{
    private static readonly GenerationOptions Defaults = new();

    private readonly Argument<string> _model = Arg.Model();

    private readonly Option<string?> _prompt = Opt.Reference("--prompt", "TEXT", "The text to go on with.", "the beginning of a line", text => text);

    private readonly Option<int?> _length = Opt.Value("--length", "N", "Tokens to write: characters, or words.", $"{Defaults.Length}", Values.Integer);

    private readonly Option<double?> _temperature = Opt.Value(
        "--temperature", "T", "Below 1 more of what is probable, above 1 less; 0 always the most probable.", "1", Values.Number);

    private readonly Option<int?> _topK = Opt.Value("--top-k", "K", "Draw from the K most probable tokens.", "all", Values.Integer);

    private readonly Option<double?> _topP = Opt.Value(
        "--top-p", "P", "Draw from the most probable tokens that together have this probability.", "all", Values.Number);

    private readonly Option<int?> _count = Opt.Value("--count", "N", "Texts to write, each from a seed of its own.", "1", Values.Count);

    public Generate()
        : base("generate", "Write text with a language model, as it comes.")
    {
        Add(_model);
        AddAll([_prompt, _length, _temperature, _topK, _topP, _count]);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram generate runs/harbour --prompt KEEPER: --length 300 --temperature 0.7",
        "engram generate runs/harbour --prompt Look --top-k 5 --count 3 --seed 7",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        LanguageModel model = LanguageModel.Load(result.GetRequiredValue(_model), CommonOptions.Device(result));
        string prompt = result.GetValue(_prompt) ?? "";
        GenerationOptions options = new()
        {
            Length = result.GetValue(_length) ?? Defaults.Length,
            Temperature = result.GetValue(_temperature) ?? Defaults.Temperature,
            TopK = result.GetValue(_topK),
            TopP = result.GetValue(_topP),
            Seed = result.GetValue(CommonOptions.Seed) ?? Defaults.Seed,
        };
        options.Validate();
        if (model.UnknownIn(prompt) is { Count: > 0 } unknown)
        {
            terminal.Say($"Note: The model does not know {string.Join(", ", unknown.Select(token => $"«{token}»"))} of the prompt, and reads <unk>.");
        }
        int count = result.GetValue(_count) ?? 1;
        List<string> texts = [];
        for (int i = 0; i < count; i++)
        {
            texts.Add(Write(model, prompt, options with { Seed = options.Seed + i }, terminal.Json));
        }
        if (terminal.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            JsonOutput.Write(output, json =>
            {
                json.WriteString("task", model.Task);
                json.WriteString("engram", EngramVersion.Current);
                json.WriteString("prompt", prompt);
                JsonOutput.WriteArray(json, "texts", texts, json.WriteStringValue);
            });
        }
        return ExitCode.Done;
    }

    /// <summary>Writes a text behind its prompt, piece by piece where it is for people.</summary>
    private static string Write(LanguageModel model, string prompt, GenerationOptions options, bool isQuiet)
    {
        StringBuilder text = new();
        Show(prompt);
        foreach (string piece in model.GenerateStream(prompt, options))
        {
            text.Append(piece);
            Show(piece);
        }
        Show("\n");
        return text.ToString();

        void Show(string piece)
        {
            if (!isQuiet)
            {
                Console.Out.Write(Console.IsOutputRedirected ? piece : Printable.Of(piece));
            }
        }
    }
}
