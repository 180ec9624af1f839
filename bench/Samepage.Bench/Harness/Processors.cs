using System.Diagnostics;

namespace Samepage.Bench.Harness;

/// <summary>The two processors on which two processes meet.</summary>
internal static class Processors
{
    private static readonly int[] _allowed = FindAllowed();

    public static bool AreTwo => _allowed.Length > 1;

    public static int First => _allowed[0];

    public static int Second => _allowed[^1];

    /// <summary>Sets the affinity of a process that has just begun: on Linux that of its main thread, which does the work, and of what it starts.</summary>
    public static void Pin(Process process, int processor)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            process.ProcessorAffinity = (nint)(1L << processor);
    }

    private static int[] FindAllowed()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        using Process me = Process.GetCurrentProcess();
        long mask = me.ProcessorAffinity;
        return [.. Enumerable.Range(0, 64).Where(p => (mask >> p & 1) != 0)];
    }
}
