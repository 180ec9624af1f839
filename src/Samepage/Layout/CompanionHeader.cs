using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>
/// On Windows, what a small section of its own says about a section: the exact size, how much is committed, and who made it. The section
/// itself is the payload and nothing else, so that any Win32 program shares it.
/// </summary>
/// <remarks>
/// <code>
///  0         8        12     16     20     24        32        40        48        56      60      64
///  +---------+--------+------+------+------+---------+---------+---------+---------+-------+-------+
///  | magic   | format | arch | flags| prot.| payload |committed| created | creator |creator| state |
///  |         |        |      |      |      | length  | length  | (ticks) | started |  pid  |       |
///  +---------+--------+------+------+------+---------+---------+---------+---------+-------+-------+
/// 64                        80      84      88     92     96       128              912       976
///  +-------------------------+-------+-------+------+------+--------+----------------+---------+
///  | token                   | name  | prog. | path | kind | zero   | name           | program |
///  | (random)                | len.  | len.  | len. |      |        | (UTF-8)        | (UTF-8) |
///  +-------------------------+-------+-------+------+------+--------+----------------+---------+
/// 4096: path of the backing file (UTF-8), only for a section over a disk file
/// </code>
/// Everything but <see cref="CommittedLength"/> is written before <see cref="State"/> says so, and does not change after.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal unsafe struct CompanionHeader
{
    /// <summary>"SAMEPAGC" read as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x43474150454D4153;

    public const uint CurrentFormat = 1;

    /// <summary>Length of the part that every companion has.</summary>
    public const int Length = 1024;

    public const int NameCapacity = SegmentHeader.NameCapacity;
    public const int ProgramCapacity = SegmentHeader.ProgramCapacity;

    /// <summary>Where the backing file's path begins: behind a page. The companion of a section without a file has just that page.</summary>
    public const int PathOffset = 4096;

    /// <summary>The longest path, in bytes: 32,767 UTF-16 units are at most 98,301 bytes of UTF-8.</summary>
    public const int PathCapacity = 98_304;

    /// <summary><see cref="State"/> while the rest is being written.</summary>
    public const uint Unfinished = 0;

    /// <summary><see cref="State"/> from then on.</summary>
    public const uint Finished = 1;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Architecture;
    [FieldOffset(16)] public uint Flags;
    [FieldOffset(20)] public uint Protection;
    [FieldOffset(24)] public long PayloadLength;
    [FieldOffset(32)] public ulong CommittedLength;
    [FieldOffset(40)] public long CreationTime;
    [FieldOffset(48)] public long CreatorStartTime;
    [FieldOffset(56)] public int CreatorProcessId;
    [FieldOffset(60)] public uint State;
    [FieldOffset(64)] public ulong TokenLow;
    [FieldOffset(72)] public ulong TokenHigh;
    [FieldOffset(80)] public int NameLength;
    [FieldOffset(84)] public int ProgramLength;
    [FieldOffset(88)] public int PathLength;
    [FieldOffset(92)] public uint Kind;
    [FieldOffset(128)] public fixed byte Name[NameCapacity];
    [FieldOffset(912)] public fixed byte Program[ProgramCapacity];
}
