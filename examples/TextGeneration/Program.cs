using System.CommandLine;
using System.Text;
using Engram;
using Engram.Examples.TextGeneration;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var text = new Argument<string>("TEXT") { Description = "A text file, gzip'd or not.", DefaultValueFactory = _ => "samples/data/harbour.txt" };
var prompt = new Option<string?>("--prompt") { Description = "What the model goes on with. [default: the first line of the text]" };
var epochs = new Option<int>("--epochs") { Description = "How often the text is read.", DefaultValueFactory = _ => 20 };
var seed = new Option<long>("--seed") { Description = "Where first weights and samples are drawn from.", DefaultValueFactory = _ => 0 };
var output = new Option<string>("--output") { Description = "The folder for the picture.", DefaultValueFactory = _ => "." };
var program = new RootCommand("Learns which character comes next in a text, and writes more of its kind.") { text, prompt, epochs, seed, output };
program.SetAction(arguments =>
{
    try
    {
        TextGenerationExample.Run(
            arguments.GetRequiredValue(text), arguments.GetValue(prompt), arguments.GetRequiredValue(epochs), arguments.GetRequiredValue(seed), arguments.GetRequiredValue(output));
        return 0;
    }
    catch (Exception mistake) when (mistake is EngramException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(mistake.Message);
        return 1;
    }
});
return program.Parse(args).Invoke();
