using Samepage.Layout;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>What the system itself knows of a section, whoever made it.</summary>
internal static unsafe class SystemFacts
{
    private static readonly MemoryAccess[] _widestFirst =
        [MemoryAccess.ReadWriteExecute, MemoryAccess.ReadWrite, MemoryAccess.ReadExecute];

    /// <summary>The size: of a file's section to the byte, of any other in whole pages.</summary>
    public static long SizeOf(KernelHandle section, string what) => Query(section, what).Size;

    /// <summary>For a section without a companion.</summary>
    public static SectionFacts Of(KernelHandle section, ObjectName? name)
    {
        SectionBasicInformation information = Query(section, name is null ? "a section" : $"section \"{name}\"");
        bool overFile = (information.Attributes & Win32.SectionFile) != 0;
        bool reserved = (information.Attributes & Win32.SectionReserve) != 0;
        return new SectionFacts
        {
            Size = information.Size,
            Protection = Widest(section),
            Flags = (overFile ? SegmentFlags.DiskFile : 0) | (reserved && !overFile ? SegmentFlags.Reserve : 0),
            CommittedLength = reserved && !overFile ? CommittedLength(section, information.Size) : information.Size,
            Name = name,
            BackingPath = overFile ? PathUnder(section) : null,
            Token = Guid.NewGuid(),
        };
    }

    /// <summary>True when a companion that gives this size may be the one of this section.</summary>
    public static bool Fits(KernelHandle section, SectionFacts facts)
    {
        long size = Query(section, facts.ToString()).Size;
        return facts.BackingPath is not null ? size == facts.Size : size >= facts.Size && size - facts.Size < Environment.SystemPageSize;
    }

    /// <summary>How much of a reserved section is committed from its start, in whole pages.</summary>
    public static long CommittedLength(KernelHandle section, long size)
    {
        nint address = Map(section, Win32.MapRead, 0);
        if (address == 0)
            return 0;
        long committed = 0;
        MemoryBasicInformation information;
        // One run may be told in pieces, as it was committed.
        while (committed < size
            && Kernel32.VirtualQuery(address + (nint)committed, &information, (nuint)sizeof(MemoryBasicInformation)) != 0
            && information.State == Win32.MemoryCommit)
            committed = Math.Min(size, information.BaseAddress + (long)information.RegionSize - address);
        _ = Kernel32.UnmapViewOfFile(address);
        return committed;
    }

    private static SectionBasicInformation Query(KernelHandle section, string what)
    {
        SectionBasicInformation information;
        int status = Ntdll.QuerySection(section, 0, &information, (nuint)sizeof(SectionBasicInformation), null);
        return status >= 0 ? information : throw WindowsErrors.TranslateStatus("NtQuerySection", status, $"Asking the size of {what}");
    }

    /// <summary>The system has no question for the protection, so a page is mapped to see what it allows.</summary>
    private static MemoryAccess Widest(KernelHandle section)
    {
        foreach (MemoryAccess access in _widestFirst)
        {
            nint address = Map(section, ProtectionBits.View(access), 1);
            if (address == 0)
                continue;
            _ = Kernel32.UnmapViewOfFile(address);
            return access;
        }
        return MemoryAccess.Read;
    }

    private static string? PathUnder(KernelHandle section)
    {
        nint address = Map(section, Win32.MapRead, 1);
        if (address == 0)
            return null;
        const int Room = 1024;
        char* path = stackalloc char[Room];
        uint length = Kernel32.GetMappedFileName(Win32.CurrentProcess, address, path, Room);
        _ = Kernel32.UnmapViewOfFile(address);
        return length == 0 ? null : new string(path, 0, (int)length);
    }

    private static nint Map(KernelHandle section, uint access, nuint length) =>
        Kernel32.MapViewOfFile(section.DangerousGetHandle(), access, 0, 0, length, 0);
}
