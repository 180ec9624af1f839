using System.Buffers;
using System.Runtime.CompilerServices;
using Samepage.Platform;

namespace Samepage;

/// <summary>Waits for any one or for all of several mutexes, events and semaphores, in any mix and any number (W34).</summary>
/// <remarks>
/// All members may be called from any thread at the same time. A waiting thread uses no processor. Who is killed while it waits takes nothing
/// with it: neither from a wait for any nor from a wait for all (W35). Tasks, timers and wait handles of the process may stand beside them:
/// <see cref="WaitSource"/>.
/// <para>
/// Windows takes up to 64 objects at one moment. A wait for any of more (of 64 and more with a token) is several threads' there: a signal that
/// one of them took, and that was not needed, is given back before the wait returns, so another process may find it missing for a moment. Such
/// a wait takes at most 62 different mutexes. A wait for all of more than 64 is refused there, and so is one for all of a <see cref="SharedMutex"/>
/// and a <see cref="SharedLock"/> together: one belongs to the thread that waits, the other does not.
/// </para>
/// </remarks>
public static partial class SharedWait
{
    private const int FewWaitables = 16;

    /// <summary>Waits until one of them is signalled, and takes that one; the one with the lowest index when several are.</summary>
    /// <param name="waitables">At least one. The same object may be among them more than once.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>Which one, and whether it is a mutex whose last owner died (W31).</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: too many mutexes, on Windows.</exception>
    public static SharedWaitResult Any(ReadOnlySpan<SharedWaitable> waitables, CancellationToken cancellationToken = default) =>
        Any(waitables, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="Any(ReadOnlySpan{SharedWaitable}, CancellationToken)"/>, or until the time has run out.</summary>
    /// <param name="waitables">At least one. The same object may be among them more than once.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>Which one; or <see cref="WaitResult.TimedOut"/> with index -1, and then nothing was taken.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult Any(
        ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Wait(waitables, all: false, timeout, cancellationToken);

    /// <summary>Waits until all of them are signalled at the same moment, and takes them all; until then it takes none.</summary>
    /// <param name="waitables">At least one, and none twice.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>
    /// <see cref="WaitResult.Abandoned"/> with the index of the first mutex whose last owner died, otherwise index -1. Where the wait took more
    /// than one mutex, Windows does not tell which: the index is -1 there, and what each of them protects may be half-changed.
    /// </returns>
    /// <exception cref="ArgumentException">An object is among them twice.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: more than 64 objects, on Windows.</exception>
    /// <exception cref="NotSupportedException">Both a <see cref="SharedMutex"/> and a <see cref="SharedLock"/> are among them, on Windows.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult All(ReadOnlySpan<SharedWaitable> waitables, CancellationToken cancellationToken = default) =>
        All(waitables, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="All(ReadOnlySpan{SharedWaitable}, CancellationToken)"/>, or until the time has run out.</summary>
    /// <param name="waitables">At least one, and none twice.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As without a timeout; or <see cref="WaitResult.TimedOut"/>, and then nothing was taken.</returns>
    /// <exception cref="ArgumentException">An object is among them twice.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult All(
        ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Wait(waitables, all: true, timeout, cancellationToken);

    /// <summary>As <see cref="Any(ReadOnlySpan{SharedWaitable}, TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="waitables">At least one, and no mutex. The same object may be among them more than once.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As of the wait; to be awaited once. The continuation runs on the thread pool.</returns>
    /// <exception cref="NotSupportedException">A <see cref="SharedMutex"/> is among them, which belongs to a thread.</exception>
    public static ValueTask<SharedWaitResult> AnyAsync(
        ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(waitables, all: false, timeout, cancellationToken);

    /// <inheritdoc cref="AnyAsync(ReadOnlySpan{SharedWaitable}, TimeSpan, CancellationToken)"/>
    public static ValueTask<SharedWaitResult> AnyAsync(ReadOnlySpan<SharedWaitable> waitables, CancellationToken cancellationToken = default) =>
        AnyAsync(waitables, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="All(ReadOnlySpan{SharedWaitable}, TimeSpan, CancellationToken)"/>, without a thread that waits (on Windows: with one of ours).</summary>
    /// <param name="waitables">At least one, none twice, and no mutex.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As of the wait; to be awaited once. The continuation runs on the thread pool.</returns>
    /// <exception cref="NotSupportedException">A <see cref="SharedMutex"/> is among them, which belongs to a thread.</exception>
    public static ValueTask<SharedWaitResult> AllAsync(
        ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(waitables, all: true, timeout, cancellationToken);

    /// <inheritdoc cref="AllAsync(ReadOnlySpan{SharedWaitable}, TimeSpan, CancellationToken)"/>
    public static ValueTask<SharedWaitResult> AllAsync(ReadOnlySpan<SharedWaitable> waitables, CancellationToken cancellationToken = default) =>
        AllAsync(waitables, Timeout.InfiniteTimeSpan, cancellationToken);

    private static SharedWaitResult Wait(
        ReadOnlySpan<SharedWaitable> waitables, bool all, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Check(waitables, timeout);
        cancellationToken.ThrowIfCancellationRequested();
        Few few = default;
        WaitableBackend[]? many = null;
        Span<WaitableBackend> backends = waitables.Length <= FewWaitables
            ? few
            : many = ArrayPool<WaitableBackend>.Shared.Rent(waitables.Length);
        backends = backends[..waitables.Length];
        try
        {
            Collect(waitables, backends);
            int index;
            WaitResult? result = all
                ? Host.Platform.WaitAll(backends, timeout, cancellationToken, out index)
                : Host.Platform.WaitAny(backends, timeout, cancellationToken, out index);
            return new SharedWaitResult(result ?? throw new OperationCanceledException(cancellationToken), index);
        }
        finally
        {
            if (many is not null)
                ArrayPool<WaitableBackend>.Shared.Return(many, clearArray: true);
        }
    }

    private static ValueTask<SharedWaitResult> WaitAsync(
        ReadOnlySpan<SharedWaitable> waitables, bool all, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Check(waitables, timeout);
        foreach (SharedWaitable? one in waitables)
            one?.RefuseMutex();
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<SharedWaitResult>(cancellationToken);
        SharedWaitResult now = Wait(waitables, all, TimeSpan.Zero, CancellationToken.None);
        if (now.Result != WaitResult.TimedOut || timeout == TimeSpan.Zero)
            return ValueTask.FromResult(now);
        var backends = new WaitableBackend[waitables.Length];
        Collect(waitables, backends);
        AsyncWait pending = all
            ? Host.Platform.WaitAllAsync(backends, timeout, cancellationToken)
            : Host.Platform.WaitAnyAsync(backends, timeout, cancellationToken);
        return pending.ResultOfSeveral;
    }

    private static void Check(ReadOnlySpan<SharedWaitable> waitables, TimeSpan timeout)
    {
        if (waitables.IsEmpty)
            throw new ArgumentException("A wait for several needs at least one object to wait for.", nameof(waitables));
        SharedWaitable.CheckTimeout(timeout);
    }

    private static void Collect(ReadOnlySpan<SharedWaitable> waitables, Span<WaitableBackend> backends)
    {
        for (int i = 0; i < waitables.Length; i++)
            backends[i] = (waitables[i] ?? throw new ArgumentException($"The object at index {i} is null.", nameof(waitables))).UsableBackend;
    }

    [InlineArray(FewWaitables)]
    private struct Few
    {
        private WaitableBackend _first;
    }
}
