using System.CommandLine;
using System.Globalization;
using Engram.Cli;
using Engram.Cli.Options;
using Engram.Cli.Output;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
Terminal.UseUtf8();

ParseResult result = EngramCommand.Parse(args);
try
{
    result = ConfigOption.Complete(result, args);
    if (UsageError.IsIn(result))
    {
        return UsageError.Print(result, Console.Error);
    }
    // Signals are the verbs' own business: training saves before it ends.
    return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception exception)
{
    return Failure.Print(exception, result, Console.Error, result.GetValue(CommonOptions.Verbose));
}
