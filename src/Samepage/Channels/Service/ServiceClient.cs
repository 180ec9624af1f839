using System.Runtime.CompilerServices;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who calls a service. There may be many calls at a time; they are answered in any order.</summary>
/// <remarks>
/// <para>All members may be called from any thread at the same time. A call waits for a server, should none be there; its time and its token end it, and the server is told.</para>
/// <para>Nothing is allocated for a call that a thread waits for. One that is awaited allocates where .NET's pools of what it needs for that are empty.</para>
/// </remarks>
public sealed class ServiceClient : IDisposable
{
    private readonly ServiceCore _core;
    private readonly ChannelCore _channel;
    private readonly Sleepers _servers;
    private readonly ServiceLane _places;
    private readonly PendingCall?[] _calls;
    private readonly CallWaits _waits;
    private readonly Lock _gate = new();
    private readonly End _end;
    private readonly int _lane;
    private int _used;
    private int _busy;
    private bool _disposed;

    internal ServiceClient(ServiceCore core, WaitStrategy strategy)
    {
        ChannelEnd.Check(strategy);
        _core = core;
        _channel = core.Channel;
        _servers = _channel.Readers;
        _calls = new PendingCall?[core.Calls];
        _waits = new CallWaits(_calls);
        _lane = _channel.TakeLane();
        try
        {
            _end = new End(this, strategy);
            _waits.Begin(_end);
            _places = core.LaneAt(_lane);
            _used = 0;
            _channel.Memory.Use(_lane);
        }
        catch
        {
            _channel.Memory.LaneAt(_lane).Leave();
            throw;
        }
        _channel.Add(_end);
        // Whoever sleeps watches this process from now on.
        _servers.WakeCarefully();
    }

    /// <summary>In bytes.</summary>
    public int LongestRequest => _core.Block.LongestRequest;

    /// <summary>Of each response, in bytes.</summary>
    public int LongestResponse => _core.Block.LongestResponse;

    /// <summary>Calls, and waits for the response.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="response">The response, in place, to be disposed; until then it counts as a call.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>False: the time has run out; the server was told.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestRequest"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.PeerDied"/>, <see cref="FailureReason.PeerClosed"/>: the server died or left before it answered. <see cref="FailureReason.CallFailed"/>: it
    /// could not answer, and the message is its own. <see cref="FailureReason.LimitReached"/>: there are <see cref="ServiceOptions.MaxCalls"/> calls already.
    /// <see cref="FailureReason.Corrupt"/>: somebody wrote into the service's memory. <see cref="FailureReason.OutOfSpace"/>: there is no memory for the request.
    /// </exception>
    public bool Call(ReadOnlySpan<byte> request, out ServiceResponse response, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        PendingCall call = Ask(request, isStream: false);
        bool answered = false;
        try
        {
            for (var time = new TimeLeft(timeout); !IsOver(call, retryOnDeath); _waits.WakeAll())
            {
                if (!_end.Wait(time.Left, cancellationToken) && !call.HasNews)
                {
                    response = default;
                    return false;
                }
                ObjectDisposedException.ThrowIf(_disposed, this);
            }
            answered = true;
            response = Answer(call);
            return true;
        }
        finally
        {
            if (!answered)
                Close(call);
            Leave();
        }
    }

    /// <summary>As <see cref="Call"/>, without a thread that waits.</summary>
    /// <param name="request">Its bytes; sent when this returns.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave: it may then be done twice.</param>
    /// <param name="cancellationToken">Ends the call; the server is told.</param>
    /// <returns>The response, in place, to be disposed; until then it counts as a call.</returns>
    /// <inheritdoc cref="Call"/>
    /// <exception cref="TimeoutException">The time has run out; the server was told.</exception>
    public ValueTask<ServiceResponse> CallAsync(ReadOnlySpan<byte> request, TimeSpan timeout, bool retryOnDeath = false, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return AnswerAsync(Ask(request, isStream: false), timeout, retryOnDeath, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ServiceResponse> AnswerAsync(PendingCall call, TimeSpan timeout, bool retryOnDeath, CancellationToken cancellationToken)
    {
        bool answered = false;
        try
        {
            await NewsAsync(call, DeadlineOf(timeout), retryOnDeath, cancellationToken).ConfigureAwait(false);
            answered = true;
            return Answer(call);
        }
        finally
        {
            if (!answered)
                Close(call);
            Leave();
        }
    }

    /// <summary>Calls, and reads as many responses as the server gives, as they come. Each can be read until it is disposed or the next is asked for.</summary>
    /// <param name="request">Its bytes.</param>
    /// <param name="timeout">For all of it. As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="retryOnDeath">Another server is asked, should the one that has the request die or leave before its first response was read.</param>
    /// <param name="cancellationToken">Ends the call; the server is told, as it is when no more responses are asked for.</param>
    /// <inheritdoc cref="CallAsync"/>
    public async IAsyncEnumerable<ServiceResponse> StreamAsync(ReadOnlyMemory<byte> request, TimeSpan timeout, bool retryOnDeath = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        long deadline = DeadlineOf(timeout);
        PendingCall call = Ask(request.Span, isStream: true);
        try
        {
            while (true)
            {
                await NewsAsync(call, deadline, retryOnDeath && call.Read == 0, cancellationToken).ConfigureAwait(false);
                while (TryReadNext(call, out ServiceResponse response, out ulong next))
                {
                    yield return response;
                    Advance(call, next);
                }
                if (call.Slot.State.Phase != CallPhase.Taken && call.Slot.Written == call.Read)
                    break;
            }
            ThrowUnlessAnswered(call);
            call.End(succeeded: true);
        }
        finally
        {
            Close(call);
            Leave();
        }
    }

    /// <summary>Calls no more. Whatever has not been answered is cancelled.</summary>
    public void Dispose()
    {
        bool isLast;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            isLast = _busy == 0;
        }
        _waits.End();
        _end.Dispose();
        if (isLast)
            GiveUp();
    }

    internal unsafe ReadOnlySpan<byte> SpanOf(PendingCall call, uint generation, int offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed || !call.IsOpen || call.Generation != generation, typeof(ServiceResponse));
        return new ReadOnlySpan<byte>(call.Slot.ByteAt(offset), length);
    }

    /// <summary>Of a stream, the next response follows.</summary>
    internal void EndResponse(PendingCall call, uint generation)
    {
        if (call.Generation == generation && !call.IsStream)
            Close(call);
    }

    private unsafe PendingCall Ask(ReadOnlySpan<byte> request, bool isStream)
    {
        if (request.Length > LongestRequest)
            throw new ArgumentException($"A request of {request.Length:N0} bytes does not fit into service \"{_channel.Name}\", which takes {LongestRequest:N0} at most.");
        PendingCall call = TakePlace();
        (call.IsStream, call.Read, call.Generation) = (isStream, 0, call.Generation + 1);
        request.CopyTo(new Span<byte>(call.Slot.Request, request.Length));
        call.Begin(_core, request.Length);
        Ask(call, request.Length);
        return call;
    }

    private void Ask(PendingCall call, int length)
    {
        call.Serial = call.Slot.State.Serial + 1;
        call.IsAwaited = true;
        call.Slot.Ask(CallState.Asked(call.Serial), length, call.Flags);
        _servers.Wake();
    }

    private PendingCall TakePlace()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (int i = 0; i < _calls.Length; i++)
            {
                if (_calls[i] is not { } call)
                    call = Make(i);
                // One that was given up is the server's until it knows of that.
                if (call.IsOpen || call.Slot.State.Phase != CallPhase.Free)
                    continue;
                call.IsOpen = true;
                _busy++;
                return call;
            }
        }
        throw new SharedObjectException(FailureReason.LimitReached,
            $"This client of service \"{_channel.Name}\" has {_calls.Length:N0} calls already, and it was made for no more. Wait for one of them, or make another client.",
            _channel.Name, SharedObjectKind.Service);
    }

    private PendingCall Make(int place)
    {
        if (place >= _places.Used)
            _places.Use(place);
        _used = place + 1;
        return _calls[place] = new PendingCall(_waits, _places.SlotAt(place));
    }

    /// <summary>The server died or left: the request lies there as it was.</summary>
    private bool TryAskAgain(PendingCall call)
    {
        if (call.Slot.State.Phase is not (CallPhase.Died or CallPhase.Left) || call.Slot.RequestLength is var length && length > (uint)LongestRequest)
            return false;
        Ask(call, (int)length);
        return true;
    }

    private bool IsOver(PendingCall call, bool retryOnDeath) => call.HasNews && !(retryOnDeath && TryAskAgain(call));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask NewsAsync(PendingCall call, long deadline, bool retryOnDeath, CancellationToken token)
    {
        call.Deadline = deadline;
        while (true)
        {
            if (call.HasNews || LooksAWhile(call))
            {
                if (IsOver(call, retryOnDeath))
                    break;
                continue;
            }
            await _waits.ParkAsync(call, token).ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (call.HasNews)
                continue;
            token.ThrowIfCancellationRequested();
            if (deadline <= Environment.TickCount64)
                throw new TimeoutException($"Service \"{_channel.Name}\" has not answered in time.");
        }
        call.IsAwaited = false;
        _end.Found();
    }

    /// <summary>A response that is on its way costs less so than a sleep.</summary>
    private bool LooksAWhile(PendingCall call)
    {
        for (int i = 0; _end.Spins && i < ChannelEnd.BriefLooks; i++)
        {
            Atomics.Spinner.Pause();
            if (call.HasNews)
                return true;
        }
        return false;
    }

    private static long DeadlineOf(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)Math.Ceiling(timeout.TotalMilliseconds);

    /// <summary>The one response; otherwise the call is over.</summary>
    private ServiceResponse Answer(PendingCall call)
    {
        call.IsAwaited = false;
        _end.Found();
        try
        {
            ThrowUnlessAnswered(call);
            call.End(succeeded: true);
            return TryReadNext(call, out ServiceResponse response, out _) ? response : throw Damaged(call.Slot.Written);
        }
        catch
        {
            Close(call);
            throw;
        }
    }

    private unsafe void ThrowUnlessAnswered(PendingCall call)
    {
        CallState state = call.Slot.State;
        if (state.Phase == CallPhase.Answered && state.Serial == call.Serial)
            return;
        throw state.Phase switch
        {
            CallPhase.Died => Gone(FailureReason.PeerDied, "died"),
            CallPhase.Left => Gone(FailureReason.PeerClosed, "stopped serving"),
            CallPhase.Failed => new SharedObjectException(FailureReason.CallFailed,
                System.Text.Encoding.UTF8.GetString(call.Slot.ByteAt(_core.Block.FailureOffset), (int)Math.Min(call.Slot.FailureLength, CallBlock.FailureCapacity)),
                _channel.Name, SharedObjectKind.Service),
            _ => ChannelErrors.Corrupt(_channel.Name, $"a call is said to be in state {state.Word:X16}"),
        };
    }

    private SharedObjectException Gone(FailureReason reason, string what)
    {
        LibraryEvents.Log.CallLost(_channel.Name, what);
        return new(reason, $"The server that was at a call of \"{_channel.Name}\" {what} before it had answered. Ask again, or let another server be asked at once.", _channel.Name, SharedObjectKind.Service);
    }

    private bool TryReadNext(PendingCall call, out ServiceResponse response, out ulong next)
    {
        CallBlock block = _core.Block;
        ulong written = call.Slot.Written;
        for (ulong read = call.Read; ;)
        {
            (response, next) = (default, read);
            if (read == written)
                return false;
            int offset = (int)(read & (uint)(block.Responses - 1));
            ulong header = call.Slot.ResponseHeader(block.ResponsesOffset + offset);
            if (written - read > (uint)block.Responses)
                throw Damaged(written);
            if (header == CallBlock.Skip && offset != 0)
            {
                read += (uint)(block.Responses - offset);
                Advance(call, read);
                continue;
            }
            if (header > (uint)block.LongestResponse || offset + CallBlock.StrideOf((int)header) > block.Responses || (ulong)CallBlock.StrideOf((int)header) > written - read)
                throw Damaged(written);
            next = read + (uint)CallBlock.StrideOf((int)header);
            call.Received((int)header);
            response = new ServiceResponse(this, call, call.Generation, block.ResponsesOffset + offset + CallBlock.ResponseHeader, (int)header);
            return true;
        }
    }

    /// <summary>The server may write there again.</summary>
    private void Advance(PendingCall call, ulong next)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        call.Generation++;
        call.Read = next;
        CallSlot slot = call.Slot;
        slot.Read = next;
        Atomics.SharedAtomics.Fence();
        if (slot.WantsRoom)
            _core.RingServer(slot.State.Server);
    }

    private SharedObjectException Damaged(ulong written) => ChannelErrors.Corrupt(_channel.Name, $"a response of {written:N0} bytes in all is none");

    /// <summary>Its place is free for the next; a server that still has it is told.</summary>
    private void Close(PendingCall call)
    {
        call.End(succeeded: false);
        lock (_gate)
        {
            if (_disposed || !call.IsOpen)
                return;
            call.Generation++;
            call.IsAwaited = false;
            _core.Withdraw(call.Slot);
            call.IsOpen = false;
        }
    }

    /// <summary>A call has ended, and looks at nothing any more.</summary>
    private void Leave()
    {
        bool isLast;
        lock (_gate)
            isLast = --_busy == 0 && _disposed;
        if (isLast)
            GiveUp();
    }

    private void GiveUp()
    {
        try
        {
            _core.EndClient(_lane);
        }
        finally
        {
            _channel.Writers.Forget(_lane);
            _channel.Memory.LaneAt(_lane).Leave();
            _channel.Remove(_end);
        }
    }

    private sealed class End(ServiceClient client, WaitStrategy strategy) : ChannelEnd(client._channel.Writers, client._lane, strategy)
    {
        public override bool IsReady
        {
            get
            {
                if (client._disposed || client._waits.HasAttention)
                    return true;
                for (int i = 0; i < client._used; i++)
                {
                    if (client._calls[i] is { IsAwaited: true } call && call.HasNews)
                        return true;
                }
                return false;
            }
        }

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            foreach (PendingCall? call in client._calls)
            {
                if (call is not null)
                    counts.Add(call.Counts);
            }
        }

        // A server may die before it has told of a response.
        protected override void BeforeSleep() => client._channel.WatchReaders();
    }
}
