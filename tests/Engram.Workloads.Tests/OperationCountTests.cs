namespace Engram.Workloads.Tests;

/// <summary>The formulas against counting: every multiplication and addition of the products, one by one.</summary>
public sealed class OperationCountTests
{
    [Theory]
    [InlineData(3, 1, 5, false)]
    [InlineData(6, 4, 2, true)]
    [InlineData(1, 7, 7, true)]
    public void An_lstm_costs_what_its_loops_count(int steps, int inputs, int units, bool inputGradient)
    {
        long forward = 0, backward = 0;
        for (int step = 0; step < steps; step++)
        {
            for (int gate = 0; gate < 4; gate++)
            {
                for (int unit = 0; unit < units; unit++)
                {
                    for (int operand = 0; operand < inputs + units; operand++)
                    {
                        forward += 2; // a = a + w · [x, h]
                        backward += 2; // dw = dw + δ · [x, h]
                        backward += operand >= inputs || inputGradient ? 2 : 0; // d[x, h] = d[x, h] + w · δ
                    }
                }
            }
        }

        Assert.Equal(forward, OperationCount.LstmForward(steps, inputs, units));
        Assert.Equal(backward, OperationCount.LstmBackward(steps, inputs, units, inputGradient));
        Assert.Equal(forward + backward, OperationCount.LstmTraining(steps, inputs, units, inputGradient));
    }

    [Fact]
    public void A_dense_layer_costs_three_products_in_training()
    {
        Assert.Equal(2 * 3 * 5 * 7, OperationCount.Product(3, 5, 7));
        Assert.Equal(3 * 2 * 3 * 5 * 7, OperationCount.DenseTraining(3, 5, 7));
    }
}
