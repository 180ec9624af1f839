using Samepage.Layout;
using Samepage.Platform.Linux.Locks;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>Makes and opens mutexes, events and semaphores.</summary>
internal static class WaitableFactory
{
    private static readonly SegmentDescription _unnamed = SegmentDescription.Of(
        new ObjectDraft { Kind = SharedObjectKind.Event, Flags = SegmentFlags.ManualReset, ThreadIdSpace = ThreadIdSpace.Current }, null);

    public static MutexBackend CreateMutex(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created)
    {
        var draft = new ObjectDraft { Kind = SharedObjectKind.Mutex, Access = access, ThreadIdSpace = ThreadIdSpace.Current };
        if (initiallyOwned)
            return CreateOwned(name, draft, openExisting, out created);
        (WaitBlock block, SharedObjectInfo info) = Create(name, draft, openExisting, out created);
        return new FutexMutex(block, info);
    }

    /// <summary>
    /// A mutex that its maker owns before anyone else can see it, and that the kernel already looks after then: whenever the maker dies,
    /// there is either no mutex or an abandoned one.
    /// </summary>
    private static FutexMutex CreateOwned(ObjectName name, ObjectDraft draft, bool openExisting, out bool created)
    {
        SegmentDescription planned = SegmentDescription.Of(draft, name.Bare);
        WaitBlock? block = null;
        FutexMutex? mutex = null;
        created = false;
        try
        {
            ObjectFile file = ObjectDirectory.Of(name.Scope, create: true)!.CreateOrOpen(
                name, draft, openExisting, out SegmentDescription description, out created, descriptor =>
                {
                    block = new WaitBlock(descriptor, planned);
                    mutex = new FutexMutex(block, SectionFactory.InfoOf(planned, name.Full, name.Scope));
                    _ = mutex.Wait(TimeSpan.Zero, CancellationToken.None);
                });
            if (created)
            {
                block!.Name(file);
                return mutex!;
            }
            (WaitBlock existing, SharedObjectInfo info) = Attach(file, description, name, SharedObjectKind.Mutex);
            return new FutexMutex(existing, info);
        }
        finally
        {
            // Somebody else's mutex got the name: ours was never seen.
            if (!created)
                _ = mutex?.Release();
        }
    }

    public static MutexBackend? TryOpenMutex(ObjectName name) =>
        TryOpen(name, SharedObjectKind.Mutex) is { } found ? new FutexMutex(found.Block, found.Info) : null;

    public static FlowLockBackend CreateFlowLock(ObjectName name, SharedAccess access, bool openExisting, out bool created)
    {
        var draft = new ObjectDraft { Kind = SharedObjectKind.Lock, Access = access, ThreadIdSpace = ThreadIdSpace.Current };
        (WaitBlock block, SharedObjectInfo info) = Create(name, draft, openExisting, out created);
        return new FlowLock(block, info);
    }

    public static FlowLockBackend? TryOpenFlowLock(ObjectName name) =>
        TryOpen(name, SharedObjectKind.Lock) is { } found ? new FlowLock(found.Block, found.Info) : null;

    public static EventBackend CreateEvent(
        ObjectName name, bool initiallySet, EventResetMode mode, SharedAccess access, bool openExisting, out bool created)
    {
        var draft = new ObjectDraft
        {
            Kind = SharedObjectKind.Event,
            ThreadIdSpace = ThreadIdSpace.Current,
            Access = access,
            Flags = mode == EventResetMode.ManualReset ? SegmentFlags.ManualReset : SegmentFlags.None,
            State = !initiallySet ? 0 : mode == EventResetMode.ManualReset ? ManualEventWord.Set : SignalWord.Signaled,
        };
        (WaitBlock block, SharedObjectInfo info) = Create(name, draft, openExisting, out created);
        return EventOf(block, info);
    }

    public static EventBackend? TryOpenEvent(ObjectName name) =>
        TryOpen(name, SharedObjectKind.Event) is { } found ? EventOf(found.Block, found.Info) : null;

    private static EventBackend EventOf(WaitBlock block, SharedObjectInfo info) =>
        (block.Description.Flags & SegmentFlags.ManualReset) != 0 ? new FutexManualEvent(block, info) : new FutexAutoEvent(block, info);

    /// <summary>An event for the waits of this process: no file, no name, and nobody whose life it could prove.</summary>
    public static EventBackend CreateUnnamedEvent() =>
        new FutexManualEvent(new WaitBlock(null, _unnamed), SectionFactory.InfoOf(_unnamed, null, SharedObjectScope.Local));

    public static SemaphoreBackend CreateSemaphore(
        ObjectName name, int initial, int maximum, SharedAccess access, bool openExisting, out bool created)
    {
        var draft = new ObjectDraft
        {
            Kind = SharedObjectKind.Semaphore,
            ThreadIdSpace = ThreadIdSpace.Current,
            Access = access,
            Maximum = (uint)maximum,
            State = SignalWord.Pair((uint)initial, initial > 0 ? SignalWord.Signaled : 0),
        };
        (WaitBlock block, SharedObjectInfo info) = Create(name, draft, openExisting, out created);
        return SemaphoreOf(block, info);
    }

    public static SemaphoreBackend? TryOpenSemaphore(ObjectName name) =>
        TryOpen(name, SharedObjectKind.Semaphore) is { } found ? SemaphoreOf(found.Block, found.Info) : null;

    private static FutexSemaphore SemaphoreOf(WaitBlock block, SharedObjectInfo info)
    {
        try
        {
            return new FutexSemaphore(block, info);
        }
        catch
        {
            // Its maximum cannot be: the handle that was just opened has no owner.
            block.Detach();
            throw;
        }
    }

    private static (WaitBlock Block, SharedObjectInfo Info) Create(ObjectName name, in ObjectDraft draft, bool openExisting, out bool created)
    {
        ObjectFile file = ObjectDirectory.Of(name.Scope, create: true)!
            .CreateOrOpen(name, draft, openExisting, out SegmentDescription description, out created);
        return Attach(file, description, name, draft.Kind);
    }

    private static (WaitBlock Block, SharedObjectInfo Info)? TryOpen(ObjectName name, SharedObjectKind kind)
    {
        ObjectDirectory? directory = ObjectDirectory.Of(name.Scope, create: false);
        return directory is not null
            && directory.TryOpen(name, writable: true, out ObjectFile? file, out SegmentDescription? description) == Presence.Alive
                ? Attach(file!, description!, name, kind)
                : null;
    }

    private static (WaitBlock Block, SharedObjectInfo Info) Attach(
        ObjectFile file, SegmentDescription description, ObjectName name, SharedObjectKind kind)
    {
        try
        {
            if (description.Kind != kind)
                throw WrongKind.Of(name, description.Kind, kind);
            if (kind == SharedObjectKind.Mutex)
                ThreadIdSpace.Require(description, name);
            return (WaitBlock.Attach(file, description), SectionFactory.InfoOf(description, name.Full, name.Scope));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
