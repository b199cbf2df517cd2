using Engram.Data;

namespace Engram.Tasks;

/// <summary>The ranges of <see cref="TextOptions"/>, named as the command line names them.</summary>
internal static class TextOptionsCheck
{
    public static void Check(TextOptions options)
    {
        if (options.Fault() is var (option, value, rule))
        {
            string name = option switch
            {
                nameof(TextOptions.Vocabulary) => "--vocabulary",
                nameof(TextOptions.MinimumCount) => "--minimum-count",
                nameof(TextOptions.Unicode) => "--unicode",
                _ => "--tokenizer",
            };
            throw new InvalidOptionException(name, value, rule);
        }
    }
}
