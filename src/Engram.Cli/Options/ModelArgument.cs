using System.CommandLine;

namespace Engram.Cli.Options;

/// <summary>The model that a verb uses.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create() => new("MODEL") { Description = "A model file, or the folder of a run." };
}
