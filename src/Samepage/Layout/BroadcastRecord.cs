using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>A registered message in the topic of a broadcast.</summary>
/// <remarks>
/// <code>
///  0        8        16       24
///  +--------+--------+--------+
///  | first  | second | sender |
///  +--------+--------+--------+
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct BroadcastRecord
{
    public const int Length = 24;

    [FieldOffset(0)] public long First;
    [FieldOffset(8)] public long Second;
    [FieldOffset(16)] public long Sender;
}
