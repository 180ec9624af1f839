using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>The first bytes of every object file: what the object is, how large, and who made it.</summary>
/// <remarks>
/// <code>
///  0         8        12     16   20   24        32        40        48   52   56        64        72
///  +---------+--------+------+----+----+---------+---------+---------+----+----+---------+---------+
///  | magic   | format | kind |arch|flag| payload | payload |committed| pid|prot| creator | created |
///  |         |        |      |    |    | offset  | length  | length  |    |    | started | (ticks) |
///  +---------+--------+------+----+----+---------+---------+---------+----+----+---------+---------+
/// 72        80        88        96     100     104     108                128            912       976
///  +---------+---------+---------+------+-------+-------+------------------+--------------+---------+
///  | backing | backing | thread  | name | prog. | path  | reserved, zero   | name         | program |
///  | device  | inode   | ids of  | len. | len.  | len.  |                  | (UTF-8)      | (UTF-8) |
///  +---------+---------+---------+------+-------+-------+------------------+--------------+---------+
/// 4096: path of the backing file (UTF-8), only in a section over a disk file
/// </code>
/// All numbers are little-endian on every machine that this library runs on; <see cref="Architecture"/> says so in the file.
/// Everything but <see cref="CommittedLength"/> is written before the file gets its name and never changes.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal unsafe struct SegmentHeader
{
    /// <summary>"SAMEPAGE" read as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x45474150454D4153;

    public const uint CurrentFormat = 1;

    /// <summary>Length of the part that every object has.</summary>
    public const int Length = 1024;

    /// <summary>260 UTF-16 units are at most 780 bytes of UTF-8; rounded up to a multiple of 16.</summary>
    public const int NameCapacity = 784;

    public const int ProgramCapacity = 64;

    /// <summary>Where the backing file's path begins, and the longest that the system takes (PATH_MAX, its terminator included).</summary>
    public const int PathOffset = 4096;
    public const int PathCapacity = 4096;

    /// <summary>The largest page size in use on Linux (64 KiB: arm64, ppc64) divides it, so a payload can be mapped on every kernel.</summary>
    public const long PayloadOffsetOfEveryPageSize = 65536;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Kind;
    [FieldOffset(16)] public uint Architecture;
    [FieldOffset(20)] public uint Flags;
    [FieldOffset(24)] public long PayloadOffset;
    [FieldOffset(32)] public long PayloadLength;
    [FieldOffset(40)] public ulong CommittedLength;
    [FieldOffset(48)] public int CreatorProcessId;
    [FieldOffset(52)] public uint Protection;
    [FieldOffset(56)] public long CreatorStartTime;
    [FieldOffset(64)] public long CreationTime;
    [FieldOffset(72)] public ulong BackingDevice;
    [FieldOffset(80)] public ulong BackingInode;
    [FieldOffset(88)] public ulong ThreadIdSpace;
    [FieldOffset(96)] public int NameLength;
    [FieldOffset(100)] public int ProgramLength;
    [FieldOffset(104)] public int PathLength;
    [FieldOffset(128)] public fixed byte Name[NameCapacity];
    [FieldOffset(912)] public fixed byte Program[ProgramCapacity];

    /// <summary>Where <see cref="CommittedLength"/> lies: the only field that changes while the object lives.</summary>
    public const int CommittedLengthOffset = 40;
}
