using System.Runtime.CompilerServices;
using Samepage.Atomics;

namespace Samepage.Channels;

/// <summary>The calls of a client that wait without a thread: one wait of the client's end for all of them.</summary>
internal sealed class CallWaits(ClientCalls calls, ChannelEnd end)
{
    private readonly Lock _gate = new();
    private readonly List<CallWait> _pending = [];
    private readonly Stack<CallWait> _idle = [];
    private Action? _goOn;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _waiting;
    private uint _hasAttention;
    private uint _isRunning;
    private bool _isOver;
    private long _until;

    /// <summary>The end need look: something changed that is not in the service's memory.</summary>
    public bool HasAttention
    {
        get => SharedAtomics.Acquire(ref _hasAttention) != 0;
        private set => SharedAtomics.Release(ref _hasAttention, value ? 1u : 0u);
    }

    public static long DeadlineOf(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)Math.Ceiling(timeout.TotalMilliseconds);

    /// <summary>The response; whatever the outcome is, otherwise the call is closed.</summary>
    public ValueTask<ServiceResponse> AnswerAsync(PendingCall call, long deadline, bool retryOnDeath, CancellationToken token)
    {
        bool isOver;
        try
        {
            isOver = IsSoonOver(call, retryOnDeath);
        }
        catch
        {
            call.Close();
            throw;
        }
        if (!isOver)
            return Begin(call, deadline, retryOnDeath, static wait => wait.Answer, token);
        try
        {
            return new ValueTask<ServiceResponse>(call.Answer());
        }
        catch (SharedObjectException e)
        {
            return ValueTask.FromException<ServiceResponse>(e);
        }
    }

    /// <summary>Of a stream: until there is more to read, or there will be none. It stays open.</summary>
    public ValueTask NewsAsync(PendingCall call, long deadline, bool retryOnDeath, CancellationToken token)
    {
        call.IsAwaited = true;
        return IsSoonOver(call, retryOnDeath) ? default : Begin(call, deadline, retryOnDeath, static wait => wait.News, token);
    }

    /// <summary>The wait of a call is over, for whatever reason: who waits is told.</summary>
    public void End(CallWait wait)
    {
        lock (_gate)
        {
            if (_pending.Remove(wait))
                Complete(wait);
        }
    }

    /// <summary>For every call that has news: also by who waits with a thread, as it may have been woken in their place.</summary>
    public void WakeAll()
    {
        if (SharedAtomics.Acquire(ref _isRunning) == 0)
            return;
        lock (_gate)
            CompleteAll();
    }

    /// <summary>The client is disposed.</summary>
    public void EndAll()
    {
        lock (_gate)
        {
            _isOver = true;
            CompleteAll();
        }
    }

    public void GiveBack(CallWait wait)
    {
        lock (_gate)
            _idle.Push(wait);
    }

    /// <summary>Why there is no response; null: there is one, or the server says why.</summary>
    public Exception? WhyNone(PendingCall call, CancellationToken token) =>
        calls.IsDisposed ? new ObjectDisposedException(nameof(ServiceClient))
        : call.HasNews ? null
        : token.IsCancellationRequested ? new OperationCanceledException(token)
        : new TimeoutException($"Service \"{calls.Name}\" has not answered in time.");

    private TTask Begin<TTask>(PendingCall call, long deadline, bool retryOnDeath, Func<CallWait, TTask> task, CancellationToken token)
    {
        TTask begun;
        lock (_gate)
        {
            if (!_idle.TryPop(out CallWait? wait))
                wait = new CallWait(this);
            begun = task(wait);
            _pending.Add(wait);
            wait.Begin(call, deadline, retryOnDeath, token);
        }
        Run(deadline);
        return begun;
    }

    /// <summary>Looks for a while: a response that is on its way costs less so than a sleep.</summary>
    private bool IsSoonOver(PendingCall call, bool retryOnDeath)
    {
        if (call.IsOver(retryOnDeath))
            return true;
        for (int i = 0; calls.Spins && i < ChannelEnd.BriefLooks; i++)
        {
            Spinner.Pause();
            if (call.IsOver(retryOnDeath))
                return true;
        }
        return false;
    }

    private void CompleteAll()
    {
        long now = Environment.TickCount64;
        for (int i = _pending.Count; --i >= 0;)
        {
            CallWait wait = _pending[i];
            if (!_isOver && wait.Deadline > now && !wait.IsOver)
                continue;
            _pending.RemoveAt(i);
            Complete(wait);
        }
    }

    private static void Complete(CallWait wait)
    {
        wait.Call.IsAwaited = false;
        _ = ThreadPool.UnsafeQueueUserWorkItem(wait, preferLocal: false);
    }

    private void Run(long deadline)
    {
        bool isRunning;
        lock (_gate)
        {
            isRunning = _isRunning != 0;
            if (isRunning && deadline >= _until)
                return;
            // The wait that goes on would go on for too long.
            HasAttention |= isRunning;
            SharedAtomics.Release(ref _isRunning, 1);
        }
        if (isRunning)
            end.Nudge();
        else
            GoOn();
    }

    /// <summary>Waits, and wakes whom it may, until nobody is pending.</summary>
    private void GoOn()
    {
        try
        {
            while (TryNext(out TimeSpan left))
            {
#pragma warning disable CA2012 // Consumed once: here, or where it goes on.
                _waiting = end.WaitAsync(left, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
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
            CompleteAll();
            SharedAtomics.Release(ref _isRunning, _pending.Count > 0 ? 1u : 0u);
            _until = long.MaxValue;
            foreach (CallWait wait in _pending)
                _until = Math.Min(_until, wait.Deadline);
            left = _until == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, _until - Environment.TickCount64));
            return _isRunning != 0;
        }
    }

    /// <summary>Nobody can wait, and all are told why.</summary>
    private void Fail(Exception why)
    {
        lock (_gate)
        {
            SharedAtomics.Release(ref _isRunning, 0);
            foreach (CallWait wait in _pending)
            {
                wait.Fault = why;
                Complete(wait);
            }
            _pending.Clear();
        }
    }
}
