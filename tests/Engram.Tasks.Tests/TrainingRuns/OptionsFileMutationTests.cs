using System.Text;
using System.Text.Json;
using Engram.Files;

namespace Engram.Tasks.Tests.TrainingRuns;

/// <summary>Whatever became of the <c>options.json</c> of a run, it is used, or refused by an <see cref="EngramException"/>.</summary>
public sealed class OptionsFileMutationTests : IDisposable
{
    private const int Count = 4000;

    private static readonly ForecastRun.ForecastTask _task = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_with_members_or_bytes_changed_are_read_or_refused()
    {
        byte[] sound = Encoding.UTF8.GetBytes(Sound());
        var spans = new JsonSpans(sound);
        Mutation.Run(Count, random => random.Next(4) == 0 ? Mutation.Of(sound, random) : Mutation.OfJson(spans, random), bytes =>
        {
            try
            {
                RunSettings<ForecastRunOptions> settings = RunFolder.Settings(Encoding.UTF8.GetString(bytes), _task, "options.json");
                (settings.Options with { Output = "run", Resume = true }).Validate();
                _ = settings.Options.WithFullPaths();
            }
            catch (EngramException)
            {
            }
        });
    }

    [Fact]
    public void A_run_with_other_options_is_prepared_or_refused()
    {
        var spans = new JsonSpans(Encoding.UTF8.GetBytes(Sound()));
        Mutation.Run(Count / 10, random => Mutation.OfJson(spans, random), bytes =>
        {
            try
            {
                RunSettings<ForecastRunOptions> settings = RunFolder.Settings(Encoding.UTF8.GetString(bytes), _task, "options.json");
                settings.Options.Common.Validate();
                // What trains later is of the size that the options ask for.
                ForecastOptions training = settings.Options.Training;
                if (training.Units.Sum(units => (long)units) < 100)
                {
                    using RunFolder folder = new(_folder.File("run"));
                    _task.Prepare(settings.Options, folder, new TaskEnvironment(null, null, null, default));
                }
            }
            catch (EngramException)
            {
            }
        });
    }

    public static TheoryData<string, string, string> Damages => new()
    {
        { "\"files\": [", "\"files\": [null,", "file" },
        { "\"files\": [", "\"files\": [\"\",", "file" },
        { "\"files\": [", "\"files\": [\"a\\u0000b\",", "file" },
        { "\"csv\": {}", "\"testFile\": \" \", \"csv\": {}", "file" },
        { "\"csv\": {}", "\"csv\": { \"encoding\": \"klingon\" }", "klingon" },
        { "\"csv\": {}", "\"csv\": { \"delimiter\": \"\\n\" }", "separate" },
        { "\"csv\": {}", "\"csv\": { \"decimalMark\": \"x\" }", "decimal" },
        { "\"csv\": {}", "\"csv\": { \"dateOrder\": 77 }", "77" },
        { "\"csv\": {}", "\"csv\": { \"missingValues\": [null] }", "missing" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_cannot_be_is_told_with_the_file(string before, string after, string told)
    {
        string sound = Sound();
        Assert.Contains(before, sound, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("run"));
        _folder.Write(sound.Replace(before, after, StringComparison.Ordinal), "run/options.json");

        string message = Assert.Throws<ModelFileException>(() => ForecastRun.Resume(_folder.File("run"))).Message;

        Assert.Contains(_folder.File("run/options.json"), message, StringComparison.Ordinal);
        Assert.Contains(told, message, StringComparison.Ordinal);
    }

    private string Sound()
    {
        string data = _folder.Write("time,value,other\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"2024-01-{1 + (i / 24):00} {i % 24:00}:00,{i % 7},{i % 5}\n")), "data.csv");
        var options = new ForecastRunOptions
        {
            Files = [data],
            Target = "value",
            Training = new ForecastOptions { Window = 5, Units = [4], Epochs = 1, Features = ["other"], Schedule = "cosine", ClipNorm = 1, WeightDecay = 0.1, TimeLimit = TimeSpan.FromHours(1) },
        };
        return JsonSerializer.Serialize(new RunSettings<ForecastRunOptions>(_task.Kind, "00", null, options), _task.Settings);
    }
}
