using Engram.Backends;

namespace Engram.Training;

/// <summary>How large a layer's gradients are in a batch, before they are clipped; <see cref="FitOptions.GradientStatistics"/>.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Norm">√Σ g² over all of its weights.</param>
/// <param name="Largest">The largest |g|.</param>
/// <param name="WeightNorm">√Σ w², to compare with.</param>
public sealed record LayerGradient(string Layer, double Norm, double Largest, double WeightNorm)
{
    /// <summary>The layers of a walk that was just done; those without a gradient are left out.</summary>
    internal static IReadOnlyList<LayerGradient> Measure(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
        List<LayerGradient> layers = [];
        foreach (IGrouping<string, Parameter> layer in parameters.Where(parameter => parameter.HasGradient).GroupBy(parameter => parameter.LayerName))
        {
            double squares = 0, weights = 0, largest = 0;
            foreach (Parameter parameter in layer)
            {
                squares += backend.SumOfSquares(parameter.Gradient, parameter.Shape.Count);
                weights += backend.SumOfSquares(parameter.Value, parameter.Shape.Count);
                largest = Math.Max(largest, parameter.GradientToArray()!.Max(Math.Abs));
            }
            layers.Add(new LayerGradient(layer.Key, Math.Sqrt(squares), largest, Math.Sqrt(weights)));
        }
        return layers;
    }
}
