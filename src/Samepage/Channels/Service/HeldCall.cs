using System.Diagnostics;
using System.Text.Unicode;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A call that a server has. Used again for the next one at that place, so that none allocates; the generation tells them apart.</summary>
internal sealed unsafe partial class HeldCall(HeldCalls calls, ServiceCore core, int lane, CallSlot slot)
{
    private readonly Lock _gate = new();
    private CallUse _use;
    private CallState _taken;
    private ulong _written;
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
        // Somebody asked for its token while another thread answered: that was the call before.
        if (SharedAtomics.Acquire(ref _isWatched) != 0)
        {
            lock (_gate)
                EndWatch();
        }
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

    /// <summary>The one response. False: nobody wants it any more.</summary>
    public bool Reply(uint generation, ReadOnlySpan<byte> response)
    {
        CheckLength(response.Length);
        Enter(generation, isStream: false);
        try
        {
            _ = TryPut(response);
        }
        catch
        {
            // It can still fail.
            _use.Lend();
            throw;
        }
        return End(CallPhase.Answered);
    }

    public bool Complete(uint generation)
    {
        Enter(generation, isStream: true);
        return End(CallPhase.Answered);
    }

    public bool Fail(uint generation, string why)
    {
        Enter(generation, IsStream);
        _ = Utf8.FromUtf16(why, new Span<byte>(slot.ByteAt(core.Block.FailureOffset), CallBlock.FailureCapacity), out _, out int length);
        slot.FailureLength = (uint)length;
        return End(CallPhase.Failed);
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

    /// <summary>By who is busy with it, and through.</summary>
    private bool End(CallPhase how)
    {
        try
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
        finally
        {
            _use.Close();
        }
    }

    private void EndActivity(bool answered)
    {
        if (_activity is not { } activity)
            return;
        _activity = null;
        Tracing.End(activity, answered);
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
        Publish(offset, CallBlock.HeaderOf(response.Length, _taken.Serial), stride);
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
