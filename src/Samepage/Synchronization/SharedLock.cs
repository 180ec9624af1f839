using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Samepage.Platform;

namespace Samepage;

/// <summary>A named lock that a flow of calls holds, not a thread: it may be held across an <c>await</c>, and released by whichever thread comes last (W30).</summary>
/// <remarks>
/// Towards other processes the holder is this process. When it ends, however it ends, the next waiter gets the lock at once and is
/// told: <see cref="WaitResult.Abandoned"/> (W31). Unlike a mutex it is not re-entrant: whoever takes it twice waits for itself.
/// On Windows it is the system's mutex of that name, held by a thread of this library, so a Win32 program shares it.
/// <para>
/// Which to use: <see cref="SharedMutex"/> where the code that holds it never awaits; this one everywhere else.
/// </para>
/// </remarks>
public sealed class SharedLock : SharedWaitable
{
    private readonly FlowLockBackend _backend;

    private SharedLock(FlowLockBackend backend)
        : base(backend) => _backend = backend;

    /// <summary>Makes a new lock, held by nobody.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="access">Who may open it (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    public static SharedLock Create(string name, SharedAccess access = SharedAccess.User) => Make(name, access, openExisting: false, out _);

    /// <summary>Makes the lock, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="access">Who may open a new one.</param>
    public static SharedLock CreateOrOpen(string name, out bool created, SharedAccess access = SharedAccess.User) =>
        Make(name, access, openExisting: true, out created);

    /// <summary>Makes the lock, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static SharedLock CreateOrOpen(string name) => CreateOrOpen(name, out _);

    /// <summary>Opens the lock of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static SharedLock Open(string name) =>
        TryOpen(name, out SharedLock? one) ? one : throw Absent.Of(name, Host.Platform.FlowLockKind);

    /// <summary>Opens the lock of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="opened">The lock, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedLock? opened)
    {
        FlowLockBackend? backend = Host.Platform.TryOpenFlowLock(ObjectName.Parse(name));
        opened = backend is null ? null : new SharedLock(backend);
        return opened is not null;
    }

    /// <summary>True when a lock of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == Host.Platform.FlowLockKind;

    /// <summary>Gives up the lock; the next waiter gets it. May be called by any thread of the process that holds it.</summary>
    /// <exception cref="InvalidOperationException">No flow of this process holds it; nothing has changed.</exception>
    public void Release()
    {
        ThrowIfDisposed();
        if (!_backend.Release())
            throw NotHeld();
    }

    /// <summary>Waits for the lock, with the calling thread, and gives it up when the scope is disposed.</summary>
    /// <param name="cancellationToken">Ends the wait; the lock is not taken then.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Scope EnterScope(CancellationToken cancellationToken = default) =>
        new(this, Wait(cancellationToken) == WaitResult.Abandoned);

    /// <summary>Waits for the lock, without a thread that waits, and gives it up when the scope is disposed.</summary>
    /// <param name="cancellationToken">Ends the wait; the lock is not taken then.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Scope> EnterScopeAsync(CancellationToken cancellationToken = default) =>
        new(this, await WaitAsync(cancellationToken).ConfigureAwait(false) == WaitResult.Abandoned);

    private static SharedLock Make(string name, SharedAccess access, bool openExisting, out bool created)
    {
        ObjectName parsed = ObjectName.Parse(name);
        CheckAccess(parsed, access);
        return new SharedLock(Host.Platform.CreateFlowLock(parsed, access, openExisting, out created));
    }

    private InvalidOperationException NotHeld() =>
        new($"Lock \"{Name}\" is not held by this process through a SharedLock, so it cannot be released. Each wait that returned is released once; what a thread holds through a SharedMutex, that thread releases there.")
        {
            HResult = unchecked((int)0x80070120),  // ERROR_NOT_OWNER
        };

    /// <summary>The time during which a flow holds the lock. To be disposed once, by any thread.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly SharedLock? _lock;

        internal Scope(SharedLock taken, bool wasAbandoned)
        {
            _lock = taken;
            WasAbandoned = wasAbandoned;
        }

        /// <summary>True when the last holder ended without releasing the lock: what it protects may be half-changed (W31).</summary>
        public bool WasAbandoned { get; }

        /// <summary>Releases the lock.</summary>
        public void Dispose() => _lock?.Release();
    }
}
