using System.CommandLine;
using Engram;
using Engram.Data;
using Engram.Examples.StockPrice;

var data = new Option<string>("--data") { Description = "A CSV file with the columns date and close.", DefaultValueFactory = _ => "samples/data/sp500.csv" };
var epochs = new Option<int>("--epochs") { Description = "Epochs of each training; the tutorial has 100.", DefaultValueFactory = _ => 100 };
var output = new Option<string>("--output") { Description = "The folder for the picture.", DefaultValueFactory = _ => "." };
var program = new RootCommand("Section 6.1 of the tutorial: stock prices with an LSTM, and beneath it what that is worth.") { data, epochs, output };
program.SetAction(arguments =>
{
    try
    {
        Table table = Table.ReadCsv(arguments.GetRequiredValue(data));
        StockPriceExample.Run(table, arguments.GetRequiredValue(epochs), arguments.GetRequiredValue(output));
        return 0;
    }
    catch (EngramException mistake)
    {
        Console.Error.WriteLine(mistake.Message);
        return 1;
    }
});
return program.Parse(args).Invoke();
