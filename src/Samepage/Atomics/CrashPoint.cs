namespace Samepage.Atomics;

/// <summary>
/// Every place after a store, or a call into the system, that another process can see. A debug build can be told to die at any of them;
/// the crash tests enumerate this list, so a protocol step without a name here is a step without a test.
/// </summary>
/// <remarks>docs/reliability/crash-points.md is made of this list: the comments over the groups, and what each point says.</remarks>
internal enum CrashPoint
{
    /// <summary>Nowhere.</summary>
    None = 0,

    // Lifetime: ObjectDirectory and ObjectFile.
    /// <summary>The file of a new object is there, without a name and empty.</summary>
    PublishFileMade,
    /// <summary>The header of a new object stands in its file, which has no name.</summary>
    PublishHeaderWritten,
    /// <summary>The file of a new object has its memory, and no name.</summary>
    PublishPayloadReserved,
    /// <summary>Its maker holds the file of a new object, which has no name.</summary>
    PublishLocked,
    /// <summary>A new object has its name; its maker does not know it yet.</summary>
    PublishLinked,
    /// <summary>A file that may be an object's is open, and not held.</summary>
    OpenFileOpened,
    /// <summary>The file of an object that is being opened is held; whether it still has the name is not known.</summary>
    OpenLocked,
    /// <summary>What was opened is the object of that name, and held.</summary>
    OpenVerified,
    /// <summary>Who found an object without holders holds it alone, and will remove its name.</summary>
    ReapLocked,
    /// <summary>The name of an object without holders is gone; who removed it still holds the file.</summary>
    ReapUnlinked,
    /// <summary>Who closes found another holder and leaves the name; it still holds the object itself.</summary>
    CloseHindered,
    /// <summary>The last holder holds the object alone, and will remove its name.</summary>
    CloseLocked,
    /// <summary>The last holder has removed the name, and still holds the file.</summary>
    CloseUnlinked,
    /// <summary>This process does not hold the object any more; others do.</summary>
    CloseDropped,

    // Tethers: HeldTether.
    /// <summary>The pipe of a tether is there, under a name; nobody holds it.</summary>
    TetherMade,
    /// <summary>The end of a tether by which it is held is open; nobody holds the lock on it.</summary>
    TetherOpened,
    /// <summary>A tether that is being made is locked.</summary>
    TetherLocked,
    /// <summary>The holder's thread has the descriptor of its tether.</summary>
    TetherTaken,
    /// <summary>Only the holder's thread has the descriptor of its tether: it ends with the process.</summary>
    TetherHandedOver,
    /// <summary>A tether says that it ends in good order.</summary>
    TetherMarked,
    /// <summary>The name of a tether that ends in good order is gone.</summary>
    TetherUnlinked,
    /// <summary>A tether has ended in good order.</summary>
    TetherClosed,

    // Sections: LinuxSection and CommittedCounter.
    /// <summary>There is memory for more of a section, and its header does not say so.</summary>
    CommitReserved,
    /// <summary>The header of a section says how much memory it has now.</summary>
    CommitPublished,

    // Mutex: FutexMutex and RobustFutex.
    /// <summary>The kernel knows that this thread is about to change the word, and nothing is changed.</summary>
    MutexPending,
    /// <summary>The word names this thread, whose list does not have it yet.</summary>
    MutexTaken,
    /// <summary>The word names this thread, and its list has it.</summary>
    MutexLinked,
    /// <summary>The mutex is held.</summary>
    MutexEntered,
    /// <summary>The word says that somebody waits; this thread does not sleep yet.</summary>
    MutexWaitersMarked,
    /// <summary>This thread was woken, and has taken nothing.</summary>
    MutexWoken,
    /// <summary>The kernel knows that the owner is about to release; the word still names it.</summary>
    MutexLeaving,
    /// <summary>The list of the owner does not have the mutex any more; the word still names it.</summary>
    MutexUnlinked,
    /// <summary>The word names nobody; the release has not returned.</summary>
    MutexReleased,
    /// <summary>The word names nobody and keeps the waiters' mark; one sleeper was woken.</summary>
    MutexHandedOver,
    /// <summary>Nobody slept, and the waiters' mark of a free word is gone.</summary>
    MutexWaitersCleared,
    /// <summary>Who slept and does not take the mutex has woken the next one.</summary>
    MutexPassedOn,
    /// <summary>What a wait for all had of the mutex is given up; the next sleeper is not woken yet.</summary>
    MutexSetFree,

    // Lock that flows hold: FlowLock and LockShare.
    /// <summary>This process has a place in the lock.</summary>
    LockPlaceTaken,
    /// <summary>The word names this process's place.</summary>
    LockTaken,
    /// <summary>The word says that somebody sleeps; this thread does not yet.</summary>
    LockMarked,
    /// <summary>A sleeper was woken, and has taken nothing.</summary>
    LockWoken,
    /// <summary>The lock is free, and nobody slept.</summary>
    LockReleased,
    /// <summary>The lock is free, and all sleepers were woken.</summary>
    LockHandedOver,
    /// <summary>Who was told that the holder died has woken all sleepers; the word names the dead one, and does not say that anybody sleeps.</summary>
    LockUnmarked,
    /// <summary>The word does not name a dead holder any more, and says that one died.</summary>
    LockHealed,
    /// <summary>The word says that its holder, which died in a wait for all, will have died with the lock; it names that one still.</summary>
    LockMarkedDied,
    /// <summary>What a dead one's wait for all had of the lock is free, all sleepers were woken, and the word beside it still says that it is withheld.</summary>
    LockSetFree,

    // Reader-writer lock: ReaderWriterMemory.
    /// <summary>The memory of a new lock says who may use it.</summary>
    AccessNoted,
    /// <summary>Writers look at one more place of a reader.</summary>
    ReaderPlaceRaised,
    /// <summary>The lock says that somebody writes.</summary>
    WriterMarked,
    /// <summary>The lock says that nobody writes any more; its turn is not given back.</summary>
    WriterCleared,

    // Event: FutexAutoEvent and FutexManualEvent.
    /// <summary>The kernel knows that this thread is about to change or to wait for the event, and nothing is changed.</summary>
    EventPending,
    /// <summary>The event is set; nobody was woken.</summary>
    EventSet,
    /// <summary>The event is set, and one sleeper was woken.</summary>
    EventWoke,
    /// <summary>The event is set, and all sleepers were woken, in one step.</summary>
    EventBroadcast,
    /// <summary>The signal is taken; the wait has not returned.</summary>
    EventTaken,
    /// <summary>The event is not set any more.</summary>
    EventReset,

    // Waiting for an event or a semaphore: SignalWait and FutexManualEvent.
    /// <summary>The word says that somebody sleeps; this thread does not yet.</summary>
    SignalWaitersMarked,
    /// <summary>A sleeper was woken, and has taken nothing.</summary>
    SignalWoken,

    // Waiting for several: AnyWait, AllWait and the sentinels.
    /// <summary>The word says that somebody sleeps who waits for several; this thread does not yet.</summary>
    SeveralMarked,
    /// <summary>Who waits for several was woken, and has taken nothing.</summary>
    SeveralWoken,

    // Taking all of several: AllTaking, Withholding and Journal.
    /// <summary>One more object of the wait is claimed: nobody else takes anything of it by a wait for all.</summary>
    AllClaimed,
    /// <summary>A claimed object says whose attempt it is.</summary>
    AllRecorded,
    /// <summary>One more object is withheld: taken, unless it is decided otherwise.</summary>
    AllWithheld,
    /// <summary>The journal says that all are taken.</summary>
    AllDecided,
    /// <summary>One more object that was decided is taken for good.</summary>
    AllConfirmed,
    /// <summary>One more object that was withheld is as before.</summary>
    AllGivenBack,
    /// <summary>The journal does not need the attempt any more.</summary>
    AllFinished,
    /// <summary>An object that a dead one withheld is taken or as before, as that one had decided.</summary>
    AllSettled,

    // Semaphore: FutexSemaphore.
    /// <summary>The kernel knows that this thread is about to change or to wait for the semaphore, and nothing is changed.</summary>
    SemaphorePending,
    /// <summary>All sleepers were woken, for permits that are not given yet.</summary>
    SemaphoreAnnounced,
    /// <summary>The permits are given; nobody was woken.</summary>
    SemaphoreReleased,
    /// <summary>The permits are given, and one sleeper was woken.</summary>
    SemaphoreWoke,
    /// <summary>A permit is taken; who else could take one was not woken.</summary>
    SemaphoreTaken,
    /// <summary>A permit is taken, and the next sleeper was woken.</summary>
    SemaphoreHandedOn,

    // Lane: LaneState and LaneWriter.
    /// <summary>A lane is this process's, or somebody else was faster.</summary>
    LaneOwned,
    /// <summary>A lane is nobody's any more.</summary>
    LaneLeft,
    /// <summary>A lane says that it has more memory.</summary>
    LaneGrown,
    /// <summary>A lane says where its next chunk begins.</summary>
    ChunkBegun,
    /// <summary>Nobody may begin to read in a chunk any more that will be overwritten.</summary>
    ChunkGivenUp,
    /// <summary>The place behind a record is cleared; the record has no header yet.</summary>
    RecordCleared,
    /// <summary>A record is there; nobody was woken.</summary>
    RecordCommitted,
    /// <summary>The records of a batch are there; nobody was woken.</summary>
    BatchCommitted,

    // Places of a channel: ChannelMemory, ReaderState and Sleepers.
    /// <summary>Those who have news look whether this end sleeps.</summary>
    SleeperCareful,
    /// <summary>Those who have news need not look whether this end sleeps.</summary>
    SleeperCareless,
    /// <summary>This end says that it sleeps, and looks once more.</summary>
    SleeperAsleep,
    /// <summary>This end says that it does not sleep.</summary>
    SleeperAwake,
    /// <summary>Others look at one more lane or reader.</summary>
    PlacesCounted,
    /// <summary>A reader's place is this process's, or somebody else was faster.</summary>
    ReaderOwned,
    /// <summary>A reader's place is nobody's any more.</summary>
    ReaderLeft,
    /// <summary>A reader holds up nobody before this position any more.</summary>
    ReaderMoved,
    /// <summary>Who wrote to the mailbox before does not write to its new reader; nobody else does yet.</summary>
    TenureBegun,
    /// <summary>What was left in the mailbox is cleared away, and whoever opens it writes to its new reader.</summary>
    TenureOpened,
    /// <summary>The first page of a new channel is written, and not valid.</summary>
    ChannelPrepared,
    /// <summary>The first page of a new channel is valid.</summary>
    ChannelReady,

    // Queue: QueueLane.
    /// <summary>A message says who has it; the next one is not the first to be taken yet.</summary>
    QueueTaken,
    /// <summary>A message is taken, and the next one is the first to be taken.</summary>
    QueueMoved,
    /// <summary>A message that somebody has is not the first to be taken any more.</summary>
    QueuePassed,
    /// <summary>A message is read.</summary>
    QueueFinished,
    /// <summary>The room of finished messages is the sender's.</summary>
    QueueFreed,
    /// <summary>The first to be taken is a message that is about to be given back; it still says who has it.</summary>
    QueueMovedBack,
    /// <summary>A message waits again.</summary>
    QueueReturned,

    // Cell: CellSlots, CellPin and CellMapTable.
    /// <summary>A slot has no value any more and will have a new one.</summary>
    CellSlotBegun,
    /// <summary>A slot has a new value, which is not the cell's.</summary>
    CellSlotFilled,
    /// <summary>The new value is the cell's; nobody was woken.</summary>
    CellPublished,
    /// <summary>A reader wants to keep a value, and does not say which.</summary>
    CellPinAsked,
    /// <summary>A writer has said which value the reader keeps, or the reader was faster.</summary>
    CellPinGiven,
    /// <summary>A reader keeps a value.</summary>
    CellPinTaken,
    /// <summary>A reader does not keep a value any more.</summary>
    CellPinLeft,
    /// <summary>A map of cells says that one more row has been used.</summary>
    CellRowUsed,
    /// <summary>A row of a map has a key, and is no entry.</summary>
    CellEntryNamed,
    /// <summary>A map of cells has a new entry.</summary>
    CellEntryAdded,
    /// <summary>A map of cells has an entry less.</summary>
    CellEntryRemoved,

    // Pipe: Rendezvous and RequestState.
    /// <summary>A client asks for a connection; the listener was not woken.</summary>
    RequestAsked,
    /// <summary>A listener has a request in hand.</summary>
    RequestTaken,
    /// <summary>A listener has refused a request; the client was not woken.</summary>
    RequestRefused,
    /// <summary>A client's place has no request any more.</summary>
    RequestCleared,
    /// <summary>A new listener has dropped what an earlier one was asked; the client was not woken.</summary>
    RequestDropped,

    // Service: CallSlot and ServiceLane.
    /// <summary>Servers look at one more place for a call.</summary>
    CallPlaceUsed,
    /// <summary>A call waits; no server was woken.</summary>
    CallAsked,
    /// <summary>A server has the call, or another one was faster.</summary>
    CallTaken,
    /// <summary>The call is answered or has failed; the client was not woken.</summary>
    CallAnswered,
    /// <summary>Nobody wants the answer to a call that a server has.</summary>
    CallWithdrawn,
    /// <summary>The client's place for a call is free.</summary>
    CallFreed,
    /// <summary>A server has given up a call that nobody wanted.</summary>
    CallReleased,
    /// <summary>Who found a call with a dead server has said so; the client was not woken.</summary>
    CallBuried,
    /// <summary>One more response of a stream can be read; the client was not woken.</summary>
    PartWritten,
    /// <summary>The room of a response that was read is the server's.</summary>
    PartRead,
    /// <summary>The call says whether its server waits for room.</summary>
    RoomWanted,
}
