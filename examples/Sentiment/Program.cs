using System.CommandLine;
using Engram;
using Engram.Data;
using Engram.Examples.Sentiment;

var data = new Argument<string>("DATA") { Description = "A CSV or TSV file, gzip'd or not.", DefaultValueFactory = _ => "samples/data/questions.csv" };
var text = new Option<string>("--text") { Description = "The column of texts.", DefaultValueFactory = _ => "question" };
var label = new Option<string>("--label") { Description = "The column of labels.", DefaultValueFactory = _ => "kind" };
var positive = new Option<string>("--positive") { Description = "The label that stands for 1; all others are 0.", DefaultValueFactory = _ => "technical" };
var test = new Option<string?>("--test") { Description = "A file to test on. [default: every fifth text]" };
var output = new Option<string>("--output") { Description = "The folder for the picture.", DefaultValueFactory = _ => "." };
var program = new RootCommand("Section 6.2 of the tutorial: sentiment of texts with an embedding and an LSTM.") { data, text, label, positive, test, output };
program.SetAction(arguments =>
{
    LabelledTexts Read(string path) => LabelledTexts.Read(path, arguments.GetRequiredValue(text), arguments.GetRequiredValue(label));
    try
    {
        LabelledTexts all = Read(arguments.GetRequiredValue(data));
        SentimentAnalysis.Run(
            all, arguments.GetValue(test) is { } path ? Read(path) : null, arguments.GetRequiredValue(positive), arguments.GetRequiredValue(output));
        return 0;
    }
    catch (Exception mistake) when (mistake is EngramException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine(mistake.Message);
        return 1;
    }
});
return program.Parse(args).Invoke();
