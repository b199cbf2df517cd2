using System.Text.Json;
using Engram.Training;

namespace Engram.Tests.Training;

public sealed class HistoryJsonTests
{
    [Fact]
    public void Values_come_back_to_the_bit_and_what_is_no_number_too()
    {
        var written = new History();
        written.Add(new EpochResult(1, 0.25, 1e-3, new Dictionary<string, double> { ["loss"] = 1.0 / 3, ["val_loss"] = double.NaN }));
        var read = new History();
        HistoryJson.Read(HistoryJson.Write(written), read);
        Assert.Equal(written.Epochs[0] with { Values = read.Epochs[0].Values }, read.Epochs[0]);
        Assert.Equal(written.Epochs[0].Values, read.Epochs[0].Values);
    }

    [Fact]
    public void A_value_that_is_null_is_a_fault_of_the_text_and_is_named()
    {
        JsonException error = Assert.Throws<JsonException>(() =>
            HistoryJson.Read("""[{"epoch":1,"seconds":1,"learningRate":1,"values":{"val_loss":null}}]""", new History()));
        Assert.Contains("val_loss", error.Message, StringComparison.Ordinal);
    }
}
