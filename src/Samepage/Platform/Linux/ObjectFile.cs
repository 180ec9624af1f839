using System.Runtime.InteropServices;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>
/// One open file description of an object file, with the shared lock that keeps the object alive. Closing it, in whatever way the
/// process ends, drops the lock; closing it in an orderly way removes the file if nobody else holds it.
/// </summary>
/// <remarks>The protocol and its proof are in docs/design/lifetime.md. Handles and views count their references to it.</remarks>
internal sealed class ObjectFile : SafeHandle
{
    // By descriptor, so that a handle that was forgotten can still be finalized.
    private static readonly Dictionary<int, Entry> _open = [];
    private static readonly Lock _gate = new();
    private readonly Entry? _entry;

    static ObjectFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) => LeaveAll();

    /// <summary>The file of an anonymous object, which has no name to give up.</summary>
    public ObjectFile(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <param name="descriptor">Holds the shared lock.</param>
    /// <param name="directory">Where the name is.</param>
    /// <param name="fileName">The encoded name.</param>
    /// <param name="writable">Whether the descriptor may take the lock exclusively.</param>
    public ObjectFile(int descriptor, ObjectDirectory directory, byte[] fileName, bool writable)
        : this(descriptor)
    {
        _entry = new Entry(directory, fileName, writable);
        lock (_gate)
            _open.Add(descriptor, _entry);
    }

    /// <summary>The same object through another open file description, whose lock is taken here.</summary>
    public ObjectFile Reopened(int descriptor, bool writable)
    {
        if (_entry is null)
            return new ObjectFile(descriptor);
        LifeLock.Join(descriptor, PathName);
        return new ObjectFile(descriptor, _entry.Directory, _entry.FileName, writable);
    }

    private string PathName => _entry!.Directory.PathOf(_entry.FileName);

    /// <summary>
    /// With the name, give back the memory at once: for a file that stays mapped until its last user is collected, and whose contents nobody
    /// needs any more.
    /// </summary>
    public bool ReturnsMemory { get; set; }

    /// <summary>Asked when the process ends in good order: true keeps the name until the kernel has ended all of it.</summary>
    public Func<bool>? IsHeldAtExit
    {
        set => _entry!.IsHeldAtExit = value;
    }

    public override bool IsInvalid => handle < 0;

    public int Descriptor => (int)handle;

    /// <summary>Gives the descriptor to another owner, who closes it instead.</summary>
    public int TakeDescriptor()
    {
        int descriptor = Descriptor;
        SetHandleAsInvalid();
        return descriptor;
    }

    protected override bool ReleaseHandle()
    {
        if (_entry is null)
            return LibC.Close(Descriptor) == 0;
        lock (_gate)
            _open.Remove(Descriptor);
        bool removed = TryRemoveName(Descriptor, _entry);
        if (removed && ReturnsMemory)
            _ = LibC.FAllocate(Descriptor, Native.PunchHole, 0, StateBlock.FileLength);
        // The state of a mutex, event or semaphore stays mapped until it is collected, and a mapping keeps the open file description, so
        // closing alone would not drop the lock. One that is lent to a child is never writable: that lock is the child's as well.
        if (_entry.Writable)
            LifeLock.Leave(Descriptor);
        bool closed = LibC.Close(Descriptor) == 0;
        if (!removed)
        {
            CrashSwitch.Reach(CrashPoint.CloseDropped);
            // Two may have closed at once, each hindered by the other's lock: whose lock was dropped last finds the file without holders here.
            _ = _entry.Directory.Reap(_entry.FileName);
        }
        return closed;
    }

    /// <summary>Whoever gets the lock alone is the last holder and removes the name.</summary>
    private static bool TryRemoveName(int descriptor, Entry entry)
    {
        if (!entry.Writable || !LifeLock.TryHoldAlone(descriptor))
        {
            CrashSwitch.Reach(CrashPoint.CloseHindered);
            return false;
        }
        CrashSwitch.Reach(CrashPoint.CloseLocked);
        _ = entry.Directory.Unlink(descriptor, entry.FileName);
        CrashSwitch.Reach(CrashPoint.CloseUnlinked);
        return true;
    }

    /// <summary>
    /// The process ends in good order without having closed everything: names that nobody else holds are given up now. The descriptors
    /// are left to the kernel, because other threads may still be using what is mapped.
    /// </summary>
    private static void LeaveAll()
    {
        lock (_gate)
        {
            foreach ((int descriptor, Entry entry) in _open)
            {
                if (entry.IsHeldAtExit?.Invoke() == true)
                    continue;
                if (TryRemoveName(descriptor, entry))
                    continue;
                // As in an orderly close: of those who hinder each other, other handles of this process among them, the last one must not.
                if (entry.Writable)
                    LifeLock.Leave(descriptor);
                _ = entry.Directory.Reap(entry.FileName);
            }
        }
    }

    private sealed record Entry(ObjectDirectory Directory, byte[] FileName, bool Writable)
    {
        public Func<bool>? IsHeldAtExit { get; set; }
    }
}
