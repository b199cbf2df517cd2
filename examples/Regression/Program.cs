using System.CommandLine;
using Engram.Examples.Regression;

var output = new Option<string>("--output") { Description = "The folder for the pictures.", DefaultValueFactory = _ => "." };
var program = new RootCommand("Section 5.2 of the tutorial: an LSTM on random numbers, with its loss plotted.") { output };
program.SetAction(arguments => RandomRegression.Run(arguments.GetRequiredValue(output)));
return program.Parse(args).Invoke();
