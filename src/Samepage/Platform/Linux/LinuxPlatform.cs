using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;
using Samepage.Platform.Linux.Watching;

namespace Samepage.Platform.Linux;

/// <summary>Linux with the C library's robust futexes: object files on tmpfs, locks on open file descriptions, futexes.</summary>
internal sealed class LinuxPlatform : IPlatform
{
    public IInspector Inspector { get; } = new LinuxInspector();

    public SectionBackend CreateSection(ObjectName? name, in SectionRequest request, bool openExisting, out bool created) =>
        SectionFactory.Create(name, request, openExisting, out created);

    public SectionBackend? TryOpenSection(ObjectName name, MemoryAccess access, SharedObjectKind kind) => SectionFactory.TryOpen(name, access, kind);

    public SectionBackend AdoptSection(string handle) => SectionHandleText.Adopt(handle);

    public nint FindFreeAddress(long length, string? section) => LinuxView.FindFreeAddress(length, section);

    public MutexBackend CreateMutex(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created) =>
        WaitableFactory.CreateMutex(name, initiallyOwned, access, openExisting, out created);

    public MutexBackend? TryOpenMutex(ObjectName name) => WaitableFactory.TryOpenMutex(name);

    public SharedObjectKind FlowLockKind => SharedObjectKind.Lock;

    public FlowLockBackend CreateFlowLock(ObjectName name, SharedAccess access, bool openExisting, out bool created) =>
        WaitableFactory.CreateFlowLock(name, access, openExisting, out created);

    public FlowLockBackend? TryOpenFlowLock(ObjectName name) => WaitableFactory.TryOpenFlowLock(name);

    public EventBackend CreateEvent(
        ObjectName name, bool initiallySet, EventResetMode mode, SharedAccess access, bool openExisting, out bool created) =>
        WaitableFactory.CreateEvent(name, initiallySet, mode, access, openExisting, out created);

    public EventBackend? TryOpenEvent(ObjectName name) => WaitableFactory.TryOpenEvent(name);

    public EventBackend CreateUnnamedEvent() => WaitableFactory.CreateUnnamedEvent();

    public SemaphoreBackend CreateSemaphore(
        ObjectName name, int initial, int maximum, SharedAccess access, bool openExisting, out bool created) =>
        WaitableFactory.CreateSemaphore(name, initial, maximum, access, openExisting, out created);

    public SemaphoreBackend? TryOpenSemaphore(ObjectName name) => WaitableFactory.TryOpenSemaphore(name);

    public WaitResult? WaitAny(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index) =>
        AnyWait.Wait(backends, timeout, token, out index);

    public WaitResult? WaitAnyWithHandles(
        ReadOnlySpan<WaitableBackend?> backends, ReadOnlySpan<WaitHandle?> handles, TimeSpan timeout, CancellationToken token, out int index) =>
        HandleWait.Any(backends, handles, timeout, token, out index);

    public WaitResult? WaitAll(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index) =>
        AllWait.Wait(backends, timeout, token, out index);

    public AsyncWait WaitAnyAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token) =>
        PendingWait.Begin(backends, forAll: false, timeout, token);

    public AsyncWait WaitAllAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token) =>
        PendingWait.Begin(backends, forAll: true, timeout, token);

    public ulong ProcessLife(SharedObjectScope scope) => HeldTether.OfProcess(scope);

    public IDisposable? WatchProcess(SharedObjectScope scope, ulong life, Action gone) => WatchedProcess.Begin(scope, life, gone);

    public bool TryBecomeReachable() => ProcessBarrier.TryRegister();

    public bool TryReachAll() => ProcessBarrier.TryPass();

    public IParticipation ParticipationIn(SectionBackend section) =>
        new LinuxParticipation(((LinuxSection)section).Identity, section.Info);

    public IParticipation ParticipationIn(WaitableBackend waitable)
    {
        WaitBlock block = FutexObject.Of(waitable).Block;
        return new LinuxParticipation(new ObjectIdentity(block.Identity.Inode, block.Description.Created.UtcTicks), waitable.Info);
    }
}
