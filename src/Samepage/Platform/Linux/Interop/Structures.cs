using System.Runtime.InteropServices;

namespace Samepage.Platform.Linux.Interop;

/// <summary>struct flock of a 64-bit system (fcntl.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct FileLock
{
    [FieldOffset(0)] public short Type;
    [FieldOffset(2)] public short Whence;
    [FieldOffset(8)] public long Start;
    [FieldOffset(16)] public long Length;
    [FieldOffset(24)] public int ProcessId;
}

/// <summary>struct statx (linux/stat.h): the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(0)] public uint Mask;
    [FieldOffset(16)] public uint Links;
    [FieldOffset(20)] public uint UserId;
    [FieldOffset(24)] public uint GroupId;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public long Size;
    [FieldOffset(48)] public ulong Blocks;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;

    public readonly ulong Device => (ulong)DeviceMajor << 32 | DeviceMinor;
    public readonly bool IsRegular => (Mode & Native.FileTypeMask) == Native.RegularFile;
    public readonly bool IsFifo => (Mode & Native.FileTypeMask) == Native.Fifo;
    public readonly bool IsDirectory => (Mode & Native.FileTypeMask) == Native.Directory;
    public readonly bool IsLink => (Mode & Native.FileTypeMask) == Native.SymbolicLink;
    public readonly uint Permissions => (uint)Mode & 0xFFF;

    /// <summary>st_blocks counts units of 512 bytes, whatever the file system's own.</summary>
    public readonly long AllocatedBytes => (long)Blocks * 512;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Current;
    public ulong Maximum;
}

/// <summary>struct statvfs of a 64-bit system (sys/statvfs.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 112)]
internal struct FileSystemStatus
{
    [FieldOffset(0)] public ulong BlockSize;
    [FieldOffset(8)] public ulong FragmentSize;
    [FieldOffset(16)] public ulong Blocks;
    [FieldOffset(24)] public ulong BlocksFree;
    [FieldOffset(32)] public ulong BlocksAvailable;
    [FieldOffset(40)] public ulong Files;
    [FieldOffset(48)] public ulong FilesFree;

    public readonly long AvailableBytes => (long)(BlocksAvailable * FragmentSize);
    public readonly long TotalBytes => (long)(Blocks * FragmentSize);
}

/// <summary>struct statfs of a 64-bit system (asm-generic/statfs.h), of which only the kind is of interest.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct FileSystemKind
{
    /// <summary>TMPFS_MAGIC (linux/magic.h).</summary>
    public const long Tmpfs = 0x01021994;

    [FieldOffset(0)] public long Type;
}

/// <summary>struct robust_list_head (linux/futex.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RobustListHead
{
    public nint First;
    public nint WordOffset;
    public nint Pending;
}

/// <summary>struct futex_waitv (linux/futex.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FutexWaitEntry
{
    public ulong Value;
    public ulong Address;
    public uint Flags;
    public uint Reserved;
}

/// <summary>struct __kernel_timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
