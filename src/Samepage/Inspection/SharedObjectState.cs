namespace Samepage;

/// <summary>The state of a mutex, event or semaphore at one moment.</summary>
public sealed record SharedObjectState
{
    /// <summary>A mutex that is free, an event that is set, a semaphore with permits.</summary>
    public required bool IsSignaled { get; init; }

    /// <summary>True when somebody may be asleep on it.</summary>
    public bool HasWaiters { get; init; }

    /// <summary>The thread that holds a mutex, as the system numbers it; 0 when it is free.</summary>
    public int OwnerThreadId { get; init; }

    /// <summary>The process of that thread; 0 when it is free or not visible from here.</summary>
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
