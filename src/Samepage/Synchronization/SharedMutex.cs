using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage;

/// <summary>A named lock, owned by one thread at a time, as often as that thread takes it (W30).</summary>
/// <remarks>
/// When the owning thread or its process ends without releasing it, the next waiter gets it at once and is told:
/// <see cref="WaitResult.Abandoned"/> (W31). A thread that closes its last handle while it owns the mutex still owns it.
/// A mutex cannot be held across an <c>await</c>: the continuation may run on another thread.
/// </remarks>
public sealed class SharedMutex : SharedWaitable
{
    private readonly MutexBackend _backend;

    private SharedMutex(MutexBackend backend)
        : base(backend) => _backend = backend;

    /// <summary>Makes a new mutex.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="initiallyOwned">True: the calling thread owns it before anyone else can.</param>
    /// <param name="access">Who may open it (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    public static SharedMutex Create(string name, bool initiallyOwned = false, SharedAccess access = SharedAccess.User) =>
        Make(name, initiallyOwned, access, openExisting: false, out _);

    /// <summary>Makes the mutex, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="initiallyOwned">True: if it is new, the calling thread owns it.</param>
    /// <param name="access">Who may open a new one.</param>
    public static SharedMutex CreateOrOpen(string name, out bool created, bool initiallyOwned = false, SharedAccess access = SharedAccess.User) =>
        Make(name, initiallyOwned, access, openExisting: true, out created);

    /// <summary>Makes the mutex, not owned by anyone, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static SharedMutex CreateOrOpen(string name) => CreateOrOpen(name, out _);

    /// <summary>Opens the mutex of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static SharedMutex Open(string name) =>
        TryOpen(name, out SharedMutex? mutex) ? mutex : throw Absent.Of(name, SharedObjectKind.Mutex);

    /// <summary>Opens the mutex of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="mutex">The mutex, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedMutex? mutex)
    {
        MutexBackend? backend = Host.Platform.TryOpenMutex(ObjectName.Parse(name));
        mutex = backend is null ? null : new SharedMutex(backend);
        return mutex is not null;
    }

    /// <summary>True when a mutex of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Mutex;

    /// <summary>Gives up what one wait took; with the last one the next waiter gets the mutex.</summary>
    /// <exception cref="InvalidOperationException">The calling thread does not own it; nothing has changed (W30).</exception>
    public void Release()
    {
        ThrowIfDisposed();
        if (!_backend.Release())
            throw NotOwner();
    }

    /// <summary>Waits for the mutex and releases it at the end of a <c>using</c> block.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Scope EnterScope(CancellationToken cancellationToken = default) =>
        new(this, Wait(cancellationToken) == WaitResult.Abandoned);

    private static SharedMutex Make(string name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created)
    {
        ObjectName parsed = ObjectName.Parse(name);
        CheckAccess(parsed, access);
        return new SharedMutex(Host.Platform.CreateMutex(parsed, initiallyOwned, access, openExisting, out created));
    }

    private InvalidOperationException NotOwner() =>
        new($"Mutex \"{Name}\" is not owned by this thread, so this thread cannot release it. Each wait that returned is released once, on the same thread.")
        {
            HResult = unchecked((int)0x80070120),  // ERROR_NOT_OWNER
        };

    /// <summary>The time during which a thread owns a mutex.</summary>
    public readonly ref struct Scope
    {
        private readonly SharedMutex? _mutex;

        internal Scope(SharedMutex mutex, bool wasAbandoned)
        {
            _mutex = mutex;
            WasAbandoned = wasAbandoned;
        }

        /// <summary>True when the last owner ended without releasing the mutex: what it protects may be half-changed (W31).</summary>
        public bool WasAbandoned { get; }

        /// <summary>Releases the mutex.</summary>
        public void Dispose() => _mutex?.Release();
    }
}
