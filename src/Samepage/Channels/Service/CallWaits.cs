using System.Runtime.CompilerServices;
using Samepage.Atomics;

namespace Samepage.Channels;

/// <summary>The calls of a client that wait without a thread: one wait of the client's end for all of them.</summary>
internal sealed class CallWaits(PendingCall?[] calls)
{
    private readonly Lock _gate = new();
    private ChannelEnd _end = null!;
    private Action? _goOn;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _waiting;
    private uint _hasAttention;
    private bool _isRunning;
    private bool _isOver;
    private int _parked;
    private long _until;

    /// <summary>The end need look: something changed that is not in the service's memory.</summary>
    public bool HasAttention
    {
        get => SharedAtomics.Acquire(ref _hasAttention) != 0;
        private set => SharedAtomics.Release(ref _hasAttention, value ? 1u : 0u);
    }

    public void Begin(ChannelEnd end) => _end = end;

    /// <summary>Until there is news of a call, its time is up, its token is cancelled, or the client is disposed: the caller looks which.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ParkAsync(PendingCall call, CancellationToken token)
    {
        ValueTask news;
        lock (_gate)
        {
            if (_isOver)
                return;
            call.IsAwaited = true;
            news = call.Park();
            _parked++;
        }
        // Behind that, so that a token that is cancelled already wakes it.
        using (token.UnsafeRegister(static call => ((PendingCall)call!).Wake(), call))
        {
            Run(call.Deadline);
            await news.ConfigureAwait(false);
        }
    }

    public void Wake(PendingCall call)
    {
        lock (_gate)
            Complete(call);
    }

    /// <summary>For every call that has news: also by who waits with a thread, as it may have been woken in their place.</summary>
    public void WakeAll()
    {
        if (_parked == 0)
            return;
        lock (_gate)
            CompleteAll(_isOver);
    }

    /// <summary>The client is disposed.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            CompleteAll(all: true);
        }
    }

    private void CompleteAll(bool all)
    {
        long now = Environment.TickCount64;
        foreach (PendingCall? call in calls)
        {
            if (call is { IsParked: true } && (all || call.Deadline <= now || call.HasNews))
                Complete(call);
        }
    }

    private void Complete(PendingCall call)
    {
        if (!call.IsParked)
            return;
        call.IsParked = false;
        call.IsAwaited = false;
        _parked--;
        _ = ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
    }

    private void Run(long deadline)
    {
        bool isRunning;
        lock (_gate)
        {
            isRunning = _isRunning;
            if (isRunning && deadline >= _until)
                return;
            // The wait that goes on would go on for too long.
            HasAttention |= isRunning;
            _isRunning = true;
        }
        if (isRunning)
            _end.Nudge();
        else
            GoOn();
    }

    /// <summary>Waits, and wakes whom it may, until nobody is parked.</summary>
    private void GoOn()
    {
        try
        {
            while (TryNext(out TimeSpan left))
            {
#pragma warning disable CA2012 // Consumed once: here, or where it goes on.
                _waiting = _end.WaitAsync(left, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
                if (!_waiting.IsCompleted)
                {
                    _waiting.UnsafeOnCompleted(_goOn ??= Continue);
                    return;
                }
                _ = _waiting.GetResult();
            }
        }
        catch (Exception e) when (e is SharedObjectException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    private void Continue()
    {
        try
        {
            _ = _waiting.GetResult();
        }
        catch (Exception e) when (e is SharedObjectException or ObjectDisposedException)
        {
            Fail(e);
            return;
        }
        GoOn();
    }

    private bool TryNext(out TimeSpan left)
    {
        lock (_gate)
        {
            HasAttention = false;
            CompleteAll(_isOver);
            _isRunning = _parked > 0;
            _until = long.MaxValue;
            foreach (PendingCall? call in calls)
            {
                if (call is { IsParked: true })
                    _until = Math.Min(_until, call.Deadline);
            }
            left = _until == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, _until - Environment.TickCount64));
            return _isRunning;
        }
    }

    /// <summary>Nobody can wait, and all are told why.</summary>
    private void Fail(Exception why)
    {
        lock (_gate)
        {
            _isRunning = false;
            foreach (PendingCall? call in calls)
            {
                if (call is { IsParked: true })
                    call.Fault = why;
            }
            CompleteAll(all: true);
        }
    }
}
