using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    private readonly Ear _end;
    private readonly int _reader;
    private readonly int[] _next;
    private readonly Lock _gate = new();
    private readonly List<HeldCall> _made = [];
    private readonly Stack<HeldCall> _idle = [];
    private SharedEvent? _bell;
    private int _lane;
    private bool _disposed;

    internal ServiceServer(ServiceCore core, WaitStrategy strategy)
    {
        ChannelEnd.Check(strategy);
        _core = core;
        _channel = core.Channel;
        _next = new int[_channel.Memory.Shape.Lanes];
        _reader = _channel.TakeReader();
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
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int lanes = _core.LanesUsed;
            for (int i = 0; i < lanes; i++)
            {
                // Each client in its turn.
                _lane = _lane + 1 < lanes ? _lane + 1 : 0;
                if (TryTake(_lane, _core.LaneAt(_lane), out request))
                {
                    _end.Found();
                    return true;
                }
            }
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
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToTake"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToTake"/>
    public ValueTask<bool> WaitToTakeAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>Serves until the token is cancelled.</summary>
    /// <param name="handler">
    /// Answers each request. One that it leaves unanswered, or that it throws over, fails with the message. It is called where the last one returned, or waits.
    /// </param>
    /// <param name="atOnce">How many may be handled at one time, all of which wait.</param>
    /// <param name="cancellationToken">Ends it; those that are being handled are waited for.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task RunAsync(Func<ServiceRequest, ValueTask> handler, int atOnce = 64, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(atOnce);
        using var places = new SemaphoreSlim(atOnce);
        try
        {
            while (true)
            {
                await places.WaitAsync(cancellationToken).ConfigureAwait(false);
                ServiceRequest request;
                try
                {
                    request = await TakeAsync(cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    _ = places.Release();
                    throw;
                }
                _ = HandleAsync(handler, request, places);
            }
        }
        finally
        {
            for (int i = 0; i < atOnce; i++)
                await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Serves no more. What it has not answered fails with <see cref="FailureReason.PeerClosed"/>, or goes to another server, as the client wishes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        // No more are made. Not under the gate, which who answers takes within a call's own.
        foreach (HeldCall call in _made)
            call.Leave(_reader);
        _bell?.Set();
        _end.Dispose();
        _channel.LeaveReader(_reader);
        _channel.Remove(_end);
    }

    /// <summary>From now on whoever has a call is told when nobody wants it any more, or when there is room.</summary>
    /// <param name="lane">Of its client.</param>
    internal void Watch(int lane)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            if (_bell is null)
            {
                _bell = _core.MakeServerBell(_reader);
                _ = ListenAsync(_bell);
            }
        }
        // Should it have died, its calls are cancelled now.
        ulong client = _channel.Memory.LaneAt(lane).Owner;
        if (client != 0)
            _ = _channel.IsGone(client);
    }

    internal void GiveBack(HeldCall call)
    {
        lock (_gate)
            _idle.Push(call);
    }

    private async Task ListenAsync(SharedEvent bell)
    {
        using (bell)
        {
            for (int i = 0; ; i = 0)
            {
                _ = await bell.WaitAsync().ConfigureAwait(false);
                // First, so that what comes while it looks is seen next.
                bell.Reset();
                for (; TryGet(i, out HeldCall? call); i++)
                    call.Look();
                if (_disposed)
                    return;
            }
        }
    }

    private bool TryGet(int index, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HeldCall? call)
    {
        lock (_gate)
        {
            call = !_disposed && index < _made.Count ? _made[index] : null;
            return call is not null;
        }
    }

    private bool TryTake(int lane, ServiceLane calls, out ServiceRequest request)
    {
        int used = calls.Used;
        int next = _next[lane];
        for (int i = 0; i < used; i++, next++)
        {
            if (next >= used)
                next = 0;
            CallSlot slot = calls.SlotAt(next);
            CallState state = slot.State;
            if (state.Phase != CallPhase.Waiting || !slot.TryTake(state, _reader))
                continue;
            _next[lane] = next + 1;
            request = Hold(lane, slot, state.TakenBy(_reader));
            return true;
        }
        request = default;
        return false;
    }

    private ServiceRequest Hold(int lane, CallSlot slot, CallState taken)
    {
        uint length = slot.RequestLength;
        if (length > (uint)_core.Block.LongestRequest)
        {
            ServiceCore.End(slot, _reader, CallPhase.Left);
            throw ChannelErrors.Corrupt(_channel.Name, $"a request is said to have {length:N0} bytes");
        }
        if (!_idle.TryPop(out HeldCall? call))
            _made.Add(call = new HeldCall(this, _core));
        call.Begin(lane, slot, taken, (int)length);
        return new ServiceRequest(call);
    }

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

    private static async Task HandleAsync(Func<ServiceRequest, ValueTask> handler, ServiceRequest request, SemaphoreSlim places)
    {
        try
        {
            // Here, and in what it calls.
            if (request.Activity is { } activity)
                Activity.Current = activity;
            await handler(request).ConfigureAwait(false);
            if (!request.IsOver)
                Fail(request, "The server gave no answer.");
        }
#pragma warning disable CA1031 // Whatever it is: the client is told.
        catch (Exception e)
        {
            Fail(request, e.Message);
        }
#pragma warning restore CA1031
        finally
        {
            _ = places.Release();
        }
    }

    private static void Fail(ServiceRequest request, string why)
    {
        try
        {
            if (!request.IsOver)
                _ = request.Fail(why);
        }
        catch (InvalidOperationException)
        {
            // The server was disposed meanwhile.
        }
    }

    private sealed class Ear(ServiceServer server, WaitStrategy strategy) : ChannelEnd(server._channel.Readers, server._reader, strategy)
    {
        public override bool IsReady => server._disposed || server.HasRequest();

        public override long? Lag => server._core.Waiting();

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            lock (server._gate)
            {
                foreach (HeldCall call in server._made)
                    counts.Add(call.Counts);
            }
        }

        // A client may die before it has told of a request.
        protected override void BeforeSleep() => server._channel.WatchWriters();
    }
}
