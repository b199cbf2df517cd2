namespace Engram.Tests.Ops;

/// <summary>A pass for tests that call operations alone.</summary>
internal static class TrainingPass
{
    /// <summary>Opens a training pass, calls <paramref name="body"/> and closes it.</summary>
    public static void Run(Action<Pass> body)
    {
        var model = new Sequential(new Dense(1));
        model.Build(new Shape(1));
        model.Run(
            pass =>
            {
                body(pass);
                return 0;
            },
            training: true);
    }
}
