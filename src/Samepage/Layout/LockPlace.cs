using System.Runtime.InteropServices;

namespace Samepage.Layout;

/// <summary>A process that holds a lock, or has held it: what its wait word names. See <see cref="StateBlock"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct LockPlace
{
    public const int Length = 16;

    /// <summary>As many as fit between the beginning of a page and the claim record.</summary>
    public const int Count = 250;

    /// <summary>The id of the process's tether. 0: nobody was ever here. Another process takes the place when that one is gone.</summary>
    [FieldOffset(0)] public ulong Tether;

    /// <summary>For people.</summary>
    [FieldOffset(8)] public int ProcessId;

    [FieldOffset(12)] public uint Reserved;
}
