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
    nint FindFreeAddress(long length);

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

    IInspector Inspector { get; }
}
