using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A mutex as the flows of this process know it: one for all their handles, for as long as anybody has one, waits for it or holds it.</summary>
/// <remarks>
/// Names are one namespace, and an object keeps its name while a handle of it is open, as this one's is: so the name says which object it is, and a handle
/// that is opened later finds what is held already. What is not said otherwise is called under the keepers' gate.
/// </remarks>
internal sealed class FlowMutex
{
    private static readonly Dictionary<(string Directory, string Bare), FlowMutex> _known = [];

    private readonly (string Directory, string Bare) _key;
    private int _users = 1;
    private bool _isHeld;
    private IMutexOwner? _owner;
    private KernelHandle? _releaser;

    private FlowMutex((string Directory, string Bare) key, KernelHandle handle) => (_key, Handle) = (key, handle);

    public KernelHandle Handle { get; }

    /// <summary>The mutex behind a handle that was just opened, for one more user. The handle becomes its own, or is closed. Not under the gate.</summary>
    public static FlowMutex Of(ObjectName name, KernelHandle fresh)
    {
        // In session 0 both scopes are one directory.
        var key = (ObjectNamespace.DirectoryOf(name.Scope), name.Bare);
        lock (WaitKeeper.Gate)
        {
            if (_known.TryGetValue(key, out FlowMutex? known))
            {
                known._users++;
                fresh.Dispose();
                return known;
            }
            var mutex = new FlowMutex(key, fresh);
            _known.Add(key, mutex);
            return mutex;
        }
    }

    /// <summary>Not under the gate: one user more of each flow lock among them, or of none and an exception.</summary>
    public static void EnterAll(ReadOnlySpan<WaitableBackend> backends)
    {
        lock (WaitKeeper.Gate)
        {
            foreach (WaitableBackend backend in backends)
                ObjectDisposedException.ThrowIf(backend is KernelFlowLock { Mutex._users: 0 }, backend);
            foreach (WaitableBackend backend in backends)
                (backend as KernelFlowLock)?.Mutex.Enter();
        }
    }

    /// <summary>Not under the gate.</summary>
    public static void LeaveAll(ReadOnlySpan<WaitableBackend> backends)
    {
        lock (WaitKeeper.Gate)
        {
            foreach (WaitableBackend backend in backends)
                (backend as KernelFlowLock)?.Mutex.Leave();
        }
    }

    /// <summary>One user more: who waits or holds needs no open handle.</summary>
    public void Enter()
    {
        ObjectDisposedException.ThrowIf(_users == 0, this);
        _users++;
    }

    public void Leave()
    {
        if (--_users > 0)
            return;
        _ = _known.Remove(_key);
        Handle.Dispose();
    }

    /// <summary>That thread would get it at once, and again, whoever holds it.</summary>
    public bool IsOwnedBy(IMutexOwner owner) => _owner == owner;

    /// <summary>The owner's thread has taken it for a flow.</summary>
    public void Take(IMutexOwner owner)
    {
        Enter();
        _owner = owner;
        _isHeld = true;
    }

    /// <summary>The owner's thread is to end without releasing it.</summary>
    public bool IsToBeAbandoned { get; private set; }

    /// <summary>By the owner's thread: what was asked for by <see cref="Release"/>.</summary>
    public void GiveUp()
    {
        // First: as soon as it is released, another thread of ours may take it.
        _owner = null;
        if (!IsToBeAbandoned)
            _ = Kernel32.ReleaseMutex(Handle);
        _ = Kernel32.SetEvent(_releaser!);
        _releaser = null;
        Leave();
    }

    /// <summary>Not under the gate, by any thread but an owner's: when it returns true, the mutex is released. False: no flow holds it.</summary>
    /// <param name="abandons">The owner, which owns nothing else, ends instead.</param>
    public bool Release(bool abandons = false)
    {
        KernelHandle released = OwnSignal.Mine;
        lock (WaitKeeper.Gate)
        {
            if (!_isHeld)
                return false;
            _isHeld = false;
            IsToBeAbandoned = abandons;
            _releaser = released;
            _owner!.Release(this);
        }
        _ = OwnSignal.Await(released, Timeout.InfiniteTimeSpan);
        return true;
    }
}
