using System.CommandLine;
using Engram.Examples.LongLag;

string[] taskNames = [.. LongLagTask.All.Select(task => task.Name)];
var tasks = new Option<string[]>("--task") { Description = "The tasks.", DefaultValueFactory = _ => taskNames, AllowMultipleArgumentsPerToken = true }.AcceptOnlyFromAmong(taskNames);
var cells = new Option<string[]>("--cell") { Description = "The cells.", DefaultValueFactory = _ => ["lstm", "gru"], AllowMultipleArgumentsPerToken = true }.AcceptOnlyFromAmong("lstm", "gru", "rnn");
var seeds = new Option<int>("--seeds") { Description = "How many seeds, from 0 on.", DefaultValueFactory = _ => 3 };
var program = new RootCommand("The adding problem and temporal order: what an LSTM remembers over a hundred steps.") { tasks, cells, seeds };
program.SetAction(arguments =>
{
    Console.WriteLine("task     cell  seed  weights  sequences  the paper's  wrong of 2,560     time");
    foreach (LongLagTask task in LongLagTask.All.Where(task => arguments.GetRequiredValue(tasks).Contains(task.Name)))
    {
        foreach (string cell in arguments.GetRequiredValue(cells))
        {
            for (int seed = 0; seed < arguments.GetRequiredValue(seeds); seed++)
            {
                LongLagResult result = LongLagTraining.Run(task, cell, seed);
                Console.WriteLine(
                    $"{task.Name,-8} {cell,-4}  {seed,4}  {result.Weights,7:#,0}  {(result.Sequences is { } number ? $"{number:#,0}" : "not learned"),9}  {task.PaperSequences,11:#,0}  {result.Wrong,14}  {result.Time.TotalSeconds,5:0.0} s");
            }
        }
    }
});
return program.Parse(args).Invoke();
