using System.Text.Unicode;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A call that a server has. Used again for the next one at that place, so that none allocates; the generation tells them apart.</summary>
internal sealed unsafe class HeldCall(HeldCalls calls, ServiceCore core, int lane, CallSlot slot)
{
    private readonly Lock _gate = new();
    private CallState _taken;
    private int _length;
    private ulong _written;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _room;
    private int _wanted;
    private bool _isOpen;

    public uint Generation { get; private set; }

    public int Length => _length;

    public bool IsStream { get; private set; }

    /// <summary>False: somebody wrote into the service's memory, and the one before has not been answered.</summary>
    public bool TryBegin(CallState taken, int length)
    {
        lock (_gate)
        {
            if (_isOpen)
                return false;
            (_taken, _length, _written, _isOpen) = (taken, length, 0, true);
            IsStream = slot.IsStream;
            return true;
        }
    }

    public ReadOnlySpan<byte> SpanOf(uint generation)
    {
        Check(generation);
        return new ReadOnlySpan<byte>(slot.Request, _length);
    }

    public bool IsCancelled(uint generation)
    {
        lock (_gate)
            return !IsOpen(generation) || slot.State != _taken;
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
            _ = Utf8.FromUtf16(why, new Span<byte>(slot.ByteAt(core.Block.FailureOffset), CallBlock.FailureCapacity), out _, out int length);
            slot.FailureLength = (uint)length;
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
            return slot.State == _taken && TryPut(response);
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
            slot.WantRoom(true);
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
            bool isOver = slot.State != _taken;
            if (isOver && _cancellation is { IsCancellationRequested: false })
                _ = _cancellation.CancelAsync();
            if (_room is null || !isOver && !HasRoom())
                return;
            slot.WantRoom(false);
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
            ServiceCore.End(slot, reader, CallPhase.Left);
            _ = _cancellation?.CancelAsync();
            _cancellation = null;
            Close();
        }
    }

    private void Watch()
    {
        calls.Watch(lane);
        // What was so before anybody was told.
        Look();
    }

    private bool End(CallPhase how)
    {
        bool ended = slot.TryAnswer(_taken, how);
        if (!ended)
            _ = slot.TryRelease(_taken);
        core.WakeClient(lane);
        if (_cancellation is not null && !_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = null;
        }
        Close();
        return ended;
    }

    private void Close()
    {
        _isOpen = false;
        Generation++;
        _room?.SetResult();
        _room = null;
    }

    private bool HasRoom()
    {
        ulong free = (uint)core.Block.Responses - (_written - slot.Read);
        int offset = (int)(_written & (uint)(core.Block.Responses - 1));
        // Where it does not fit at the end, first that is skipped.
        return (ulong)Math.Min(CallBlock.StrideOf(_wanted), core.Block.Responses - offset) <= free;
    }

    private bool TryPut(ReadOnlySpan<byte> response)
    {
        CallBlock block = core.Block;
        int stride = CallBlock.StrideOf(response.Length);
        ulong read = slot.Read;
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
        response.CopyTo(new Span<byte>(slot.ByteAt(block.ResponsesOffset + offset + CallBlock.ResponseHeader), response.Length));
        Publish(offset, (uint)response.Length, stride);
        return true;
    }

    private void Publish(int offset, ulong header, int length)
    {
        slot.SetResponseHeader(core.Block.ResponsesOffset + offset, header);
        _written += (uint)length;
        slot.Written = _written;
        if (IsStream)
            core.WakeClient(lane);
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
