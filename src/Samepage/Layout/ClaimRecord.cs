using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>Where the outcome of the last claim of an object is to be read, should the claimant die: see <see cref="StateBlock"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct ClaimRecord
{
    /// <summary>The id of the claimant's journal.</summary>
    [FieldOffset(0)] public ulong Journal;

    /// <summary>The number under which it decides: see <see cref="JournalSlot"/>.</summary>
    [FieldOffset(8)] public ulong Number;

    /// <summary>1: the mutex was abandoned already when the claimant took it.</summary>
    [FieldOffset(16)] public uint WasAbandoned;

    [FieldOffset(20)] public uint Reserved;
}
