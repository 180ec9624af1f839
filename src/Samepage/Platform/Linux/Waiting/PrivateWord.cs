using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A word that only threads of this process sleep on.</summary>
/// <param name="pinned">One element, on the pinned heap: who comes late touches nothing that is gone.</param>
internal readonly unsafe struct PrivateWord(uint[] pinned)
{
    // SAFETY: the array is pinned, and each operation keeps it alive to its end.
    private uint* Address => (uint*)Unsafe.AsPointer(ref pinned[0]);

    // SYNC(private): pairs with the exchange in IncrementAndWake.
    public uint Value => SharedAtomics.Acquire(Address);

    /// <summary>For a sleep on this word beside others; the caller keeps the array alive.</summary>
    public FutexWaitEntry EntryWhile(uint value) => new() { Value = value, Address = (ulong)Address, Flags = Native.Futex32BitsPrivate };

    public static uint[] New() => GC.AllocateArray<uint>(1, pinned: true);

    /// <summary>Sleeps while it has this value.</summary>
    public Sleep WaitWhile(uint value, in Deadline deadline)
    {
        Sleep sleep = Futex.WaitPrivate(Address, value, deadline);
        GC.KeepAlive(pinned);
        return sleep;
    }

    public void IncrementAndWake()
    {
        // NO-POINT: of this process.
        // SYNC(private): pairs with the acquire in Value.
        SharedAtomics.Increment(ref pinned[0]);
        _ = Futex.WakePrivate(Address, Futex.All);
        GC.KeepAlive(pinned);
    }
}
