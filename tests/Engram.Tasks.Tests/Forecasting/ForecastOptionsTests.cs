namespace Engram.Tasks.Tests.Forecasting;

public sealed class ForecastOptionsTests
{
    public static TheoryData<string, ForecastOptions> Bad => new()
    {
        { "--window", new() { Window = 0 } },
        { "--horizon", new() { Horizon = 0 } },
        { "--cell", new() { Cell = (CellKind)99 } },
        { "--units", new() { Units = [] } },
        { "--units", new() { Units = [50, 0] } },
        { "--dropout", new() { Dropout = 1 } },
        { "--dropout", new() { Dropout = double.NaN } },
        { "--epochs", new() { Epochs = 0 } },
        { "--batch-size", new() { BatchSize = 0 } },
        { "--learning-rate", new() { LearningRate = 0 } },
        { "--learning-rate", new() { LearningRate = double.PositiveInfinity } },
        { "--clip-norm", new() { ClipNorm = -1 } },
        { "--test", new() { Test = 0 } },
        { "--test", new() { Test = 1 } },
        { "--validation", new() { Validation = 1 } },
        { "--patience", new() { Patience = -1 } },
        { "--season", new() { Season = 1 } },
        { "--initial", new() { InitialRange = -0.1 } },
        { "--forget-bias", new() { ForgetBias = double.NaN } },
        { "--forget-bias", new() { Cell = CellKind.Gru, ForgetBias = 2 } },
        { "--time-limit", new() { TimeLimit = TimeSpan.Zero } },
        { "--schedule", new() { Schedule = "halve-after:x" } },
        { "--weight-decay", new() { WeightDecay = -0.1 } },
        { "--optimizer", new() { Optimizer = (OptimizerKind)99 } },
        { "--momentum", new() { Optimizer = OptimizerKind.Sgd, Momentum = 1 } },
        { "--momentum", new() { Optimizer = OptimizerKind.Sgd, Momentum = double.NaN } },
        { "--momentum", new() { Momentum = 0.9 } },
        { "--nesterov", new() { Optimizer = OptimizerKind.Sgd, Nesterov = true } },
        { "--nesterov", new() { Optimizer = OptimizerKind.RmsProp, Momentum = 0.9, Nesterov = true } },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void An_option_outside_its_range_is_named(string option, ForecastOptions options)
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(options.Validate);

        Assert.Equal(option, error.Option);
        Assert.StartsWith(option, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_says_value_and_range() =>
        Assert.Equal("--window 0: must be at least 1.", Assert.Throws<InvalidOptionException>(new ForecastOptions { Window = 0 }.Validate).Message);

    [Theory]
    [InlineData(CellKind.Gru, false)]
    [InlineData(CellKind.GruResetBefore, false)]
    [InlineData(CellKind.Rnn, false)]
    [InlineData(CellKind.RnnRelu, false)]
    [InlineData(CellKind.Coupled, false)]
    [InlineData(CellKind.Peephole, true)]
    [InlineData(CellKind.LayerNorm, true)]
    [InlineData(CellKind.Lstm, true)]
    public void A_forget_bias_is_for_cells_with_a_forget_gate(CellKind cell, bool hasOne)
    {
        Exception? error = Record.Exception(new ForecastOptions { Cell = cell, ForgetBias = 2 }.Validate);

        Assert.Equal(hasOne, error is null);
        new ForecastOptions { Cell = cell }.Validate();
    }

    [Fact]
    public void The_defaults_are_valid() => new ForecastOptions().Validate();
}
