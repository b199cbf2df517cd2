namespace Engram.Cli;

/// <summary>What the process tells the one who started it. Scripts rely on these numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A fault of Engram itself.</summary>
    public const int Bug = 1;

    /// <summary>Wrong usage or options.</summary>
    public const int Usage = 2;

    /// <summary>The data are at fault.</summary>
    public const int Data = 3;

    /// <summary>The model file is at fault.</summary>
    public const int ModelFile = 4;

    /// <summary>Training diverged.</summary>
    public const int Diverged = 5;

    /// <summary>The disk or the network failed.</summary>
    public const int Disk = 6;

    /// <summary>Interrupted by SIGINT, Ctrl-C; 128 and the signal's number, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;
}
