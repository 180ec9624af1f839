using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What a client knows of one of its places for calls. Used again for each call there, so that none allocates.</summary>
internal sealed class PendingCall(CallWaits waits, CallSlot slot) : IValueTaskSource, IThreadPoolWorkItem
{
    private uint _isAwaited;
    private ManualResetValueTaskSourceCore<bool> _news;
    private Activity? _activity;
    private bool _isTraced;
    private Counts _counts;

    public CallSlot Slot { get; } = slot;

    /// <summary>It was asked, or its response is being read.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Somebody waits for news of it.</summary>
    public bool IsAwaited
    {
        get => SharedAtomics.Acquire(ref _isAwaited) != 0;
        set => SharedAtomics.Release(ref _isAwaited, value ? 1u : 0u);
    }

    public bool IsStream { get; set; }

    /// <summary>As it was asked: whatever else is there is not of this call.</summary>
    public ulong Serial { get; set; }

    /// <summary>How many bytes of responses were read.</summary>
    public ulong Read { get; set; }

    /// <summary>Tells one use of the place from the next.</summary>
    public uint Generation { get; set; }

    /// <summary>Somebody waits without a thread. Under the gate of the waits.</summary>
    public bool IsParked { get; set; }

    /// <summary>By the system's clock of milliseconds; <see cref="long.MaxValue"/>: none.</summary>
    public long Deadline { get; set; }

    /// <summary>Why it could not wait.</summary>
    public Exception? Fault { get; set; }

    /// <summary>There is something to read, or there will be no more.</summary>
    public bool HasNews => Slot.State.Phase is not (CallPhase.Waiting or CallPhase.Taken) || IsStream && Slot.Written != Read;

    /// <summary>As the client asks.</summary>
    public uint Flags => (IsStream ? CallBlock.Stream : 0) | (_isTraced ? CallBlock.Traced : 0);

    public ref readonly Counts Counts => ref _counts;

    /// <summary>It is about to be asked.</summary>
    public void Begin(ServiceCore core, int length)
    {
        _counts.Sent++;
        _counts.SentBytes += length;
        _isTraced = Tracing.IsOn && TryTrace(core);
    }

    /// <summary>Its activity is over, unless it was before.</summary>
    public void End(bool succeeded)
    {
        if (_activity is not { } activity)
            return;
        _activity = null;
        Tracing.End(activity, succeeded);
    }

    public void Received(int length)
    {
        _counts.Received++;
        _counts.ReceivedBytes += length;
    }

    /// <summary>What it is a part of goes along. False: there is no such thing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTrace(ServiceCore core)
    {
        _activity = Tracing.Begin(ActivityKind.Client, "call", core.Channel.Name, default);
        if (_activity?.Context is not { } context && !Tracing.TryGetContext(out context))
            return false;
        TraceBlock.Write(Slot.TraceIn(core.Block), context);
        return true;
    }

    /// <summary>Looks no more.</summary>
    public void Wake() => waits.Wake(this);

    public ValueTask Park()
    {
        Fault = null;
        _news.Reset();
        IsParked = true;
        return new ValueTask(this, _news.Version);
    }

    /// <summary>On a thread of the pool, which goes on with the one who waits.</summary>
    public void Execute()
    {
        if (Fault is { } fault)
            _news.SetException(fault);
        else
            _news.SetResult(true);
    }

    public void GetResult(short token) => _news.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _news.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _news.OnCompleted(continuation, state, token, flags);
}
