using System.Globalization;

namespace Engram.Plots.Axes;

/// <summary>A labelled mark on an axis; <paramref name="Position"/> is in the units of the axis.</summary>
internal readonly record struct AxisTick(double Position, string Label);

/// <summary>Round positions for the marks of an axis, and their labels, the same in every culture.</summary>
internal static class AxisTicks
{
    /// <summary>Multiples of 1, 2 or 5 times a power of ten between both ends, at most <paramref name="most"/> of them.</summary>
    public static IReadOnlyList<AxisTick> Linear(double from, double to, int most, bool integersOnly = false)
    {
        double step = RoundStep((to - from) / Math.Max(1, most));
        if (integersOnly)
        {
            step = Math.Max(1, step);
        }
        double first = Math.Ceiling(from / step - 1e-9);
        double last = Math.Floor(to / step + 1e-9);
        List<AxisTick> ticks = [];
        for (double multiple = first; multiple <= last; multiple++)
        {
            double position = multiple * step;
            ticks.Add(new AxisTick(position, Label(position, step, Math.Max(Math.Abs(from), Math.Abs(to)))));
        }
        return ticks;
    }

    /// <summary>
    /// Marks of a logarithmic axis whose positions are decimal logarithms: powers of ten, and their multiples by 2 and 5 where there are
    /// too few of those.
    /// </summary>
    public static IReadOnlyList<AxisTick> Logarithmic(double from, double to, int most)
    {
        int[] multiples = to - from < 2.5 ? [1, 2, 5] : [1];
        int stride = Math.Max(1, (int)Math.Ceiling((to - from) / Math.Max(1, most)));
        List<AxisTick> ticks = [];
        for (int power = (int)Math.Floor(from); power <= (int)Math.Ceiling(to); power++)
        {
            if (power % stride != 0)
            {
                continue;
            }
            foreach (int multiple in multiples)
            {
                double position = power + Math.Log10(multiple);
                if (position >= from && position <= to)
                {
                    ticks.Add(new AxisTick(position, Plain(multiple, power)));
                }
            }
        }
        return ticks;
    }

    /// <summary>The smallest of 1, 2 or 5 times a power of ten that is no less than <paramref name="least"/>.</summary>
    private static double RoundStep(double least)
    {
        if (!(least > 0) || !double.IsFinite(least))
        {
            return 1;
        }
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (double multiple in (ReadOnlySpan<double>)[1, 2, 5])
        {
            if (multiple * power >= least * (1 - 1e-9))
            {
                return multiple * power;
            }
        }
        return 10 * power;
    }

    private static string Label(double value, double step, double largest)
    {
        if (largest >= 1e9 || (largest < 1e-4 && largest > 0))
        {
            return value == 0 ? "0" : value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 12);
        string digits = (largest >= 10_000 ? "N" : "F") + decimals.ToString(CultureInfo.InvariantCulture);
        // A rounding error around zero must not print as "-0.0".
        double clean = Math.Abs(value) < step / 2 ? 0 : value;
        return clean.ToString(digits, CultureInfo.InvariantCulture);
    }

    private static string Plain(int multiple, int power)
    {
        if (power is < -5 or > 5)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{multiple}e{power}");
        }
        decimal value = multiple * (decimal)Math.Pow(10, power);
        return value.ToString(power < 0 ? "0.######" : "#,0", CultureInfo.InvariantCulture);
    }
}
