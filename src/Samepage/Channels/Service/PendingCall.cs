using System.Threading.Tasks.Sources;
using Samepage.Atomics;

namespace Samepage.Channels;

/// <summary>What a client knows of one of its places for calls. Used again for each call there, so that none allocates.</summary>
internal sealed class PendingCall(CallWaits waits, CallSlot slot) : IValueTaskSource, IThreadPoolWorkItem
{
    private uint _isAwaited;
    private ManualResetValueTaskSourceCore<bool> _news;

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
    public bool HasNews => Slot.State.Phase is not (Layout.CallPhase.Waiting or Layout.CallPhase.Taken) || IsStream && Slot.Written != Read;

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
