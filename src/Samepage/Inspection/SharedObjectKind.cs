namespace Samepage;

/// <summary>The kinds of named object. All kinds share one namespace (W07).</summary>
public enum SharedObjectKind
{
    /// <summary>Shared memory: <see cref="SharedMemory"/>.</summary>
    Section = 1,

    /// <summary>A lock: <see cref="SharedMutex"/>.</summary>
    Mutex = 2,

    /// <summary>A signal: <see cref="SharedEvent"/>.</summary>
    Event = 3,

    /// <summary>A counter of permits: <see cref="SharedSemaphore"/>.</summary>
    Semaphore = 4,
}
