using System.CommandLine;
using Engram.Cli.Output;

namespace Engram.Cli.Tests.Output;

public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("", "needs one of: train, predict, evaluate, generate, inspect, resume", "See 'engram --help'")]
    [InlineData("train", "needs one of: forecast", "See 'engram train --help'")]
    [InlineData("trian", "has no command 'trian'; did you mean 'train'?")]
    [InlineData("train forcast x", "has no command 'forcast'; did you mean 'forecast'?")]
    [InlineData("train forecast", "DATA is missing", "--target is missing: the column to forecast")]
    [InlineData("train forecast", "DATA is missing: CSV files")]
    [InlineData("predict ''", "MODEL is an empty name")]
    [InlineData("evaluate run ''", "DATA is an empty name")]
    [InlineData("resume ''", "RUN is an empty name")]
    [InlineData("train forecast x.csv - --target y", "DATA: - stands for standard input")]
    [InlineData("train classify - --text a --label b", "DATA: - stands for standard input, which cannot be read here")]
    [InlineData("train tag ''", "TOKENS is an empty name")]
    [InlineData("train tag x.txt -", "TOKENS: - stands for standard input, which cannot be read here")]
    [InlineData("train language-model ''", "TEXT is an empty name")]
    [InlineData("train forecast x.csv", "--target is missing", "See 'engram train forecast --help'")]
    [InlineData("train forecast x.csv --target", "--target needs a value, COLUMN")]
    [InlineData("train forecast x.csv --target y --windw 3", "has no option '--windw'; did you mean '--window'?")]
    [InlineData("train forecast x.csv -target y", "has no option '-target'; did you mean '--target'?")]
    [InlineData("train forecast x.csv --target y --jsn", "has no option '--jsn'; did you mean '--json'?")]
    [InlineData("train forecast x.csv --target y --window six", "--window: 'six' is no whole number")]
    [InlineData("train forecast x.csv --target y --window 2.5", "--window: '2.5' is no whole number")]
    [InlineData("train forecast x.csv --target y --window 3 --window 4", "--window is given more than once")]
    [InlineData("train forecast x.csv --target y --learning-rate fast", "--learning-rate: 'fast' is no number")]
    [InlineData("train forecast x.csv --target y --learning-rate NaN", "--learning-rate: 'NaN' is no number")]
    [InlineData("train forecast x.csv --target y --units 50;50", "--units: '50;50' is no list of whole numbers", "such as 50,50")]
    [InlineData("train forecast x.csv --target y --scale log", "--scale: 'log' is not one of standard, min-max, none")]
    [InlineData("train forecast x.csv --target y --features a,,b", "--features: 'a,,b' has an empty name")]
    [InlineData("train forecast x.csv --target y --delimiter ab", "--delimiter: 'ab' is no character that can stand between cells")]
    [InlineData("train forecast x.csv --target y --decimal ;", "--decimal: ';' is no decimal mark")]
    [InlineData("train forecast x.csv --target y --initial normal", "--initial: 'normal'", "uniform:0.1")]
    [InlineData("train forecast x.csv --target y --time-limit 10", "--time-limit: '10' is no time", "90s, 10m or 2h")]
    [InlineData("train forecast x.csv --target y --threads 0", "--threads: 0 is too small")]
    [InlineData("train forecast x.csv --target y --threads 100000", "--threads: 100000 is too large")]
    [InlineData("train forecast x.csv --target y --resume", "--resume needs --output")]
    [InlineData("train classify x.csv --text t --label l --missing NA", "no option '--missing'")]
    [InlineData("train classify x.csv --text t --label l --decimal comma", "no option '--decimal'")]
    [InlineData("train classify x.csv --text t --label l --date-order dmy", "no option '--date-order'")]
    [InlineData("resume run --seed 5", "--seed: a run goes on with the seed that it was started with. Leave the option out.")]
    [InlineData("resume --seed 5 run", "--seed: a run goes on with the seed that it was started with. Leave the option out.")]
    [InlineData("--seed 5 resume run", "--seed: a run goes on with the seed that it was started with. Leave the option out.")]
    [InlineData("predict", "MODEL is missing")]
    [InlineData("predict run --rolling", "--rolling needs DATA")]
    [InlineData("predict run x.csv --rolling --horizon 3", "leave --horizon out")]
    [InlineData("predict run --horizon 0", "--horizon: 0 is too small")]
    [InlineData("evaluate run", "DATA is missing")]
    [InlineData("inspect run other", "'engram inspect' has no place for 'other'")]
    [InlineData("resume", "RUN is missing")]
    public void A_wrong_command_line_is_told_with_its_remedy(string line, params string[] words)
    {
        ParseResult result = EngramCommand.Parse([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "''" ? "" : word)]);
        using StringWriter error = new();

        Assert.True(UsageError.IsIn(result));
        Assert.Equal(ExitCode.Usage, UsageError.Print(result, error));
        Assert.All(words, word => Assert.Contains(word, error.ToString(), StringComparison.Ordinal));
        Assert.Contains("--help'", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train forecast - --target=y")]
    [InlineData("train forecast x.csv y.csv --quiet --target y --units 5,5 --test later.csv --season -1")]
    [InlineData("train forecast x.csv --target @close --time year,month,day --no-header --refit --overwrite")]
    [InlineData("--quiet train forecast x.csv --target y --delimiter tab --missing NA,- --date-order DMY --time-limit 1.5h")]
    [InlineData("train classify x.csv --text t --label l --encoding gbk --delimiter tab --no-header")]
    [InlineData("predict run - --output -")]
    [InlineData("predict run")]
    public void A_right_command_line_is_understood(string line) => Assert.False(UsageError.IsIn(EngramCommand.Parse(line.Split(' '))));
}
