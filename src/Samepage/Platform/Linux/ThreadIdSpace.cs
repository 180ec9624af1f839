using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Which pid namespace this process numbers its threads in: two that differ may give the same number to two threads.</summary>
internal static unsafe class ThreadIdSpace
{
    private static readonly ulong _current = Read();

    /// <summary>Refuses a mutex whose owners are numbered elsewhere: the kernel would take another's death for the owner's (docs/decisions/pid-namespaces.md).</summary>
    public static void Require(SegmentDescription description, ObjectName name)
    {
        if (description.ThreadIdSpace == _current)
            return;
        throw new SharedObjectException(FailureReason.NotSupported,
            $"Mutex \"{name}\" was made in another pid namespace (another container), where threads are numbered differently: its owner could not be told from a thread here. " +
            "Let both share one (for containers: --pid=container:…, or shareProcessNamespace), or use a semaphore of one permit.",
            name.Full, SharedObjectKind.Mutex);
    }

    /// <summary>The same for a claim, which any object has, and which a wait for all takes for a moment.</summary>
    public static void RequireForClaim(SegmentDescription description)
    {
        if (description.ThreadIdSpace == _current)
            return;
        throw new SharedObjectException(FailureReason.NotSupported,
            $"\"{description.BareName}\" was made in another pid namespace (another container), where threads are numbered differently: a wait for all takes part in locks that would be mistaken. " +
            "Let both share one (for containers: --pid=container:…, or shareProcessNamespace), or wait for one object or for any, on both sides.",
            description.BareName, description.Kind);
    }

    public static ulong Current => _current;

    private static ulong Read()
    {
        FileStatus status;
        fixed (byte* path = "/proc/self/ns/pid\0"u8)
        {
            if (LibC.StatX(Native.CurrentDirectory, path, 0, Native.StatBasic, &status) != 0)
                throw LinuxErrors.Translate("statx", LinuxErrors.Last, "Reading the pid namespace of this process from /proc");
        }
        return status.Inode;
    }
}
