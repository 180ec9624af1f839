using System.Diagnostics;
using System.Text.Unicode;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A call that a server has. Used again for the next one at that place, so that none allocates; the generation tells them apart.</summary>
internal sealed unsafe class HeldCall(HeldCalls calls, ServiceCore core, int lane, CallSlot slot)
{
    private readonly Lock _gate = new();
    private CallUse _use;
    private CallState _taken;
    private ulong _written;
    private uint _isWatched;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _room;
    private int _wanted;
    private bool _isTraced;
    private Activity? _activity;
    private Counts _counts;

    public uint Generation => _use.Generation;

    public int Length { get; private set; }

    public bool IsStream { get; private set; }

    /// <summary>By the one who takes. False: somebody wrote into the service's memory, and the one before has not been answered.</summary>
    public bool TryBegin(CallState taken, int length)
    {
        // Who answered the one before may not be through, as the client was faster; it is in a moment.
        for (var spin = new SpinWait(); !_use.IsFree; spin.SpinOnce())
        {
            if (_use.IsLent)
                return false;
        }
        (_taken, Length, _written) = (taken, length, 0);
        uint flags = slot.Flags;
        IsStream = (flags & CallBlock.Stream) != 0;
        _isTraced = (flags & CallBlock.Traced) != 0;
        _counts.Received++;
        _counts.ReceivedBytes += length;
        if (Tracing.IsOn)
            _activity = Tracing.Begin(ActivityKind.Server, "serve", core.Channel.Name, Context);
        _use.Lend();
        return true;
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

    private ActivityContext Context => _isTraced ? TraceBlock.Read(slot.TraceIn(core.Block)) : default;

    public ReadOnlySpan<byte> SpanOf(uint generation)
    {
        Check(generation);
        return new ReadOnlySpan<byte>(slot.Request, Length);
    }

    public bool IsCancelled(uint generation)
    {
        lock (_gate)
            return !_use.IsOpen(generation) || slot.State != _taken;
    }

    public CancellationToken TokenOf(uint generation)
    {
        CancellationToken token;
        lock (_gate)
        {
            Check(generation);
            token = (_cancellation ??= new CancellationTokenSource()).Token;
            SharedAtomics.Release(ref _isWatched, 1);
        }
        Watch();
        return token;
    }

    /// <summary>The one response. False: nobody wants it any more.</summary>
    public bool Reply(uint generation, ReadOnlySpan<byte> response)
    {
        CheckLength(response.Length);
        Enter(generation, isStream: false);
        try
        {
            _ = TryPut(response);
            return End(CallPhase.Answered);
        }
        finally
        {
            _use.Close();
        }
    }

    public bool Complete(uint generation)
    {
        Enter(generation, isStream: true);
        try
        {
            return End(CallPhase.Answered);
        }
        finally
        {
            _use.Close();
        }
    }

    public bool Fail(uint generation, string why)
    {
        Enter(generation, IsStream);
        try
        {
            _ = Utf8.FromUtf16(why, new Span<byte>(slot.ByteAt(core.Block.FailureOffset), CallBlock.FailureCapacity), out _, out int length);
            slot.FailureLength = (uint)length;
            return End(CallPhase.Failed);
        }
        finally
        {
            _use.Close();
        }
    }

    /// <summary>One of several responses. False: there is no room now, or nobody wants it any more.</summary>
    public bool TryWrite(uint generation, ReadOnlySpan<byte> response)
    {
        CheckLength(response.Length);
        Enter(generation, isStream: true);
        try
        {
            return slot.State == _taken && TryPut(response);
        }
        finally
        {
            _use.Lend();
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
            _counts.FullWaits++;
            _wanted = length;
            SharedAtomics.Release(ref _isWatched, 1);
        }
        Watch();
        return room;
    }

    /// <summary>Tells the handler what has changed.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_isWatched == 0)
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

    /// <summary>The server stops serving, and takes no more.</summary>
    public void Leave(int reader)
    {
        // One who is just answering is through in a moment; not under the gate, which he may want.
        for (var spin = new SpinWait(); !_use.TryRevoke(); spin.SpinOnce())
        {
        }
        ServiceCore.End(slot, reader, CallPhase.Left);
        lock (_gate)
        {
            _ = _cancellation?.CancelAsync();
            _cancellation = null;
            EndWatch();
        }
        EndActivity(answered: false);
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
        if (SharedAtomics.Acquire(ref _isWatched) != 0)
        {
            lock (_gate)
                EndWatch();
        }
        EndActivity(how == CallPhase.Answered);
        return ended;
    }

    private void EndActivity(bool answered)
    {
        if (_activity is not { } activity)
            return;
        _activity = null;
        Tracing.End(activity, answered);
    }

    /// <summary>Under the gate: there will be no news of this call.</summary>
    private void EndWatch()
    {
        if (_cancellation is not null && !_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = null;
        }
        _room?.SetResult();
        _room = null;
        SharedAtomics.Release(ref _isWatched, 0);
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
        _counts.Sent++;
        _counts.SentBytes += response.Length;
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

    /// <summary>Busy with it, alone.</summary>
    private void Enter(uint generation, bool isStream)
    {
        if (!_use.TryTakeBack(generation))
            throw Ended();
        if (IsStream == isStream)
            return;
        _use.Lend();
        throw new InvalidOperationException(IsStream
            ? "The client asked for a stream: write each response, and complete it."
            : "The client asked for one response: reply.");
    }

    private void Check(uint generation)
    {
        if (!_use.IsOpen(generation))
            throw Ended();
    }

    private static InvalidOperationException Ended() =>
        new("The request has been answered before, another thread is answering it, or the server was disposed.");
}
