using System.CommandLine;
using System.Text;
using Engram.Examples.GradientFlow;

Console.OutputEncoding = Encoding.UTF8;
var output = new Option<string>("--output") { Description = "The folder for the picture.", DefaultValueFactory = _ => "." };
var program = new RootCommand("How the gradient flows back through 200 steps of an RNN, a GRU and an LSTM.") { output };
program.SetAction(arguments => Report.Write(Console.Out, arguments.GetRequiredValue(output)));
return program.Parse(args).Invoke();
