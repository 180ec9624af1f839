using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Platform;

namespace Samepage;

/// <summary>
/// Something named that threads of any process wait for: a <see cref="SharedMutex"/>, <see cref="SharedEvent"/> or <see cref="SharedSemaphore"/>;
/// or the end of a process, a <see cref="SharedTether"/>.
/// </summary>
/// <remarks>
/// All members may be called from any thread at the same time. A waiting thread uses no processor (W35). The object lives while anyone
/// holds a handle of it (W19); disposing a handle does not end the waits that it began. A handle that is forgotten is not collected: it stays
/// open until the process ends, so that a lock that is meant to be held for a whole life is.
/// </remarks>
public abstract class SharedWaitable : IDisposable
{
    private readonly WaitableBackend _backend;
    private nint _open = 1;

    /// <param name="backend">Taken over.</param>
    /// <param name="isNew">False: from another one, which was the handle until now.</param>
    private protected SharedWaitable(WaitableBackend backend, bool isNew = true)
    {
        _backend = backend;
        if (isNew)
            HeldObjects.Opened(Kind);
    }

    private SharedObjectKind Kind => _backend switch
    {
        MutexBackend => SharedObjectKind.Mutex,
        FlowLockBackend => SharedObjectKind.Lock,
        EventBackend => SharedObjectKind.Event,
        SemaphoreBackend => SharedObjectKind.Semaphore,
        _ => SharedObjectKind.Tether,
    };

    /// <summary>The name.</summary>
    public string Name => Info.Name!;

    /// <summary>What the object says of itself, and what it is doing at this moment (W21).</summary>
    public SharedObjectInfo Info
    {
        get
        {
            ThrowIfDisposed();
            return _backend.Info;
        }
    }

    /// <summary>Waits until the object is signalled, and takes the signal.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>
    /// <see cref="WaitResult.Signaled"/>, or <see cref="WaitResult.Abandoned"/> for a mutex whose last owner died (W31), and for a tether whose
    /// participant died.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public WaitResult Wait(CancellationToken cancellationToken = default)
    {
        return UsableBackend.Wait(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Waits until the object is signalled, and takes the signal; or until the time has run out.</summary>
    /// <param name="timeout">How long at most, on a clock that nobody can set; zero only looks; <see cref="Timeout.InfiniteTimeSpan"/> has no end.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As <see cref="Wait(CancellationToken)"/>, or <see cref="WaitResult.TimedOut"/>; then nothing was taken.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        WaitableBackend backend = UsableBackend;
        CheckTimeout(timeout);
        return backend.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="Wait(CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <inheritdoc cref="WaitAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<WaitResult> WaitAsync(CancellationToken cancellationToken = default) =>
        WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="Wait(TimeSpan, CancellationToken)"/>, without a thread that waits: any number of pending waits share one.</summary>
    /// <param name="timeout">As for <see cref="Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As of a wait; to be awaited once. The continuation runs on the thread pool.</returns>
    /// <exception cref="NotSupportedException">This is a <see cref="SharedMutex"/>: it belongs to a thread, and there is none that waits.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<WaitResult> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        WaitableBackend backend = UsableBackend;
        CheckTimeout(timeout);
        RefuseMutex();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<WaitResult>(cancellationToken);
        WaitResult result = backend.Wait(TimeSpan.Zero, CancellationToken.None);
        return result != WaitResult.TimedOut || timeout == TimeSpan.Zero
            ? ValueTask.FromResult(result)
            : Host.Platform.WaitAnyAsync([backend], timeout, cancellationToken).ResultOfOne;
    }

    /// <summary>This process takes part in the object, visibly to others, until the membership is disposed or the process ends.</summary>
    /// <returns>To be disposed. It does not keep the object alive: keep this handle open as well.</returns>
    /// <exception cref="InvalidOperationException">This is a <see cref="SharedTether"/>, which nobody takes part in.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: a membership is an open file.</exception>
    public SharedMembership Join() => new(Participation.Join());

    /// <summary>Who takes part in the object at this moment, this process included.</summary>
    /// <exception cref="InvalidOperationException">This is a <see cref="SharedTether"/>, which nobody takes part in.</exception>
    public IReadOnlyList<SharedParticipant> Participants() => SharedParticipant.Of(Participation);

    private IParticipation Participation
    {
        get
        {
            ThrowIfDisposed();
            return this is SharedTether
                ? throw new InvalidOperationException("Nobody takes part in a tether. Ask the object whose participant it watches.")
                : Host.Platform.ParticipationIn(_backend);
        }
    }

    internal void RefuseMutex()
    {
        if (_backend is MutexBackend)
        {
            throw new NotSupportedException(
                $"Mutex \"{Name}\" belongs to the thread that takes it, and an asynchronous wait has none: the code after the await may run on any thread, and that one could not release it.");
        }
    }

    /// <summary>Closes this handle.</summary>
    public void Dispose()
    {
        // Once, whatever threads it is called from: a second time would close another's handle.
        if (SharedAtomics.Take(ref _open) == 0)
            return;
        HeldObjects.Closed(Kind);
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    internal bool IsDisposed => SharedAtomics.Acquire(ref _open) == 0;

    /// <summary>For the wait that begins now.</summary>
    internal WaitableBackend UsableBackend
    {
        get
        {
            ThrowIfDisposed();
            BeforeWait();
            return _backend;
        }
    }

    /// <summary>A wait begins: the last moment to bring the state up to date.</summary>
    private protected virtual void BeforeWait()
    {
    }

    internal static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A wait lasts zero or more, or for ever (Timeout.InfiniteTimeSpan).");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_open == 0, this);

    /// <summary>Whether it can be the access of something that is waited for: said of what was read from memory.</summary>
    internal static bool IsPossible(SharedAccess access, SharedObjectScope scope) => access switch
    {
        SharedAccess.User => true,
        SharedAccess.GroupRead or SharedAccess.EveryoneRead => false,
        _ => Enum.IsDefined(access) && scope == SharedObjectScope.Global,
    };

    internal static void CheckAccess(ObjectName name, SharedAccess access)
    {
        if (!Enum.IsDefined(access))
            throw new ArgumentOutOfRangeException(nameof(access), access, "This is no access.");
        if (access is SharedAccess.GroupRead or SharedAccess.EveryoneRead)
            throw new ArgumentException("Waiting and signalling change the object, so access for reading only is of no use for it.", nameof(access));
        if (access != SharedAccess.User && name.Scope == SharedObjectScope.Local)
            throw new ArgumentException(@"Wider access than the user's own needs a name with the prefix Global\.", nameof(access));
    }
}
