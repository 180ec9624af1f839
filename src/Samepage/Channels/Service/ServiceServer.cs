using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who serves: each request goes to one of those who do.</summary>
/// <remarks>
/// Taking is for one thread at a time; <see cref="Readable"/> may be waited for by any, and requests may be answered on any thread. Nothing is allocated for
/// a request, beyond what its handler needs.
/// </remarks>
public sealed class ServiceServer : IDisposable
{
    private readonly ServiceCore _core;
    private readonly ChannelCore _channel;
    private readonly HeldCalls _calls;
    private readonly Ear _end;
    private readonly int _reader;
    private int _lane;
    private uint _isTaking;
    private uint _isDisposed;

    internal ServiceServer(ServiceCore core, WaitStrategy strategy)
    {
        ChannelEnd.Check(strategy);
        _core = core;
        _channel = core.Channel;
        _reader = _channel.TakeReader();
        _calls = new HeldCalls(core, _reader);
        try
        {
            _end = new Ear(this, strategy);
        }
        catch
        {
            _channel.LeaveReader(_reader);
            throw;
        }
        _channel.Add(_end);
        // Whoever sleeps watches this process from now on.
        _channel.Writers.WakeCarefully();
    }

    /// <summary>Signalled when there may be a request; to be waited for beside other things (W34). Waiting takes nothing: another server may be faster.</summary>
    public SharedWaitable Readable => _end.Signal;

    /// <summary>Takes a request. Those of one client come in no certain order.</summary>
    /// <param name="request">The request, to be answered.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the service's memory.</exception>
    public bool TryTake(out ServiceRequest request)
    {
        SharedAtomics.Release(ref _isTaking, 1);
        try
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            int lanes = _core.LanesUsed;
            for (int i = 0; i < lanes; i++)
            {
                // Each client in its turn.
                _lane = _lane + 1 < lanes ? _lane + 1 : 0;
                if (!_calls.TryTake(_lane, out request))
                    continue;
                _end.Found();
                return true;
            }
        }
        finally
        {
            SharedAtomics.Release(ref _isTaking, 0);
        }
        request = default;
        return false;
    }

    /// <summary>Waits for a request and takes it.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="request">The request, to be answered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryTake(TimeSpan timeout, out ServiceRequest request, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TryTake(out request))
        {
            if (!WaitToTake(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>Waits for a request, without a thread that waits, and takes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServiceRequest> TakeAsync(CancellationToken cancellationToken = default)
    {
        ServiceRequest request;
        while (!TryTake(out request))
            _ = await WaitToTakeAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return request;
    }

    /// <summary>Waits until there may be a request.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToTake(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToTake"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToTake"/>
    public ValueTask<bool> WaitToTakeAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>Serves until the token is cancelled.</summary>
    /// <param name="handler">
    /// Answers each request. One that it leaves unanswered, or that it throws over, fails with the message. It is called where the last one returned, or waits.
    /// </param>
    /// <param name="atOnce">How many may be handled at one time, all of which wait.</param>
    /// <param name="cancellationToken">Ends it; those that are being handled are waited for.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task RunAsync(Func<ServiceRequest, ValueTask> handler, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(atOnce);
        return new RequestLoop(this, handler, atOnce).RunAsync(cancellationToken);
    }

    /// <summary>Serves no more. What it has not answered fails with <see cref="FailureReason.PeerClosed"/>, or goes to another server, as the client wishes.</summary>
    public void Dispose()
    {
        if (!SharedAtomics.CompareExchange(ref _isDisposed, 0, 1))
            return;
        // Who begins to take now either sees that, or is seen below; so taking needs no fence of its own.
        SharedAtomics.FenceAllThreads();
        for (var spin = new SpinWait(); SharedAtomics.Acquire(ref _isTaking) != 0; spin.SpinOnce())
        {
        }
        _calls.Leave();
        _end.Dispose();
        _channel.LeaveReader(_reader);
        _channel.Remove(_end);
    }

    private bool IsDisposed => SharedAtomics.Acquire(ref _isDisposed) != 0;

    private bool HasRequest()
    {
        for (int lane = _core.LanesUsed; --lane >= 0;)
        {
            ServiceLane calls = _core.LaneAt(lane);
            for (int i = calls.Used; --i >= 0;)
            {
                if (calls.SlotAt(i).State.Phase == CallPhase.Waiting)
                    return true;
            }
        }
        return false;
    }

    private sealed class Ear(ServiceServer server, WaitStrategy strategy) : ChannelEnd(server._channel.Readers, server._reader, strategy)
    {
        public override bool IsReady => server.IsDisposed || server.HasRequest();

        public override long? Lag => server._core.Waiting();

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            server._calls.AddTo(ref counts);
        }

        // A client may die before it has told of a request.
        protected override void BeforeSleep() => server._channel.WatchWriters();
    }
}
