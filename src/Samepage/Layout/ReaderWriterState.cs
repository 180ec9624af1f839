using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>The memory of a reader-writer lock, which whoever has the turn reads and writes.</summary>
/// <remarks>
/// <code>
///  0          4          8          12
///  +----------+----------+----------+
///  | writing  | places   | access   |
///  +----------+----------+----------+
///  writing  1 from before a writer writes until after it has written: whoever has the turn and finds it so knows that one died
///  places   how many places there are in which readers may stand; those above were never used
///  access   SharedAccess of the lock, for the parts that are made later; written once, by the maker
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct ReaderWriterState
{
    public const int Length = 12;

    [FieldOffset(0)] public uint Writing;
    [FieldOffset(4)] public uint Places;
    [FieldOffset(8)] public uint Access;
}
