using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage;

/// <summary>A named counter of permits (W33): each wait takes one, a release gives some back.</summary>
/// <remarks>
/// A permit that was taken is not given back when its taker dies: unlike a mutex, a semaphore does not know who took it.
/// A permit on its way to a waiter that dies goes to another one (W35).
/// </remarks>
public sealed class SharedSemaphore : SharedWaitable
{
    private readonly SemaphoreBackend _backend;

    private SharedSemaphore(SemaphoreBackend backend)
        : base(backend) => _backend = backend;

    /// <summary>Makes a new semaphore.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="initialCount">Permits at the start, from 0 to <paramref name="maximumCount"/>.</param>
    /// <param name="maximumCount">The most permits there may be, at least 1.</param>
    /// <param name="access">Who may open it (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    public static SharedSemaphore Create(string name, int initialCount, int maximumCount, SharedAccess access = SharedAccess.User) =>
        Make(name, initialCount, maximumCount, access, openExisting: false, out _);

    /// <summary>Makes the semaphore, or opens the one that has the name; then its own counts win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="initialCount">Permits of a new one at the start.</param>
    /// <param name="maximumCount">The most permits of a new one.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="access">Who may open a new one.</param>
    public static SharedSemaphore CreateOrOpen(
        string name, int initialCount, int maximumCount, out bool created, SharedAccess access = SharedAccess.User) =>
        Make(name, initialCount, maximumCount, access, openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, int, int, out bool, SharedAccess)"/>
    public static SharedSemaphore CreateOrOpen(string name, int initialCount, int maximumCount) =>
        CreateOrOpen(name, initialCount, maximumCount, out _);

    /// <summary>Opens the semaphore of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static SharedSemaphore Open(string name) =>
        TryOpen(name, out SharedSemaphore? semaphore) ? semaphore : throw Absent.Of(name, SharedObjectKind.Semaphore);

    /// <summary>Opens the semaphore of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="semaphore">The semaphore, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedSemaphore? semaphore)
    {
        SemaphoreBackend? backend = Host.Platform.TryOpenSemaphore(ObjectName.Parse(name));
        semaphore = backend is null ? null : new SharedSemaphore(backend);
        return semaphore is not null;
    }

    /// <summary>True when a semaphore of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Semaphore;

    /// <summary>The most permits there may be.</summary>
    public int MaximumCount
    {
        get
        {
            ThrowIfDisposed();
            return _backend.Maximum;
        }
    }

    /// <summary>Gives permits back.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>How many there were before.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there would be more than the maximum; nothing has changed.</exception>
    public int Release(int count = 1)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return _backend.Release(count, out int before)
            ? before
            : throw new SharedObjectException(FailureReason.LimitReached,
                $"Releasing {count:N0} would leave semaphore \"{Name}\" with {(long)before + count:N0} permits; its maximum is {MaximumCount:N0}. Nothing has changed. Release only what a wait took.",
                Name, SharedObjectKind.Semaphore);
    }

    private static SharedSemaphore Make(
        string name, int initialCount, int maximumCount, SharedAccess access, bool openExisting, out bool created)
    {
        ObjectName parsed = ObjectName.Parse(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumCount);
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialCount, maximumCount);
        CheckAccess(parsed, access);
        return new SharedSemaphore(Host.Platform.CreateSemaphore(parsed, initialCount, maximumCount, access, openExisting, out created));
    }
}
