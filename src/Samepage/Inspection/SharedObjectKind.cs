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

    /// <summary>A lock for many readers or one writer: <see cref="SharedReaderWriterLock"/>.</summary>
    ReaderWriterLock = 5,

    /// <summary>A lock that a flow of calls holds: <see cref="SharedLock"/>. On Windows it is a mutex, to others and in listings.</summary>
    Lock = 6,

    /// <summary>What tells of a participant's end: <see cref="SharedTether"/>. It has no name of its own.</summary>
    Tether = 7,

    /// <summary>A channel between two: a duplex stream of bytes or messages.</summary>
    Pipe = 8,

    /// <summary>A channel from publishers to subscribers, each of whom gets every message.</summary>
    Topic = 9,

    /// <summary>A channel from senders to receivers, each message to one of them.</summary>
    Queue = 10,

    /// <summary>The latest value of something.</summary>
    Cell = 11,

    /// <summary>The latest values of many things, by their keys.</summary>
    CellMap = 12,

    /// <summary>A channel from clients to servers, which answer: requests and responses.</summary>
    Service = 13,
}
