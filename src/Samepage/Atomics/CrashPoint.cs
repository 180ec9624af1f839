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

    // Tethers: HeldTether.
    TetherMade,
    TetherOpened,
    TetherLocked,
    TetherTaken,
    TetherHandedOver,
    TetherMarked,
    TetherUnlinked,
    TetherClosed,

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
    MutexPassedOn,

    // Lock that flows hold.
    LockPlaceTaken,
    LockTaken,
    LockMarked,
    LockWoken,
    LockReleased,
    LockHandedOver,
    LockHealed,

    // Reader-writer lock.
    ReaderPlaceRaised,
    WriterMarked,
    WriterCleared,

    // Event.
    EventPending,
    EventSet,
    EventWoke,
    EventBroadcast,
    EventTaken,
    EventReset,

    // Waiting for an event or a semaphore.
    SignalWaitersMarked,
    SignalWoken,

    // Waiting for several.
    SeveralMarked,
    SeveralWoken,

    // Taking all of several.
    AllClaimed,
    AllRecorded,
    AllWithheld,
    AllDecided,
    AllConfirmed,
    AllGivenBack,
    AllFinished,
    AllSettled,

    // Semaphore.
    SemaphorePending,
    SemaphoreAnnounced,
    SemaphoreReleased,
    SemaphoreWoke,
    SemaphoreTaken,
    SemaphoreHandedOn,

    // Lane: LaneState and LaneWriter.
    LaneOwned,
    LaneLeft,
    LaneGrown,
    ChunkBegun,
    ChunkGivenUp,
    RecordCleared,
    RecordCommitted,
    BatchCommitted,

    // Ends of a channel that sleep.
    SleeperCareful,
    SleeperAsleep,
    ReaderOwned,
    ReaderLeft,
    ReaderMoved,
    ChannelPrepared,
    ChannelReady,

    // Queue: QueueLane.
    QueueTaken,
    QueueMoved,
    QueueFinished,
    QueueFreed,
    QueueMovedBack,
    QueueReturned,

    // Cell: CellSlots and CellPin.
    CellSlotBegun,
    CellSlotFilled,
    CellPublished,
    CellPinAsked,
    CellPinGiven,
    CellPinTaken,
    CellPinLeft,
    CellEntryNamed,
    CellEntryAdded,
    CellEntryRemoved,

    // Pipe.
    RequestAsked,
    RequestTaken,
    RequestRefused,
    RequestCleared,

    // Service: CallSlot.
    CallAsked,
    CallTaken,
    CallAnswered,
    CallWithdrawn,
    CallFreed,
    CallReleased,
    CallBuried,
    PartWritten,
    PartRead,
    RoomWanted,
}
