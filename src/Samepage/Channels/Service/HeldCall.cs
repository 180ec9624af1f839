using System.Diagnostics;
using System.Text.Unicode;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A call that a server has. Used again for another one when it is answered, so that none allocates; the generation tells them apart.</summary>
internal sealed unsafe class HeldCall(ServiceServer server, ServiceCore core)
{
    private readonly Lock _gate = new();
    private CallSlot _slot;
    private CallState _taken;
    private int _lane;
    private int _length;
    private ulong _written;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _room;
    private int _wanted;
    private bool _isOpen;
    private bool _isTraced;
    private Activity? _activity;
    private Counts _counts;

    public uint Generation { get; private set; }

    public int Length => _length;

    public bool IsStream { get; private set; }

    public void Begin(int lane, CallSlot slot, CallState taken, int length)
    {
        lock (_gate)
        {
            (_lane, _slot, _taken, _length, _written, _isOpen) = (lane, slot, taken, length, 0, true);
            uint flags = slot.Flags;
            IsStream = (flags & CallBlock.Stream) != 0;
            _isTraced = (flags & CallBlock.Traced) != 0;
            _counts.Received++;
            _counts.ReceivedBytes += length;
            if (Tracing.IsOn)
                _activity = Tracing.Begin(ActivityKind.Server, "serve", core.Channel.Name, Context);
        }
    }

    public ref readonly Counts Counts => ref _counts;

    public ActivityContext ContextOf(uint generation)
    {
        Check(generation);
        return Context;
    }

    public Activity? ActivityOf(uint generation)
    {
        Check(generation);
        return _activity;
    }

    private ActivityContext Context => _isTraced ? TraceBlock.Read(_slot.TraceIn(core.Block)) : default;

    public ReadOnlySpan<byte> SpanOf(uint generation)
    {
        Check(generation);
        return new ReadOnlySpan<byte>(_slot.Request, _length);
    }

    public bool IsCancelled(uint generation)
    {
        lock (_gate)
            return !IsOpen(generation) || _slot.State != _taken;
    }

    public CancellationToken TokenOf(uint generation)
    {
        CancellationToken token;
        lock (_gate)
        {
            Check(generation);
            token = (_cancellation ??= new CancellationTokenSource()).Token;
        }
        Watch();
        return token;
    }

    /// <summary>The one response. False: nobody wants it any more.</summary>
    public bool Reply(uint generation, ReadOnlySpan<byte> response)
    {
        CheckLength(response.Length);
        lock (_gate)
        {
            Check(generation);
            if (IsStream)
                throw new InvalidOperationException("The client asked for a stream: write each response, and complete it.");
            _ = TryPut(response);
            return End(CallPhase.Answered);
        }
    }

    public bool Complete(uint generation)
    {
        lock (_gate)
        {
            Check(generation);
            if (!IsStream)
                throw new InvalidOperationException("The client asked for one response: reply.");
            return End(CallPhase.Answered);
        }
    }

    public bool Fail(uint generation, string why)
    {
        lock (_gate)
        {
            Check(generation);
            _ = Utf8.FromUtf16(why, new Span<byte>(_slot.ByteAt(core.Block.FailureOffset), CallBlock.FailureCapacity), out _, out int length);
            _slot.FailureLength = (uint)length;
            return End(CallPhase.Failed);
        }
    }

    /// <summary>One of several responses. False: there is no room now, or nobody wants it any more.</summary>
    public bool TryWrite(uint generation, ReadOnlySpan<byte> response)
    {
        CheckLength(response.Length);
        lock (_gate)
        {
            Check(generation);
            if (!IsStream)
                throw new InvalidOperationException("The client asked for one response: reply.");
            return _slot.State == _taken && TryPut(response);
        }
    }

    /// <summary>Until there may be room, or nobody wants it any more.</summary>
    public Task WaitForRoomAsync(uint generation, int length)
    {
        Task room;
        lock (_gate)
        {
            Check(generation);
            room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            _slot.WantRoom(true);
            _counts.FullWaits++;
            _wanted = length;
        }
        Watch();
        return room;
    }

    /// <summary>Tells the handler what has changed.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (!_isOpen)
                return;
            bool isOver = _slot.State != _taken;
            if (isOver && _cancellation is { IsCancellationRequested: false })
                _ = _cancellation.CancelAsync();
            if (_room is null || !isOver && !HasRoom())
                return;
            _slot.WantRoom(false);
            _room.SetResult();
            _room = null;
        }
    }

    /// <summary>The server stops serving.</summary>
    public void Leave(int reader)
    {
        lock (_gate)
        {
            if (!_isOpen)
                return;
            ServiceCore.End(_slot, reader, CallPhase.Left);
            _ = _cancellation?.CancelAsync();
            _cancellation = null;
            Close(answered: false);
        }
    }

    private void Watch()
    {
        server.Watch(_lane);
        // What was so before anybody was told.
        Look();
    }

    private bool End(CallPhase how)
    {
        bool ended = _slot.TryAnswer(_taken, how);
        if (!ended)
            _ = _slot.TryRelease(_taken);
        core.WakeClient(_lane);
        if (_cancellation is not null && !_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = null;
        }
        Close(how == CallPhase.Answered);
        server.GiveBack(this);
        return ended;
    }

    private void Close(bool answered)
    {
        if (_activity is { } activity)
        {
            _activity = null;
            Tracing.End(activity, answered);
        }
        _isOpen = false;
        Generation++;
        _room?.SetResult();
        _room = null;
    }

    private bool HasRoom()
    {
        ulong free = (uint)core.Block.Responses - (_written - _slot.Read);
        int offset = (int)(_written & (uint)(core.Block.Responses - 1));
        // Where it does not fit at the end, first that is skipped.
        return (ulong)Math.Min(CallBlock.StrideOf(_wanted), core.Block.Responses - offset) <= free;
    }

    private bool TryPut(ReadOnlySpan<byte> response)
    {
        CallBlock block = core.Block;
        int stride = CallBlock.StrideOf(response.Length);
        ulong read = _slot.Read;
        if (_written - read > (uint)block.Responses)
            throw ChannelErrors.Corrupt(core.Channel.Name, $"of {_written:N0} bytes of responses {read:N0} are said to have been read");
        ulong free = (uint)block.Responses - (_written - read);
        int offset = (int)(_written & (uint)(block.Responses - 1));
        int rest = block.Responses - offset;
        if (stride > rest)
        {
            if ((ulong)rest > free)
                return false;
            Publish(offset, CallBlock.Skip, rest);
            free -= (uint)rest;
            offset = 0;
        }
        if ((ulong)stride > free)
            return false;
        response.CopyTo(new Span<byte>(_slot.ByteAt(block.ResponsesOffset + offset + CallBlock.ResponseHeader), response.Length));
        Publish(offset, (uint)response.Length, stride);
        _counts.Sent++;
        _counts.SentBytes += response.Length;
        return true;
    }

    private void Publish(int offset, ulong header, int length)
    {
        _slot.SetResponseHeader(core.Block.ResponsesOffset + offset, header);
        _written += (uint)length;
        _slot.Written = _written;
        if (IsStream)
            core.WakeClient(_lane);
    }

    private void CheckLength(int length)
    {
        if (length > core.Block.LongestResponse)
            throw new ArgumentException($"A response of {length:N0} bytes does not fit into service \"{core.Channel.Name}\", which takes {core.Block.LongestResponse:N0} at most. Stream it, or make the service with more room.");
    }

    private bool IsOpen(uint generation) => _isOpen && Generation == generation;

    private void Check(uint generation)
    {
        if (!IsOpen(generation))
            throw new InvalidOperationException("The request has been answered before, or the server was disposed.");
    }
}
