using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samepage.Torture.Driving;

/// <summary>What stops a process and lets it go on; killing it the runtime can do.</summary>
internal static class Signal
{
    private const int Continued = 18, Stopped = 19;

    public static void Stop(Process process) => Send(process, Stopped);

    public static void Continue(Process process) => Send(process, Continued);

    private static void Send(Process process, int signal)
    {
        // A process that has ended meanwhile is still there for its parent: the number is nobody else's.
        if (!process.HasExited)
            _ = Kill(process.Id, signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
