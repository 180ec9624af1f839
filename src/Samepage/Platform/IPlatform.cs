namespace Samepage.Platform;

/// <summary>The questions that each operating system answers. The layers above know nothing else of it.</summary>
internal interface IPlatform
{
    /// <summary>Makes a section, or with <paramref name="openExisting"/> takes the one that has the name.</summary>
    SectionBackend CreateSection(ObjectName? name, in SectionRequest request, bool openExisting, out bool created);

    /// <summary>Null when no object of that name is alive; any other obstacle is an exception.</summary>
    SectionBackend? TryOpenSection(ObjectName name, MemoryAccess access, SharedObjectKind kind);

    /// <summary>Takes a section that was inherited or handed over as text.</summary>
    SectionBackend AdoptSection(string handle);

    /// <summary>Where so many bytes of address space are free at this moment; another thread may take them in the next.</summary>
    nint FindFreeAddress(long length, string? section);

    MutexBackend CreateMutex(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created);
    MutexBackend? TryOpenMutex(ObjectName name);

    /// <summary>What a lock that flows hold is in listings.</summary>
    SharedObjectKind FlowLockKind { get; }

    /// <summary>A lock, or with <paramref name="openExisting"/> the one that has the name, to be held by flows.</summary>
    FlowLockBackend CreateFlowLock(ObjectName name, SharedAccess access, bool openExisting, out bool created);
    FlowLockBackend? TryOpenFlowLock(ObjectName name);

    EventBackend CreateEvent(ObjectName name, bool initiallySet, EventResetMode mode, SharedAccess access, bool openExisting, out bool created);
    EventBackend? TryOpenEvent(ObjectName name);

    /// <summary>A manual-reset event, not set, that only this process has: for what must be waited for beside named objects.</summary>
    EventBackend CreateUnnamedEvent();

    SemaphoreBackend CreateSemaphore(ObjectName name, int initial, int maximum, SharedAccess access, bool openExisting, out bool created);
    SemaphoreBackend? TryOpenSemaphore(ObjectName name);

    /// <summary>Takes the first that is signalled. Null: cancelled.</summary>
    WaitResult? WaitAny(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index);

    /// <summary>As <see cref="WaitAny"/>, with handles of .NET among them: at each index either a backend or a handle. A handle is only taken if it is the answer.</summary>
    WaitResult? WaitAnyWithHandles(
        ReadOnlySpan<WaitableBackend?> backends, ReadOnlySpan<WaitHandle?> handles, TimeSpan timeout, CancellationToken token, out int index);

    /// <summary>Takes all or none. Null: cancelled. The index is that of the first abandoned mutex, or -1.</summary>
    WaitResult? WaitAll(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index);

    /// <summary>As <see cref="WaitAny"/>, without a thread that waits. The first look has been taken, in vain; the time is not zero.</summary>
    AsyncWait WaitAnyAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token);

    /// <summary>As <see cref="WaitAll"/>, without a thread that waits. The first look has been taken, in vain; the time is not zero.</summary>
    AsyncWait WaitAllAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token);

    /// <summary>Who takes part in a named section.</summary>
    IParticipation ParticipationIn(SectionBackend section);

    /// <summary>Who takes part in a named mutex, event or semaphore.</summary>
    IParticipation ParticipationIn(WaitableBackend waitable);

    /// <summary>The id by which others know whether this process lives, the same for its whole life; never 0.</summary>
    ulong ProcessLife(SharedObjectScope scope);

    /// <summary>
    /// Calls <paramref name="gone"/> once, on a thread of the library, when all of that process has ended. Null: it has. Disposing ends the watch: no call
    /// begins after it, and one that has begun may still be running. The library keeps the watch until then.
    /// </summary>
    /// <param name="scope">That of the id.</param>
    /// <param name="life">What the process has from <see cref="ProcessLife"/>; this process's own never ends.</param>
    /// <param name="gone">Is short, since others wait for that thread, and does not throw.</param>
    /// <remarks>On Windows it is told when that process's thread has ended that stands for it; another of its threads may be about to end then.</remarks>
    IDisposable? WatchProcess(SharedObjectScope scope, ulong life, Action gone);

    /// <summary>Makes this process one that <see cref="TryReachAll"/> of other processes reaches. False: this system has no such barrier.</summary>
    bool TryBecomeReachable();

    /// <summary>When it returns, every running thread of every reachable process has passed a full memory barrier since the call. False: it could not.</summary>
    bool TryReachAll();

    IInspector Inspector { get; }
}
