using System.Diagnostics;
using Engram.Backends;

namespace Engram.Tests.Backends;

/// <summary>
/// Every instruction tier computes what the scalar twin computes: by choosing the tier in this process, and, since code compiled
/// for a lesser processor is another thing, in child processes with the wider instruction sets switched off.
/// </summary>
public sealed class TierTests
{
    /// <summary>Largest difference of an output, weight or gradient after three training steps, against the scalar twin.</summary>
    private const double Bound = 2e-5;

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Training_and_inference_stay_near_the_scalar_twin(int bits)
    {
        float[] expected = Train(InstructionTier.Scalar, 1), actual = Train(Tiers.Require(bits), 2);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Bound, $"element {i}: scalar {expected[i]}, {bits} bits {actual[i]}");
        }
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", nameof(InstructionTier.Vector256))]
    [InlineData("DOTNET_EnableAVX2", nameof(InstructionTier.Vector128))]
    [InlineData("DOTNET_EnableHWIntrinsic", nameof(InstructionTier.Scalar))]
    public async Task The_engine_passes_its_tests_with_wider_sets_switched_off(string variable, string widest)
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
        {
            Assert.Skip("skipped: this is the child process");
        }
        if (CpuBackend.WidestTier <= Enum.Parse<InstructionTier>(widest))
        {
            Assert.Skip($"skipped: this process has nothing wider than {widest}");
        }
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (!Environment.ProcessPath!.Contains("Engram.Tests", StringComparison.Ordinal))
        {
            start.ArgumentList.Add(typeof(TierTests).Assembly.Location);
        }
        foreach (string name in (string[])["Kernels.ActivateTests", "Kernels.PanelKernelTests", "Kernels.RecurrentWalkTests", "Kernels.LanesTests", "Kernels.LstmCellTests", "Kernels.ProductTests", "Kernels.NarrowProductTests", "Backends.TableTests", "Ops.SequenceOperationsTests", "Losses.LossValueTests", "Layers.ConditionalRandomFieldTests", "Optimizers.OptimizerEquationTests", "Backends.TierTests", "Backends.ThreadTests", "Layers.LstmGradientTests", "Layers.RecurrentOracleTests"])
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add("Engram.Tests." + name);
        }
        start.ArgumentList.Add("-noColor");
        start.Environment[variable] = "0";
        start.Environment[ChildVariable] = widest;
        start.Environment["ENGRAM_REPEATS"] = "1"; // ThreadTests repeats enough here
        foreach (string inherited in start.Environment.Keys.Where(key => key.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(inherited);
        }
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await errors);
        Assert.Matches(@"Total: [1-9]\d+, Errors: 0, Failed: 0", output);
    }

    [Fact]
    public void A_child_process_really_runs_in_the_lesser_tier()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not { } widest)
        {
            Assert.Skip("skipped: this is not a child process");
            return;
        }
        Assert.Equal(widest, CpuBackend.WidestTier.ToString());
    }

    private const string ChildVariable = "ENGRAM_TEST_WIDEST_TIER";

    private static float[] Train(InstructionTier tier, int threads)
    {
        using var device = new Device(CpuBackend.Create(threads, tier));
        var model = new Sequential(new Lstm(19) { ReturnSequences = true }, new Dropout(0.2), new Lstm(5), new Dense(3, Activation.Sigmoid)) { Device = device };
        model.Compile(new Adam(0.01) { ClipNorm = 0.5 }, Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(1), 23, 12, 2), y = Tensor.Normal(new RandomStream(2), 23, 3);
        model.Fit(x, y, new Engram.Training.FitOptions { BatchSize = 8 });
        return [.. model.Parameters.SelectMany(parameter => parameter.ToArray()), .. model.Predict(x).ToArray()];
    }
}
