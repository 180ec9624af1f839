using Samepage.Platform;

namespace Samepage;

/// <summary>What the system waits for in the place of some sources: objects and handles as they are, and events of this wait's own for the others.</summary>
internal sealed class SourceList : IDisposable
{
    private readonly WaitableBackend?[] _backends;
    private readonly WaitHandle?[] _handles;
    private readonly int[] _indices;
    private readonly List<TaskSignal> _tasks = [];
    private readonly CancellationTokenSource _over = new();
    private readonly EventBackend? _timers;
    private bool _hasHandles;
    private int _count;

    public SourceList(ReadOnlySpan<WaitSource> sources, Purpose purpose)
    {
        // One more: the event that stands for the timers.
        _backends = new WaitableBackend?[sources.Length + 1];
        _handles = new WaitHandle?[sources.Length + 1];
        _indices = new int[sources.Length + 1];
        try
        {
            bool timers = false;
            for (int i = 0; i < sources.Length; i++)
            {
                WaitSource source = sources[i];
                if (source.Waitable is { } waitable)
                    Add(waitable.UsableBackend, null, i);
                else if (source.Handle is { } handle)
                    Add(null, handle, i);
                // One that completes just now is seen by its event: for any, which one is looked at first decides.
                else if (source.Task is { } task && (purpose == Purpose.Any || purpose == Purpose.All && !task.IsCompleted))
                    Add(SignalOf(task), null, i);
                timers |= source.Due > TimeSpan.Zero;
            }
            if (timers && purpose != Purpose.Look)
                Add(_timers = Host.Platform.CreateUnnamedEvent(), null, -1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public enum Purpose
    {
        /// <summary>Tasks and timers have been looked at, and are left out.</summary>
        Look,

        /// <summary>An event stands for each task, and one that nobody sets for all timers: whoever waits bounds the time.</summary>
        Any,

        /// <summary>The same, but <see cref="PassTimers"/> sets it; and what is signalled already is left out.</summary>
        All,
    }

    /// <summary>What to sleep on until the last timer is due.</summary>
    public WaitableBackend Timers => _timers!;

    private ReadOnlySpan<WaitableBackend> Backends => _backends.AsSpan(0, _count)!;

    /// <summary>The last timer is due.</summary>
    public void PassTimers() => _timers!.Set();

    public SharedWaitResult WaitAny(TimeSpan timeout, CancellationToken token)
    {
        if (_count == 0)
            return new SharedWaitResult(WaitResult.TimedOut, -1);
        int index;
        WaitResult? result = _hasHandles
            ? Host.Platform.WaitAnyWithHandles(_backends.AsSpan(0, _count), _handles.AsSpan(0, _count), timeout, token, out index)
            : Host.Platform.WaitAny(Backends, timeout, token, out index);
        return Of(new SharedWaitResult(result ?? throw new OperationCanceledException(token), index));
    }

    public async ValueTask<SharedWaitResult> WaitAnyAsync(TimeSpan timeout, CancellationToken token) =>
        Of(await Host.Platform.WaitAnyAsync(Backends, timeout, token).ResultOfSeveral.ConfigureAwait(false));

    public SharedWaitResult WaitAll(TimeSpan timeout, CancellationToken token)
    {
        if (_count == 0)
            return new SharedWaitResult(WaitResult.Signaled, -1);
        WaitResult? result = Host.Platform.WaitAll(Backends, timeout, token, out int index);
        return Of(new SharedWaitResult(result ?? throw new OperationCanceledException(token), index));
    }

    public async ValueTask<SharedWaitResult> WaitAllAsync(TimeSpan timeout, CancellationToken token) =>
        Of(await Host.Platform.WaitAllAsync(Backends, timeout, token).ResultOfSeveral.ConfigureAwait(false));

    public void Dispose()
    {
        // First: the tasks forget the signals.
        _over.Cancel();
        _over.Dispose();
        foreach (TaskSignal task in _tasks)
            task.Dispose();
        _timers?.Dispose();
    }

    private SharedWaitResult Of(SharedWaitResult result) => result.Index < 0 ? result : result with { Index = _indices[result.Index] };

    private WaitableBackend SignalOf(Task task)
    {
        var signal = new TaskSignal(task, _over.Token);
        _tasks.Add(signal);
        return signal.Event;
    }

    private void Add(WaitableBackend? backend, WaitHandle? handle, int index)
    {
        _hasHandles |= handle is not null;
        (_backends[_count], _handles[_count], _indices[_count]) = (backend, handle, index);
        _count++;
    }
}
