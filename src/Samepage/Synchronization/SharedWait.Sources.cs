using System.Buffers;

namespace Samepage;

// Waits in which things of this process stand beside shared objects.
public static partial class SharedWait
{
    /// <summary>Waits until one of them is signalled, and takes that one; the one with the lowest index when several are.</summary>
    /// <remarks>
    /// A <see cref="WaitHandle"/> is taken by the calling thread, and only if it is the answer. Where one becomes signalled while the thread sleeps, it
    /// may be the answer although a shared object before it has become signalled in the same moment. At most 63 of them; on Windows they count
    /// as mutexes do. On Linux .NET refuses to sleep for its own named mutexes together with anything else.
    /// </remarks>
    /// <param name="sources">At least one. The same may be among them more than once.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>
    /// Which one; <see cref="WaitResult.Abandoned"/> for a mutex, shared or of .NET, whose last owner died. Whether a task succeeded is for the caller to see.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: too many wait handles, or too many mutexes on Windows.</exception>
    /// <exception cref="PlatformNotSupportedException">A named <see cref="Mutex"/> of .NET is among them, on Linux, and nothing is signalled yet.</exception>
    public static SharedWaitResult Any(ReadOnlySpan<WaitSource> sources, CancellationToken cancellationToken = default) =>
        Any(sources, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="Any(ReadOnlySpan{WaitSource}, CancellationToken)"/>, or until the time has run out.</summary>
    /// <param name="sources">At least one. The same may be among them more than once.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>. A timer that is due at the same moment is the answer.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>Which one; or <see cref="WaitResult.TimedOut"/> with index -1, and then nothing was taken.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult Any(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (!Check(sources, timeout))
            return MixedWait.Any(sources, timeout, cancellationToken);
        SharedWaitable[] waitables = Rent(sources);
        try
        {
            return Any(waitables.AsSpan(0, sources.Length), timeout, cancellationToken);
        }
        finally
        {
            ArrayPool<SharedWaitable>.Shared.Return(waitables, clearArray: true);
        }
    }

    /// <summary>Waits until all of them are signalled at the same moment, and takes them all; until then it takes none.</summary>
    /// <param name="sources">At least one, no shared object twice, and no wait handle.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As <see cref="All(ReadOnlySpan{SharedWaitable}, CancellationToken)"/>.</returns>
    /// <exception cref="NotSupportedException">A <see cref="WaitHandle"/> is among them: it could not be given back when another is missing.</exception>
    /// <exception cref="ArgumentException">A shared object is among them twice.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: more than 64, on Windows.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult All(ReadOnlySpan<WaitSource> sources, CancellationToken cancellationToken = default) =>
        All(sources, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="All(ReadOnlySpan{WaitSource}, CancellationToken)"/>, or until the time has run out.</summary>
    /// <param name="sources">At least one, no shared object twice, and no wait handle.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As without a timeout; or <see cref="WaitResult.TimedOut"/>, and then nothing was taken.</returns>
    /// <exception cref="NotSupportedException">A <see cref="WaitHandle"/> is among them.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static SharedWaitResult All(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        bool onlyShared = Check(sources, timeout);
        RefuseHandles(sources, "a wait for all gives back what it has taken when another is missing, and that cannot be done with a wait handle. Wait for it afterwards, or let a SharedEvent or a task stand for it");
        if (!onlyShared)
            return MixedWait.All(sources, timeout, cancellationToken);
        SharedWaitable[] waitables = Rent(sources);
        try
        {
            return All(waitables.AsSpan(0, sources.Length), timeout, cancellationToken);
        }
        finally
        {
            ArrayPool<SharedWaitable>.Shared.Return(waitables, clearArray: true);
        }
    }

    /// <summary>As <see cref="Any(ReadOnlySpan{WaitSource}, TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <param name="sources">At least one, no mutex and no wait handle.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As of the wait; to be awaited once. The continuation runs on the thread pool.</returns>
    /// <exception cref="NotSupportedException">A <see cref="SharedMutex"/> or a <see cref="WaitHandle"/> is among them, which belong to a thread.</exception>
    public static ValueTask<SharedWaitResult> AnyAsync(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CheckAsync(sources, timeout);
        return MixedWait.AnyAsync(sources, timeout, cancellationToken);
    }

    /// <inheritdoc cref="AnyAsync(ReadOnlySpan{WaitSource}, TimeSpan, CancellationToken)"/>
    public static ValueTask<SharedWaitResult> AnyAsync(ReadOnlySpan<WaitSource> sources, CancellationToken cancellationToken = default) =>
        AnyAsync(sources, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="All(ReadOnlySpan{WaitSource}, TimeSpan, CancellationToken)"/>, without a thread that waits (on Windows: with one of ours).</summary>
    /// <param name="sources">At least one, no shared object twice, no mutex and no wait handle.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>As of the wait; to be awaited once. The continuation runs on the thread pool.</returns>
    /// <exception cref="NotSupportedException">A <see cref="SharedMutex"/> or a <see cref="WaitHandle"/> is among them, which belong to a thread.</exception>
    public static ValueTask<SharedWaitResult> AllAsync(ReadOnlySpan<WaitSource> sources, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CheckAsync(sources, timeout);
        return MixedWait.AllAsync(sources, timeout, cancellationToken);
    }

    /// <inheritdoc cref="AllAsync(ReadOnlySpan{WaitSource}, TimeSpan, CancellationToken)"/>
    public static ValueTask<SharedWaitResult> AllAsync(ReadOnlySpan<WaitSource> sources, CancellationToken cancellationToken = default) =>
        AllAsync(sources, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>True when there are only shared objects, and the wait is one for those.</summary>
    private static bool Check(ReadOnlySpan<WaitSource> sources, TimeSpan timeout)
    {
        if (sources.IsEmpty)
            throw new ArgumentException("A wait for several needs at least one thing to wait for.", nameof(sources));
        SharedWaitable.CheckTimeout(timeout);
        bool onlyShared = true;
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].IsNothing)
                throw new ArgumentException($"The source at index {i} is null.", nameof(sources));
            // A handle that is closed is refused, wherever it stands and whatever is signalled.
            _ = sources[i].Waitable?.UsableBackend;
            onlyShared &= sources[i].Waitable is not null;
        }
        return onlyShared;
    }

    private static void CheckAsync(ReadOnlySpan<WaitSource> sources, TimeSpan timeout)
    {
        _ = Check(sources, timeout);
        foreach (WaitSource source in sources)
            source.Waitable?.RefuseMutex();
        RefuseHandles(sources, "the thread that waits takes it, and an asynchronous wait has none. Use SharedWait.Any, or let a SharedEvent or a task stand for it");
    }

    private static void RefuseHandles(ReadOnlySpan<WaitSource> sources, string why)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].Handle is { } handle)
                throw new NotSupportedException($"The {handle.GetType().Name} at index {i} cannot be waited for in this way: {why}.");
        }
    }

    private static SharedWaitable[] Rent(ReadOnlySpan<WaitSource> sources)
    {
        SharedWaitable[] waitables = ArrayPool<SharedWaitable>.Shared.Rent(sources.Length);
        for (int i = 0; i < sources.Length; i++)
            waitables[i] = sources[i].Waitable!;
        return waitables;
    }
}
