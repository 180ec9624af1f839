namespace Samepage;

/// <summary>One of the things that a wait can be for: a shared object, or a task, a wait handle or a timer of this process beside it (W34).</summary>
/// <remarks>
/// Shared objects, tasks and wait handles convert to it by themselves: <c>SharedWait.Any([mutex, task, WaitSource.After(time)])</c>.
/// A value may be used for any number of waits, by any threads at the same time; it holds nothing open.
/// </remarks>
public readonly struct WaitSource
{
    private static readonly object _timer = new();

    private readonly object? _source;
    private readonly TimeSpan _due;

    private WaitSource(object? source, TimeSpan due = default) => (_source, _due) = (source, due);

    /// <summary>A timer: signalled, for good, once the time has passed since the wait began.</summary>
    /// <param name="due">How long, on a clock that nobody can set; zero is signalled at once, <see cref="Timeout.InfiniteTimeSpan"/> never.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static WaitSource After(TimeSpan due)
    {
        if (due < TimeSpan.Zero && due != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(due), due, "A timer is due after zero or more, or never (Timeout.InfiniteTimeSpan).");
        return new WaitSource(_timer, due == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : due);
    }

    /// <summary>A shared object, which the wait takes as any wait for it does.</summary>
    /// <param name="waitable">Not null, or the wait refuses it.</param>
    public static implicit operator WaitSource(SharedWaitable waitable) => new(waitable);

    /// <summary>A task: signalled, for good, once it has completed, successfully or not. Its result and its exception stay for the caller to look at.</summary>
    /// <param name="task">Not null, or the wait refuses it.</param>
    public static implicit operator WaitSource(Task task) => new(task);

    /// <summary>
    /// A mutex, semaphore or event of .NET, which the waiting thread takes as by <see cref="WaitHandle.WaitOne()"/> if it is the answer, and never
    /// otherwise. Only for <see cref="SharedWait.Any(ReadOnlySpan{WaitSource}, CancellationToken)"/>.
    /// </summary>
    /// <param name="handle">Not null, or the wait refuses it.</param>
    public static implicit operator WaitSource(WaitHandle handle) => new(handle);

    internal SharedWaitable? Waitable => _source as SharedWaitable;

    internal Task? Task => _source as Task;

    internal WaitHandle? Handle => _source as WaitHandle;

    /// <summary>Of a timer; <see cref="TimeSpan.MaxValue"/>: never.</summary>
    internal TimeSpan? Due => _source == _timer ? _due : null;

    internal bool IsNothing => _source is null;

    /// <summary>A task or timer that is signalled, which it stays.</summary>
    internal bool IsSettled => Task is { IsCompleted: true } || Due == TimeSpan.Zero;
}
