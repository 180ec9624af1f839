using Samepage.Platform.Windows.Tethers;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows;

/// <summary>Windows: the system's own named objects, by the very names given.</summary>
internal sealed class WindowsPlatform : IPlatform
{
    public IInspector Inspector { get; } = new WindowsInspector();

    public SectionBackend CreateSection(ObjectName? name, in SectionRequest request, bool openExisting, out bool created) =>
        SectionFactory.Create(name, request, openExisting, out created);

    public SectionBackend? TryOpenSection(ObjectName name, MemoryAccess access, SharedObjectKind kind) => SectionFactory.TryOpen(name, access, kind);

    public SectionBackend AdoptSection(string handle) => SectionHandleText.Adopt(handle);

    public nint FindFreeAddress(long length, string? section) => WindowsView.FindFreeAddress(length, section);

    public MutexBackend CreateMutex(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created) =>
        WaitableFactory.CreateMutex(name, initiallyOwned, access, openExisting, out created);

    public MutexBackend? TryOpenMutex(ObjectName name) => WaitableFactory.TryOpenMutex(name);

    public SharedObjectKind FlowLockKind => SharedObjectKind.Mutex;

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
        FlowWait.IsFor(backends)
            ? FlowWait.For(backends, all: false, timeout, token, out index)
            : KernelWaitSeveral.Any(backends, timeout, token, out index);

    public WaitResult? WaitAnyWithHandles(
        ReadOnlySpan<WaitableBackend?> backends, ReadOnlySpan<WaitHandle?> handles, TimeSpan timeout, CancellationToken token, out int index) =>
        ForeignHandle.WaitAny(backends, handles, timeout, token, out index);

    public WaitResult? WaitAll(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index) =>
        FlowWait.IsFor(backends)
            ? FlowWait.For(backends, all: true, timeout, token, out index)
            : KernelWaitSeveral.All(backends, timeout, token, out index);

    // For one flow lock alone the keepers' threads are enough.
    public AsyncWait WaitAnyAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token) =>
        backends.Length > 1 && FlowWait.IsFor(backends)
            ? PendingFlow.Begin(backends, all: false, timeout, token)
            : PendingAny.Begin(backends, timeout, token);

    public AsyncWait WaitAllAsync(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token) =>
        FlowWait.IsFor(backends)
            ? PendingFlow.Begin(backends, all: true, timeout, token)
            : PendingAll.Begin(backends, timeout, token);

    public ulong ProcessLife(SharedObjectScope scope) => ProcessMutex.Life(scope);

    public IDisposable? WatchProcess(SharedObjectScope scope, ulong life, Action gone) => WatchedProcess.Begin(scope, life, gone);

    // FlushProcessWriteBuffers reaches the calling process alone.
    public bool TryBecomeReachable() => false;

    public bool TryReachAll() => false;

    public IParticipation ParticipationIn(SectionBackend section) => new WindowsParticipation(section.Info);

    public IParticipation ParticipationIn(WaitableBackend waitable) => new WindowsParticipation(waitable.Info);
}
