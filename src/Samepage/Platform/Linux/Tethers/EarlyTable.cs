using System.Text;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>Descriptors that the kernel closes before it takes the memory of a killed process apart: those of a thread that has a table of its own.</summary>
/// <remarks>When it is not early, and what its thread may not do: docs/design/tethers.md. One caller at a time.</remarks>
internal static unsafe class EarlyTable
{
    /// <summary>Set to "0" to run the fallback on a kernel that does not need it.</summary>
    private const string ThreadVariable = "SAMEPAGE_TETHER_THREAD";

    // Faults of the thread's own (SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS), what the C library sends its threads (32, 33), and what the
    // runtime sends them (SIGRTMIN). Handlers of all others may want a descriptor of the process: the runtime's write to a pipe.
    private const ulong Bearable =
        1UL << 3 | 1UL << 4 | 1UL << 6 | 1UL << 7 | 1UL << 10 | 1UL << 30 | 1UL << 31 | 1UL << 32 | 1UL << 33;

    private static readonly Lazy<CallThread?> _thread = new(TryStart);

    /// <summary>
    /// Opens once more, there, the file that is open here for reading and writing, and joins its holders (<see cref="LifeLock"/>). Null where that does
    /// not go: an old kernel, a filter, no /proc, no more threads, too many open files.
    /// </summary>
    /// <remarks>The descriptor that it returns means nothing in the table of the process.</remarks>
    public static int? TryTake(int descriptor)
    {
        if (_thread.Value is not { } thread)
            return null;
        nint taken;
        // "self" is the process, whichever thread looks: its descriptors are those of its first thread.
        fixed (byte* path = Encoding.ASCII.GetBytes($"/proc/self/fd/{descriptor}\0"))
        {
            taken = thread.Call(Native.SysOpenAt, Native.CurrentDirectory, (nint)path,
                Native.ReadWrite | Native.NonBlocking | Native.CloseOnExec);
        }
        if (taken < 0)
            return null;
        FileLock request = LifeLock.Joining;
        if (thread.Call(Native.SysFcntl, taken, Native.OfdSetLock, (nint)(&request)) >= 0)
            return (int)taken;
        Close((int)taken);
        return null;
    }

    public static void ChangeMode(int taken, uint mode) => _ = _thread.Value!.Call(Native.SysFChMod, taken, (nint)mode);

    public static void Close(int taken) => _ = _thread.Value!.Call(Native.SysClose, taken);

    private static CallThread? TryStart()
    {
        if (Environment.GetEnvironmentVariable(ThreadVariable) == "0")
            return null;
        CallThread thread;
        try
        {
            thread = new CallThread("Samepage memberships");
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
        ulong blocked = ~Bearable;
        // One call that parts from the table of the process and leaves nothing in its own: not even for a moment does it keep alive what others close.
        if (thread.Call(Native.SysSignalMask, Native.BlockSignals, (nint)(&blocked), 0, sizeof(ulong)) >= 0
            && thread.Call(Native.SysCloseRange, 0, unchecked((nint)uint.MaxValue), Native.CloseRangeUnshare) >= 0)
            return thread;
        thread.End();
        return null;
    }
}
