using System.Runtime.InteropServices;

namespace Samepage.Platform.Windows.Interop;

/// <summary>SECURITY_ATTRIBUTES (minwinbase.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SecurityAttributes
{
    public uint Length;
    public nint Descriptor;
    public int Inherit;
}

/// <summary>MEMORY_BASIC_INFORMATION (winnt.h) of a 64-bit process.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryBasicInformation
{
    public nint BaseAddress;
    public nint AllocationBase;
    public uint AllocationProtect;
    public ushort PartitionId;
    public nuint RegionSize;
    public uint State;
    public uint Protect;
    public uint Type;
}

/// <summary>WIN32_MEMORY_RANGE_ENTRY (memoryapi.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryRange
{
    public nint Address;
    public nuint Length;
}

/// <summary>PSAPI_WORKING_SET_EX_INFORMATION (psapi.h): bit 0 of the attributes says that the page is in physical memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkingSetPage
{
    public nint Address;
    public nuint Attributes;
}

/// <summary>MEMORYSTATUSEX (sysinfoapi.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryStatus
{
    public uint Length;
    public uint Load;
    public ulong TotalPhysical;
    public ulong AvailablePhysical;
    public ulong TotalCommit;
    public ulong AvailableCommit;
    public ulong TotalVirtual;
    public ulong AvailableVirtual;
    public ulong AvailableExtended;
}

/// <summary>SECTION_BASIC_INFORMATION (ntddk).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SectionBasicInformation
{
    public nint BaseAddress;
    public uint Attributes;
    public long Size;
}

/// <summary>MUTANT_BASIC_INFORMATION: the count is 1 when the mutex is free.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MutantBasicInformation
{
    public int Count;
    public byte OwnedByCaller;
    public byte Abandoned;
}

/// <summary>MUTANT_OWNER_INFORMATION: a CLIENT_ID.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MutantOwnerInformation
{
    public nint Process;
    public nint Thread;
}

/// <summary>EVENT_BASIC_INFORMATION: type 0 is manual-reset, 1 auto-reset.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EventBasicInformation
{
    public int Type;
    public int State;
}

/// <summary>SEMAPHORE_BASIC_INFORMATION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SemaphoreBasicInformation
{
    public int Count;
    public int Maximum;
}

/// <summary>UNICODE_STRING: lengths in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnicodeString
{
    public ushort Length;
    public ushort Capacity;
    public char* Buffer;

    public readonly override string ToString() => new(Buffer, 0, Length / sizeof(char));
}

/// <summary>OBJECT_ATTRIBUTES (winternl.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectAttributes
{
    public uint Length;
    public nint Root;
    public UnicodeString* Name;
    public uint Flags;
    public nint Descriptor;
    public nint QualityOfService;
}

/// <summary>OBJECT_DIRECTORY_INFORMATION: the strings follow in the same buffer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DirectoryEntry
{
    public UnicodeString Name;
    public UnicodeString Type;
}

/// <summary>SID_AND_ATTRIBUTES, as TOKEN_USER and TOKEN_PRIMARY_GROUP begin.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TokenSid
{
    public byte* Sid;
    public uint Attributes;
}

/// <summary>TOKEN_PRIVILEGES' entry: a LUID in two halves, and flags.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TokenPrivilege
{
    public uint Low;
    public int High;
    public uint Attributes;
}
