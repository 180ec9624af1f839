using Samepage.Atomics;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Brings pages into the working set before they are used (W16).</summary>
internal static unsafe class PageIn
{
    private static bool _missing;

    public static void Range(nint start, nuint length)
    {
        ReadAhead(start, length);
        // That read them from the disk, in large pieces; a touch of each makes them this process's.
        nint end = start + (nint)length;
        for (nint page = start; page < end; page += Environment.SystemPageSize)
            _ = SharedAtomics.Acquire((uint*)page);
    }

    private static void ReadAhead(nint start, nuint length)
    {
        if (_missing)
            return;
        try
        {
            // A wish; the touches do the same, page by page.
            var range = new MemoryRange { Address = start, Length = length };
            _ = Kernel32.PrefetchVirtualMemory(Win32.CurrentProcess, 1, &range, 0);
        }
        catch (EntryPointNotFoundException)
        {
            _missing = true;
        }
    }
}
