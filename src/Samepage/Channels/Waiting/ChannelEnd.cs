using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;

namespace Samepage.Channels;

/// <summary>One end of a channel that waits: for messages, or for room.</summary>
/// <remarks>What it waits for is looked at only by the thread that uses the end, and by who waits for <see cref="Signal"/>.</remarks>
internal abstract class ChannelEnd : IMeasured, IDisposable
{
    /// <summary>So many looks that found something, without a sleep between them, say that there will be more.</summary>
    private const int LooksUntilCareless = 4096;

    /// <summary>Looks in a row before anything that costs more than a message that is on its way.</summary>
    public const int BriefLooks = 32;

    private readonly Sleepers _sleepers;
    private readonly int _end;
    private readonly WaitStrategy _strategy;
    private readonly Lock _gate = new();
    private ChannelSignal? _signal;
    private bool _isCareful;
    private bool _isAsleep;
    private bool _disposed;
    private int _found;
    private long _waits;
    private long _awakenings;

    /// <summary>So many waits look at the channel's memory, which is there as long as they do.</summary>
    private int _looking;
    private Action? _unused;

    protected ChannelEnd(Sleepers sleepers, int end, WaitStrategy strategy)
    {
        Check(strategy);
        _sleepers = sleepers;
        _end = end;
        _strategy = strategy;
        Spins = strategy != WaitStrategy.Block && Environment.ProcessorCount > 1;
    }

    /// <summary>True when there is what this end waits for, or when it need not wait any more. Takes nothing.</summary>
    public abstract bool IsReady { get; }

    /// <summary>For looks in quick succession, where <see cref="IsReady"/> would hold up who makes it so. It may be wrong; the last look is not made by it.</summary>
    protected virtual bool MayBeReady => IsReady;

    /// <summary>What it writes to, and waits for room in; null: it waits for something else.</summary>
    protected virtual SharedObjectKind? Writes => null;

    public virtual long? Lag => null;

    public virtual void AddTo(ref Counts counts)
    {
        counts.FullWaits += Writes is null ? 0 : _waits;
        counts.Awakenings += _awakenings;
    }

    /// <summary>To be waited for beside other things; made at its first use.</summary>
    public ChannelSignal Signal
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                // Who waits for it may have disposed it: it looks like a handle.
                return _signal is { IsDisposed: false } ? _signal : _signal = new ChannelSignal(_sleepers.MakeBell(_end), this);
            }
        }
    }

    /// <summary>Whatever it is that changed: looks again.</summary>
    public void Nudge()
    {
        lock (_gate)
            RingIfWhole();
    }

    /// <summary>It has slept a while ago: <see cref="Found"/> is to be called for whatever is taken.</summary>
    public bool IsCareful => _isCareful;

    /// <summary>Called for everything that is taken without waiting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Found()
    {
        if (_isCareful)
            FoundCarefully();
    }

    /// <summary>False: the time has run out.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsReady)
            return true;
        if (timeout == TimeSpan.Zero)
            return false;
        _waits++;
        if (SpinsBriefly())
            return true;
        if (!TryBeginToLook())
            return true;
        try
        {
            return WaitLooking(timeout, cancellationToken);
        }
        finally
        {
            EndLook();
        }
    }

    private bool WaitLooking(TimeSpan timeout, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        if (SpinsLonger(timeout, begun, cancellationToken))
            return true;
        if (_strategy == WaitStrategy.BusySpin)
            return false;
        ChannelSignal signal = Signal;
        while (true)
        {
            TimeSpan left = Left(timeout, begun);
            // What the signal says may be over when this thread runs.
            if (signal.Wait(left, cancellationToken) == WaitResult.TimedOut)
                return IsReady;
            if (IsReady)
                return true;
        }
    }

    /// <summary>As <see cref="Wait"/>, without a thread that waits.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsReady)
            return true;
        _waits++;
        if (!TryBeginToLook())
            return true;
        try
        {
            long begun = Stopwatch.GetTimestamp();
            while (await Signal.WaitAsync(Left(timeout, begun), cancellationToken).ConfigureAwait(false) != WaitResult.TimedOut)
            {
                if (IsReady)
                    return true;
            }
            return IsReady;
        }
        finally
        {
            EndLook();
        }
    }

    /// <summary>Makes sure that this end is told when a process ends that would have had news for it, and that nobody waits for what it could say.</summary>
    protected abstract void BeforeSleep();

    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static void Check(WaitStrategy strategy)
    {
        if (!Enum.IsDefined(strategy))
            throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "This is no wait strategy.");
    }

    /// <summary>The last look before a sleep; from here on whoever has news rings. True: there is no need to sleep.</summary>
    /// <param name="bell">Rung for other waits, perhaps; not for this one.</param>
    internal bool FallAsleep(SharedEvent bell)
    {
        lock (_gate)
        {
            if (_disposed)
                return true;
            // First: it may be damaged.
            bell.Reset();
            _looking++;
            if (!_isCareful)
            {
                _isCareful = true;
                _sleepers.BecomeCareful(_end);
            }
            _isAsleep = true;
            _sleepers.FallAsleep(_end);
        }
        try
        {
            BeforeSleep();
            if (IsReady)
                return true;
            if (Writes is { } kind && LibraryEvents.Log.IsEnabled())
                LibraryEvents.Log.WriterSleeps(Tags.Of(kind), _sleepers.Channel);
            return false;
        }
        finally
        {
            EndLook();
        }
    }

    /// <summary>Once this is disposed: calls back as soon as no wait looks at the channel's memory any more.</summary>
    public void WhenUnused(Action unused)
    {
        lock (_gate)
        {
            if (_looking > 0)
            {
                _unused = unused;
                return;
            }
        }
        unused();
    }

    private bool TryBeginToLook()
    {
        lock (_gate)
        {
            if (_disposed)
                return false;
            _looking++;
            return true;
        }
    }

    private void EndLook()
    {
        Action? unused = null;
        lock (_gate)
        {
            if (--_looking == 0 && _disposed)
            {
                // Not before: what rang for the last time is gone with the bell.
                _signal?.Dispose();
                (unused, _unused) = (_unused, null);
            }
        }
        unused?.Invoke();
    }

    private void FoundCarefully()
    {
        if (!_isAsleep && ++_found < LooksUntilCareless)
            return;
        lock (_gate)
        {
            _found = 0;
            if (_disposed)
                return;
            if (_isAsleep)
            {
                Awake();
                // Should a wait on another thread count on it, it looks again, and falls asleep anew.
                _signal?.Ring();
            }
            else if (_isCareful)
            {
                _isCareful = false;
                _sleepers.BecomeCareless(_end);
            }
        }
    }

    /// <summary>Nobody rings any more.</summary>
    private void Awake()
    {
        _isAsleep = false;
        _awakenings++;
        _sleepers.Awake(_end);
    }

    private void RingIfWhole()
    {
        if (_signal is { } signal)
            Damage.PassOver(signal.Ring);
    }

    public virtual void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_isAsleep)
                Awake();
            if (_isCareful)
                _sleepers.BecomeCareless(_end);
            _isCareful = false;
            // Who waits on another thread is told that there is nothing to wait for.
            RingIfWhole();
            if (_looking == 0)
                _signal?.Dispose();
        }
    }

    /// <summary>It looks again for a while before it sleeps.</summary>
    // With one processor nothing can change while one looks.
    public bool Spins { get; }

    private bool SpinsBriefly()
    {
        if (!Spins)
            return false;
        for (int i = 0; i < BriefLooks; i++)
        {
            Spinner.Pause();
            if (MayBeReady && IsReady)
                return true;
        }
        return IsReady;
    }

    private bool SpinsLonger(TimeSpan timeout, long begun, CancellationToken token)
    {
        if (_strategy == WaitStrategy.Block)
            return false;
        var spinner = new Spinner(longestStep: 1);
        while (spinner.Once())
        {
            if (IsReady)
                return true;
        }
        while (_strategy == WaitStrategy.BusySpin && Left(timeout, begun) != TimeSpan.Zero)
        {
            token.ThrowIfCancellationRequested();
            // Who spins must see as well that somebody died.
            BeforeSleep();
            if (IsReady)
                return true;
            for (int i = 0; i < LooksUntilCareless; i++)
            {
                if (MayBeReady && IsReady)
                    return true;
                Spinner.Pause();
            }
        }
        return false;
    }

    private static TimeSpan Left(TimeSpan timeout, long begun)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return timeout;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
