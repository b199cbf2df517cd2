namespace Engram;

/// <summary>Errors as percentages; the terms of which MAPE and sMAPE are the means.</summary>
public static class PercentageError
{
    /// <summary>100 · |predicted − actual| / |actual|; null where the actual value is 0, of which nothing is a percentage.</summary>
    public static double? Absolute(double predicted, double actual) => actual == 0 ? null : 100 * Math.Abs(predicted - actual) / Math.Abs(actual);

    /// <summary>200 · |predicted − actual| / (|predicted| + |actual|), 0 … 200; 0 where both are 0 (Makridakis 1993).</summary>
    public static double Symmetric(double predicted, double actual)
    {
        double size = Math.Abs(predicted) + Math.Abs(actual);
        return size == 0 ? 0 : 200 * Math.Abs(predicted - actual) / size;
    }
}
