using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>The first page of a channel's memory: of what shape the rest is. Written once, before <see cref="Ready"/> is.</summary>
/// <remarks>
/// <code>
///  0      4      8          16     20      24     28      32     36      64            96     128      132      136    192      200    256                4096
///  +------+------+----------+------+-------+------+-------+------+-------+-------------+------+--------+--------+------+--------+------+------------------+
///  | ready| shape| capacity | lanes|readers| mode |access | type | zero  | hash of the | zero | lanes  | readers| zero | latest | zero | type, as text    |
///  |      |      | of a lane|      |       |      |       |length|       | type        |      | used   | used   |      |        |      | (UTF-8)          |
///  +------+------+----------+------+-------+------+-------+------+-------+-------------+------+--------+--------+------+--------+------+------------------+
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal unsafe struct ChannelHeader
{
    public const int Length = 4096;
    public const uint IsReady = 0x4C4E_4843;    // "CHNL"
    public const uint CurrentShape = 1;
    public const int HashLength = 32;
    public const int TypeCapacity = 3840;

    /// <summary>0 while the channel is being made.</summary>
    [FieldOffset(0)] public uint Ready;

    [FieldOffset(4)] public uint Shape;

    /// <summary>Bytes of a lane.</summary>
    [FieldOffset(8)] public long Capacity;

    [FieldOffset(16)] public int Lanes;
    [FieldOffset(20)] public int Readers;

    /// <summary>What a kind of channel wants to know of itself.</summary>
    [FieldOffset(24)] public uint Mode;

    [FieldOffset(28)] public uint Access;

    /// <summary>Bytes of the type's text; 0: messages are bytes.</summary>
    [FieldOffset(32)] public int TypeLength;

    /// <summary>SHA-256 of the whole text, of which what does not fit is cut.</summary>
    [FieldOffset(64)] public fixed byte TypeHash[HashLength];

    /// <summary>So many lanes, from the first, were ever written. Only grows.</summary>
    [FieldOffset(LanesUsedOffset)] public uint LanesUsed;

    /// <summary>So many readers' places, from the first, were ever taken. Only grows.</summary>
    [FieldOffset(ReadersUsedOffset)] public uint ReadersUsed;

    /// <summary>Of a cell: which of its slots is the latest, a <see cref="CellWord"/>. Of a map of cells: so many rows, from the first, were ever used.</summary>
    [FieldOffset(LatestOffset)] public ulong Latest;

    [FieldOffset(256)] public fixed byte Type[TypeCapacity];

    public const int LanesUsedOffset = 128;
    public const int ReadersUsedOffset = LanesUsedOffset + sizeof(uint);

    /// <summary>On a line of its own: the readers of a cell look there, and only its writers write there.</summary>
    public const int LatestOffset = 192;
}
