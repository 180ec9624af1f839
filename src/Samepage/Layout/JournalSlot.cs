using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>One attempt at a time to take several objects at once: an element of a journal's payload.</summary>
/// <remarks>
/// A number is the slot's index in its upper 16 bits and a count below them, from 1 on, so none comes twice. Written by the journal's process alone.
/// A slot whose two numbers differ belongs to an attempt that was decided and whose objects do not all say so yet.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct JournalSlot
{
    public const int Length = 16;
    public const int Count = 1024;
    private const int IndexShift = 48;

    /// <summary>The last number that was decided: all its objects are taken.</summary>
    [FieldOffset(0)] public ulong Committed;

    /// <summary>The last number of which no object bears the mark any more.</summary>
    [FieldOffset(8)] public ulong Finished;

    public static ulong Number(int index, ulong count) => (ulong)index << IndexShift | count;

    public static int IndexOf(ulong number) => (int)(number >> IndexShift);
}
