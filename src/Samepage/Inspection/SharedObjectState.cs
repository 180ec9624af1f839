namespace Samepage;

/// <summary>The state of a mutex, event or semaphore at one moment.</summary>
public sealed record SharedObjectState
{
    /// <summary>A mutex that is free, an event that is set, a semaphore with permits.</summary>
    public required bool IsSignaled { get; init; }

    /// <summary>True when somebody may be asleep on it.</summary>
    public bool HasWaiters { get; init; }

    /// <summary>How many sleep on it; null where the system does not tell (Windows), or not this user.</summary>
    /// <remarks>
    /// A thread that waits is counted while it sleeps, for each object it sleeps on: a wait for any sleeps on all of its objects, a wait for all on
    /// one that is missing. The asynchronous waits of a process for one object sleep as one, however many they are.
    /// </remarks>
    public int? WaiterCount { get; init; }

    /// <summary>The process of each thread that is known to sleep on it; null when holders were not asked for, or the system shows no thread of theirs to this user.</summary>
    /// <remarks>
    /// May have fewer entries than <see cref="WaiterCount"/> says. To see where a thread sleeps takes the right to debug its process. Asynchronous waits
    /// that sleep by io_uring cannot be attributed to anyone.
    /// </remarks>
    public IReadOnlyList<SharedObjectHolder>? Waiters { get; init; }

    /// <summary>The thread that holds a mutex, as the system numbers it; 0 when it is free.</summary>
    public int OwnerThreadId { get; init; }

    /// <summary>The process of that thread, or that holds a <see cref="SharedLock"/>; 0 when it is free or not visible from here.</summary>
    public int OwnerProcessId { get; init; }

    /// <summary>True when the last owner of a mutex died holding it and nobody took it since (W31).</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>True for an event that stays set until it is reset (W32).</summary>
    public bool IsManualReset { get; init; }

    /// <summary>Permits left in a semaphore.</summary>
    public int Count { get; init; }

    /// <summary>The most permits that a semaphore may have.</summary>
    public int Maximum { get; init; }
}
