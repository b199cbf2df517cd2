using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Engram.Cli.Verbs;

namespace Engram.Cli.Output;

/// <summary>The usual help, and beneath it the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in verb.Examples)
            {
                output.WriteLine("  " + example);
            }
        }
        return ExitCode.Done;
    }
}
