using System.Diagnostics;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>An asynchronous wait for one object, or for any of several (W34, W35): the keepers' threads sleep for it.</summary>
/// <remarks>
/// A keeper that took a signal for it, the token, or the time decides, under the keepers' gate, that the wait is over. The awaiter hears of it when all keepers
/// have dismissed the wait, so nothing is taken for a wait that has ended.
/// </remarks>
internal sealed class PendingAny : AsyncWait
{
    private readonly WaitableBackend[] _held;
    private readonly List<WaitKeeper.Interest> _interests = [];
    private readonly TimeSpan _timeout;
    private readonly long _start = Stopwatch.GetTimestamp();

    private Timer? _timer;
    private bool _isOver;
    private bool _isCancelled;
    private WaitKeeper.Interest? _taken;
    private WaitResult _result;
    private Exception? _failure;

    private PendingAny(WaitableBackend[] held, TimeSpan timeout)
    {
        _held = held;
        _timeout = timeout;
    }

    /// <summary>How many dismissals are missing. Under the gate.</summary>
    public int Unsettled { get; set; }

    private long MillisecondsLeft =>
        (long)Math.Clamp(Math.Ceiling((_timeout - Stopwatch.GetElapsedTime(_start)).TotalMilliseconds), 0, KernelWait.LongestStep);

    public static PendingAny Begin(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token)
    {
        // Disposing a handle closes it when the last wait that it began has let go of it.
        nint[] handles = KernelWaitSeveral.HoldAll(backends);
        var wait = new PendingAny(backends.ToArray(), timeout);
        wait.Join(handles);
        // Last: a token that is cancelled by now ends the wait in here.
        wait.EndWith(token);
        return wait;
    }

    /// <summary>Under the gate: it has taken this. True when nothing is left to be settled, and the caller completes it outside.</summary>
    public bool IsOverWith(WaitKeeper.Interest taken, WaitResult result)
    {
        (_taken, _result) = (taken, result);
        return IsOver();
    }

    /// <summary>Under the gate: it had been given up, for this object alone, and a keeper that has not dismissed it yet has taken this.</summary>
    public void EndsWithAfterAll(WaitKeeper.Interest taken, WaitResult result) => (_taken, _result) = (taken, result);

    public bool IsOverWith(Exception failure)
    {
        _failure = failure;
        return IsOver();
    }

    /// <summary>Outside the gate, when the last keeper has dismissed it.</summary>
    public void Complete()
    {
        _timer?.Dispose();
        KernelWaitSeveral.LetGo(_held);
        if (_taken is not null)
            End(((IKernelWaitable)_held[_taken.Index]).Told(_result), _taken.Index);
        else if (_failure is not null)
            Fail(_failure);
        else if (_isCancelled)
            EndCancelled();
        else
            End(WaitResult.TimedOut, -1);
    }

    protected override void Cancel()
    {
        lock (WaitKeeper.Gate)
        {
            if (_isOver)
                return;
            _isCancelled = true;
            if (!IsOver())
                return;
        }
        Complete();
    }

    protected override void Recycle()
    {
    }

    private void Join(nint[] handles)
    {
        lock (WaitKeeper.Gate)
        {
            try
            {
                HashSet<nint>? seen = handles.Length > 1 ? [] : null;
                for (int i = 0; i < handles.Length; i++)
                {
                    // Of two that are one object the first is the answer.
                    if (seen?.Add(handles[i]) != false)
                        _interests.Add(WaitKeeper.Join(this, i, handles[i], (IKernelWaitable)_held[i]));
                }
                if (_timeout != Timeout.InfiniteTimeSpan)
                    _timer = StartTimer();
                return;
            }
            catch (Exception e)
            {
                if (!IsOverWith(e))
                    return;
            }
        }
        Complete();
    }

    private Timer StartTimer()
    {
        // The timer has no use for the caller's context, and would keep it alive.
        bool flows = !ExecutionContext.IsFlowSuppressed();
        if (flows)
            ExecutionContext.SuppressFlow();
        try
        {
            return new Timer(static wait => ((PendingAny)wait!).LookAtTime(), this, MillisecondsLeft, Timeout.Infinite);
        }
        finally
        {
            if (flows)
                ExecutionContext.RestoreFlow();
        }
    }

    private void LookAtTime()
    {
        lock (WaitKeeper.Gate)
        {
            if (_isOver)
                return;
            // Longer than a timer counts, or the timer's clock is coarser than ours.
            if (MillisecondsLeft is > 0 and var left)
            {
                _timer!.Change(left, Timeout.Infinite);
                return;
            }
            if (!IsOver())
                return;
        }
        Complete();
    }

    private bool IsOver()
    {
        _isOver = true;
        foreach (WaitKeeper.Interest interest in _interests)
            WaitKeeper.Leave(interest);
        return Unsettled == 0;
    }
}
