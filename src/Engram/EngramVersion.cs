using System.Reflection;

namespace Engram;

/// <summary>The library's version.</summary>
public static class EngramVersion
{
    /// <summary>Three numbers: <c>0.1.0</c>.</summary>
    public static string Current { get; } =
        typeof(EngramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
