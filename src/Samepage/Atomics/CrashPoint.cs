namespace Samepage.Atomics;

/// <summary>
/// Every place after a store, or a call into the system, that another process can see. A debug build can be told to die at any of them;
/// the crash tests enumerate this list, so a protocol step without a name here is a step without a test.
/// </summary>
internal enum CrashPoint
{
    None = 0,

    // Lifetime: ObjectDirectory and ObjectFile.
    PublishFileMade,
    PublishHeaderWritten,
    PublishPayloadReserved,
    PublishLocked,
    PublishLinked,
    OpenFileOpened,
    OpenLocked,
    OpenVerified,
    ReapLocked,
    ReapUnlinked,
    CloseLocked,
    CloseUnlinked,
    CloseDropped,

    // Sections.
    CommitReserved,
    CommitPublished,

    // Mutex.
    MutexPending,
    MutexTaken,
    MutexLinked,
    MutexEntered,
    MutexWaitersMarked,
    MutexWoken,
    MutexLeaving,
    MutexUnlinked,
    MutexReleased,
    MutexHandedOver,
    MutexWaitersCleared,

    // Event.
    EventPending,
    EventSet,
    EventWoke,
    EventSettled,
    EventTaken,
    EventReset,

    // Waiting for an event or a semaphore.
    SignalWaitersMarked,
    SignalWoken,

    // Semaphore.
    SemaphorePending,
    SemaphoreReleased,
    SemaphoreWoke,
    SemaphoreTaken,
    SemaphoreHandedOn,
}
