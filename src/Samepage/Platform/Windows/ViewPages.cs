using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>What the system says of the pages of a view (W17).</summary>
internal static unsafe class ViewPages
{
    /// <summary>A run of pages in the same state; access is null when they may not be touched.</summary>
    public readonly record struct Run(nint Start, nint End, MemoryAccess? Access);

    /// <summary>The longest run around an address with one access, within the bounds of the view.</summary>
    public static Run Around(nint address, nint first, nint last, bool isPrivate)
    {
        Run run = default;
        // The system counts from the page it is asked about, so it is asked from the start; and it splits where nothing differs for us.
        for (nint at = first; at < last;)
        {
            MemoryBasicInformation information;
            if (Kernel32.VirtualQuery(at, &information, (nuint)sizeof(MemoryBasicInformation)) == 0)
                throw WindowsErrors.Translate("VirtualQuery", WindowsErrors.Last, $"Asking for the pages at 0x{at:X}");
            nint end = Math.Min(last, information.BaseAddress + (nint)information.RegionSize);
            MemoryAccess? access = information.State == Win32.MemoryCommit ? ProtectionBits.Access(information.Protect, isPrivate) : null;
            if (run.End == at && run.Access == access)
                run = run with { End = end };
            else if (run.End > address)
                break;
            else
                run = new Run(at, end, access);
            at = end;
        }
        return run;
    }

    /// <summary>How much of a range is in physical memory.</summary>
    public static long Resident(nint start, nint end)
    {
        const int Chunk = 512;
        WorkingSetPage* pages = stackalloc WorkingSetPage[Chunk];
        int pageSize = Environment.SystemPageSize;
        long resident = 0;
        for (nint at = start & ~(nint)(pageSize - 1); at < end;)
        {
            int count = 0;
            for (; count < Chunk && at < end; count++, at += pageSize)
                pages[count] = new WorkingSetPage { Address = at };
            if (Kernel32.QueryWorkingSet(Win32.CurrentProcess, pages, (uint)(count * sizeof(WorkingSetPage))) == 0)
                return resident;
            for (int i = 0; i < count; i++)
                resident += (pages[i].Attributes & Win32.Resident) != 0 ? pageSize : 0;
        }
        return resident;
    }
}
