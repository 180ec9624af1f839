using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

#pragma warning disable RS0030 // This class is the door that the banned symbols point to.

namespace Samepage.Atomics;

/// <summary>The only place where memory ordering is written down: loads, stores and exchanges on memory that others write too.</summary>
/// <remarks>Every pointer handed in is naturally aligned and lies inside a live mapping; callers hold the mapping.</remarks>
internal static unsafe class SharedAtomics
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Acquire(uint* location) => Volatile.Read(ref *location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Acquire(ulong* location) => Volatile.Read(ref *location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(uint* location, uint value) => Volatile.Write(ref *location, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(ulong* location, ulong value) => Volatile.Write(ref *location, value);

    /// <summary>Stores in program order: for memory that only this thread and, at its death, the kernel read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInOrder(nint* location, nint value) => Volatile.Write(ref *location, value);

    /// <summary>Full fence; true when <paramref name="location"/> held <paramref name="expected"/> and now holds <paramref name="value"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CompareExchange(uint* location, uint expected, uint value) =>
        Interlocked.CompareExchange(ref *location, value, expected) == expected;

    /// <inheritdoc cref="CompareExchange(uint*, uint, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CompareExchange(ulong* location, ulong expected, ulong value) =>
        Interlocked.CompareExchange(ref *location, value, expected) == expected;

    /// <inheritdoc cref="Acquire(uint*)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Acquire(ref uint location) => Volatile.Read(ref location);

    /// <inheritdoc cref="Release(uint*, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(ref uint location, uint value) => Volatile.Write(ref location, value);

    /// <inheritdoc cref="CompareExchange(uint*, uint, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CompareExchange(ref uint location, uint expected, uint value) =>
        Interlocked.CompareExchange(ref location, value, expected) == expected;

    /// <inheritdoc cref="CompareExchange(uint*, uint, uint)"/>
    public static bool CompareExchange(ref long location, long expected, long value) =>
        Interlocked.CompareExchange(ref location, value, expected) == expected;

    /// <summary>Publishes a reference to the other threads of this process, with all that was written before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Publish<T>(ref T location, T value) where T : class? => Volatile.Write(ref location, value);

    /// <summary>Reads what <see cref="Publish{T}"/> published.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Observe<T>(ref T location) where T : class? => Volatile.Read(ref location);

    /// <summary>The next number of a process-private counter.</summary>
    public static long Increment(ref long counter) => Interlocked.Increment(ref counter);

    /// <inheritdoc cref="Increment(ref long)"/>
    public static void Increment(ref uint counter) => Interlocked.Increment(ref counter);

    /// <summary>Reads a process-private field, with all that was written before its <see cref="Release(ref nint, nint)"/>.</summary>
    public static nint Acquire(ref nint location) => Volatile.Read(ref location);

    /// <inheritdoc cref="Acquire(ref nint)"/>
    public static long Acquire(ref long location) => Volatile.Read(ref location);

    /// <inheritdoc cref="Release(ref nint, nint)"/>
    public static void Release(ref long location, long value) => Volatile.Write(ref location, value);

    /// <inheritdoc cref="Acquire(ref nint)"/>
    public static void Release(ref nint location, nint value) => Volatile.Write(ref location, value);

    /// <summary>Full fence around a store to a process-private field.</summary>
    public static void Exchange(ref nint location, nint value) => Interlocked.Exchange(ref location, value);

    /// <summary>Takes the value out of a process-private field, once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Take(ref nint location) => Interlocked.Exchange(ref location, 0);

    /// <summary>Full fence around a store.</summary>
    public static void Exchange(ulong* location, ulong value) => Interlocked.Exchange(ref *location, value);

    /// <summary>The line there will be read soon. Nothing where the processor has no such instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* location)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(location);
    }

    /// <summary>A store that the next release publishes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* location, ulong value) => *location = value;

    /// <summary>Nothing before it is seen after anything behind it, by anybody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fence() => Interlocked.MemoryBarrier();

    /// <summary>As if every thread of this process made a <see cref="Fence"/> now, so that those that run often need none. Costs microseconds.</summary>
    public static void FenceAllThreads() => Interlocked.MemoryBarrierProcessWide();

    /// <summary>No load before it is made after any load or store behind it. Free where the processor keeps that order anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadFence()
    {
#if NET10_0_OR_GREATER
        Volatile.ReadBarrier();
#else
        Interlocked.MemoryBarrier();
#endif
    }

    /// <summary>No store behind it is seen before any load or store before it. Free where the processor keeps that order anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFence()
    {
#if NET10_0_OR_GREATER
        Volatile.WriteBarrier();
#else
        Interlocked.MemoryBarrier();
#endif
    }

    /// <summary>Full fence; sets these bits.</summary>
    public static void Or(ulong* location, ulong bits) => Interlocked.Or(ref *location, bits);

    /// <summary>Full fence; clears all other bits.</summary>
    public static void And(ulong* location, ulong bits) => Interlocked.And(ref *location, bits);
}
