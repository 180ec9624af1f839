using System.Runtime.CompilerServices;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>The one thread of this process that sleeps until a tether ends that somebody here watches.</summary>
internal static unsafe class TetherPoll
{
    private const int StackSize = 256 * 1024;
    private const int MostAtOnce = 64;

    // Made at the first watch, and kept until the process ends.
    private static int _epoll = -1;

    /// <param name="descriptor">Open for reading, while somebody held it.</param>
    /// <param name="serial">What <see cref="TetherWatch.Tell"/> is told; never used twice, so what comes late is known to be late.</param>
    /// <param name="path">For messages.</param>
    /// <remarks>The caller holds the gate of the watches.</remarks>
    public static void Add(int descriptor, long serial, string path)
    {
        if (_epoll < 0)
            Start(path);
        byte* entry = stackalloc byte[Native.EpollEntryLength];
        Unsafe.WriteUnaligned(entry, Native.EpollOneShot);
        Unsafe.WriteUnaligned(entry + Native.EpollEntryData, serial);
        // Who has ended since it was opened is told at once.
        if (LibC.EpollControl(_epoll, Native.EpollAdd, descriptor, entry) != 0)
        {
            throw LinuxErrors.Translate("epoll_ctl", LinuxErrors.Last, $"Watching the tether {path}", remedy: LinuxErrors.Last == Errno.ENOSPC
                ? "this user watches too many descriptors (fs.epoll.max_user_watches). Raise it, or watch fewer."
                : null);
        }
    }

    public static void Remove(int descriptor)
    {
        byte* entry = stackalloc byte[Native.EpollEntryLength];
        _ = LibC.EpollControl(_epoll, Native.EpollRemove, descriptor, entry);
    }

    private static void Start(string path)
    {
        int epoll = LibC.EpollCreate(Native.EpollCloseOnExec);
        if (epoll < 0)
            throw LinuxErrors.Translate("epoll_create1", LinuxErrors.Last, $"Watching the tether {path}");
        new Thread(Run, StackSize) { IsBackground = true, Name = "Samepage tethers" }.UnsafeStart(epoll);
        _epoll = epoll;
    }

    private static void Run(object? epoll)
    {
        byte* entries = stackalloc byte[MostAtOnce * Native.EpollEntryLength];
        while (true)
        {
            int count = LibC.EpollWait((int)epoll!, entries, MostAtOnce, -1);
            // Ends the process: it must not go on believing that everybody lives.
            if (count < 0 && LinuxErrors.Last != Errno.EINTR)
                throw LinuxErrors.Translate("epoll_wait", LinuxErrors.Last, "Waiting for the end of a tether");
            for (int i = 0; i < count; i++)
                TetherWatch.Tell(Unsafe.ReadUnaligned<long>(entries + i * Native.EpollEntryLength + Native.EpollEntryData));
        }
    }
}
