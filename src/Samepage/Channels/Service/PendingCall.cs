using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What a client knows of one of its places for calls. Used again for each call there, so that none allocates.</summary>
/// <remarks>Whoever has opened it is alone with it until it lends the response, or closes it.</remarks>
internal sealed unsafe class PendingCall(ClientCalls calls, CallSlot slot)
{
    private CallUse _use;
    private uint _isAwaited;
    private ulong _serial;
    private ulong _read;
    private Activity? _activity;
    private bool _isTraced;
    private Counts _counts;

    public CallSlot Slot => slot;

    public ref CallUse Use => ref _use;

    public bool IsStream { get; private set; }

    public ref readonly Counts Counts => ref _counts;

    /// <summary>Somebody waits for news of it.</summary>
    public bool IsAwaited
    {
        get => SharedAtomics.Acquire(ref _isAwaited) != 0;
        set => SharedAtomics.Release(ref _isAwaited, value ? 1u : 0u);
    }

    /// <summary>There is something to read, or there will be no more.</summary>
    public bool HasNews => slot.State.Phase is not (CallPhase.Waiting or CallPhase.Taken) || IsStream && slot.Written != _read;

    /// <summary>Most likely there is news, or there is none. Costs the server less than <see cref="HasNews"/>: nobody exchanges what lies there.</summary>
    public bool MayHaveNews => CallBlock.IsOf(slot.ResponseHeader(calls.Core.Block.ResponsesOffset), _serial);

    /// <summary>All of a stream was read, and there will be no more.</summary>
    public bool IsAtEnd => slot.State.Phase != CallPhase.Taken && slot.Written == _read;

    public void Ask(ReadOnlySpan<byte> request, bool isStream)
    {
        (IsStream, _read) = (isStream, 0);
        request.CopyTo(new Span<byte>(slot.Request, request.Length));
        _counts.Sent++;
        _counts.SentBytes += request.Length;
        _isTraced = Tracing.IsOn && TryTrace();
        Ask(request.Length);
    }

    /// <summary>There is news that another server cannot mend.</summary>
    public bool IsOver(bool retryOnDeath) => HasNews && !(retryOnDeath && _read == 0 && TryAskAgain());

    /// <summary>The server died or left: the request lies there as it was.</summary>
    private bool TryAskAgain()
    {
        if (slot.State.Phase is not (CallPhase.Died or CallPhase.Left) || slot.RequestLength is var length && length > (uint)calls.Core.Block.LongestRequest)
            return false;
        Ask((int)length);
        return true;
    }

    /// <summary>The one response, lent to who asked. When there is none the call is closed.</summary>
    public ServiceResponse Answer()
    {
        IsAwaited = false;
        calls.Found();
        try
        {
            ThrowUnlessAnswered();
            End(succeeded: true);
            if (!TryReadNext(out ServiceResponse response, out _))
                throw Damaged(slot.Written);
            calls.Lend(this);
            return response;
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Close() => calls.Close(this);

    /// <summary>Its activity is over, unless it was before.</summary>
    public void End(bool succeeded)
    {
        if (_activity is not { } activity)
            return;
        _activity = null;
        Tracing.End(activity, succeeded);
    }

    public void ThrowUnlessAnswered()
    {
        CallState state = slot.State;
        if (state.Phase == CallPhase.Answered && state.Serial == _serial)
            return;
        string service = calls.Name;
        throw state.Phase switch
        {
            CallPhase.Died => Gone(FailureReason.PeerDied, "died"),
            CallPhase.Left => Gone(FailureReason.PeerClosed, "stopped serving"),
            CallPhase.Failed => new SharedObjectException(FailureReason.CallFailed,
                SharedText.Decode(new ReadOnlySpan<byte>(slot.ByteAt(calls.Core.Block.FailureOffset), (int)Math.Min(slot.FailureLength, CallBlock.FailureCapacity))),
                service, SharedObjectKind.Service),
            _ => ChannelErrors.Corrupt(service, $"a call is said to be in state {state.Word:X16}"),
        };
    }

    /// <summary>False: the server has written no more.</summary>
    /// <param name="response">What it has written next.</param>
    /// <param name="next">To <see cref="Advance"/> to, once that was read.</param>
    public bool TryReadNext(out ServiceResponse response, out ulong next)
    {
        CallBlock block = calls.Core.Block;
        ulong written = slot.Written;
        for (ulong read = _read; ;)
        {
            (response, next) = (default, read);
            if (read == written)
                return false;
            int offset = (int)(read & (uint)(block.Responses - 1));
            ulong header = slot.ResponseHeader(block.ResponsesOffset + offset);
            if (written - read > (uint)block.Responses)
                throw Damaged(written);
            if (header == CallBlock.Skip && offset != 0)
            {
                read += (uint)(block.Responses - offset);
                Advance(read);
                continue;
            }
            uint length = CallBlock.LengthOf(header);
            int stride = length > (uint)block.LongestResponse ? int.MaxValue : CallBlock.StrideOf((int)length);
            if (stride > block.Responses - offset || (ulong)stride > written - read)
                throw Damaged(written);
            next = read + (uint)stride;
            _counts.Received++;
            _counts.ReceivedBytes += length;
            response = new ServiceResponse(this, _use.Generation, block.ResponsesOffset + offset + CallBlock.ResponseHeader, (int)length);
            return true;
        }
    }

    /// <summary>The server may write there again.</summary>
    public void Advance(ulong next)
    {
        _use.Renew();
        _read = next;
        slot.Read = next;
        SharedAtomics.Fence();
        if (slot.WantsRoom)
            calls.Core.RingServer(slot.State.Server);
    }

    public ReadOnlySpan<byte> SpanOf(uint generation, int offset, int length)
    {
        ObjectDisposedException.ThrowIf(calls.IsDisposed || !_use.IsOpen(generation), typeof(ServiceResponse));
        return new ReadOnlySpan<byte>(slot.ByteAt(offset), length);
    }

    /// <summary>The response was read. Of a stream, the next one follows.</summary>
    public void EndResponse(uint generation)
    {
        if (_use.TryTakeBack(generation))
            calls.Close(this);
    }

    private void Ask(int length)
    {
        _serial = slot.State.Serial + 1;
        IsAwaited = true;
        slot.Ask(CallState.Asked(_serial), length, (IsStream ? CallBlock.Stream : 0) | (_isTraced ? CallBlock.Traced : 0));
        calls.Core.Channel.Readers.Wake();
    }

    /// <summary>What it is a part of goes along. False: there is no such thing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTrace()
    {
        _activity = Tracing.Begin(ActivityKind.Client, "call", calls.Name, default);
        if (_activity?.Context is not { } context && !Tracing.TryGetContext(out context))
            return false;
        TraceBlock.Write(slot.TraceIn(calls.Core.Block), context);
        return true;
    }

    private SharedObjectException Gone(FailureReason reason, string what)
    {
        LibraryEvents.Log.CallLost(calls.Name, what);
        return new(reason, $"The server that was at a call of \"{calls.Name}\" {what} before it had answered. Ask again, or let another server be asked at once.", calls.Name, SharedObjectKind.Service);
    }

    private SharedObjectException Damaged(ulong written) => ChannelErrors.Corrupt(calls.Name, $"a response of {written:N0} bytes in all is none");
}
