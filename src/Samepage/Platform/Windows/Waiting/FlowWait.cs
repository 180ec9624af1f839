using System.Runtime.ExceptionServices;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A wait with a flow lock in it: a thread of ours waits in the caller's place, and owns what it takes.</summary>
internal sealed class FlowWait(int count)
{
    // Whoever waits for one lock, waits for one at a time.
    [ThreadStatic]
    private static FlowWait? _single;

    private readonly WaitableBackend[] _backends = new WaitableBackend[count];
    private readonly nint[] _handles = new nint[count];
    private bool _all;
    private TimeSpan _timeout;
    private CancellationToken _token;
    private KernelHandle? _caller;
    private PendingFlow? _pending;
    private CancellationTokenSource? _beside;
    private WaitResult? _result;
    private int _index;
    private FlowMutex? _taken;
    private ExceptionDispatchInfo? _failure;

    public static bool IsFor(ReadOnlySpan<WaitableBackend> backends)
    {
        foreach (WaitableBackend backend in backends)
        {
            if (backend is KernelFlowLock)
                return true;
        }
        return false;
    }

    /// <summary>Puts the calling thread to sleep meanwhile. Null: cancelled.</summary>
    public static WaitResult? For(ReadOnlySpan<WaitableBackend> backends, bool all, TimeSpan timeout, CancellationToken token, out int index)
    {
        index = -1;
        if (SplitWait.IsFor(backends))
            return all ? throw SplitWait.RefusedForAll(backends) : SplitWait.Any(backends, timeout, token, out index);
        FlowWait wait = backends.Length == 1 ? _single ??= new FlowWait(1) : new FlowWait(backends.Length);
        wait.Hold(backends, all, timeout, token);
        wait.BeginForCaller();
        WaitResult? result = wait.End(out index);
        wait.ThrowIfFailed();
        return result;
    }

    /// <summary>A wait for any beside one of the calling thread's, which is cancelled when this one ends.</summary>
    public static FlowWait Begin(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationTokenSource beside, CancellationToken token)
    {
        var wait = new FlowWait(backends.Length) { _beside = beside };
        wait.Hold(backends, all: false, timeout, token);
        wait.BeginForCaller();
        return wait;
    }

    /// <summary>Of the calling thread's own wait, when the other thread is done with it. Null: cancelled.</summary>
    public WaitResult? End(out int index)
    {
        _ = OwnSignal.Await(_caller!, Timeout.InfiniteTimeSpan);
        LetGo();
        index = _index;
        return _result;
    }

    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>Undoes what a wait for any took. An abandoned mutex is abandoned again, so that its next owner is told.</summary>
    public void GiveBack()
    {
        if (_taken is { } taken)
            _ = taken.Release(abandons: _result == WaitResult.Abandoned);
    }

    /// <summary>A wait that is not the calling thread's, and holds what it waits for.</summary>
    public static FlowWait Prepare(ReadOnlySpan<WaitableBackend> backends, bool all, TimeSpan timeout, CancellationToken token)
    {
        var wait = new FlowWait(backends.Length);
        wait.Hold(backends, all, timeout, token);
        return wait;
    }

    /// <summary>Tells the pending wait of its end.</summary>
    public void BeginFor(PendingFlow pending)
    {
        _pending = pending;
        try
        {
            FlowOwner.Do(this);
        }
        catch (Exception e)
        {
            LetGo();
            pending.Finish(null, -1, e);
        }
    }

    /// <summary>On the owner's thread, which owns nothing now.</summary>
    public void Run(FlowOwner owner)
    {
        (_result, _index, _failure, _taken) = (WaitResult.TimedOut, -1, null, null);
        try
        {
            _result = _all
                ? KernelWaitSeveral.AllHeld(_backends, _handles, _timeout, _token, out _index)
                : KernelWaitSeveral.AnyHeld(_backends, _handles, _timeout, _token, out _index);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        if (_result is not (WaitResult.Signaled or WaitResult.Abandoned))
            return;
        lock (WaitKeeper.Gate)
        {
            for (int i = 0; i < _backends.Length; i++)
            {
                if ((_all || i == _index) && _backends[i] is KernelFlowLock taken)
                    owner.Own(_taken = taken.Mutex);
            }
        }
    }

    /// <summary>By the owner's thread, which is done with it.</summary>
    public void Tell()
    {
        _beside?.Cancel();
        if (_caller is not null)
        {
            _ = Kernel32.SetEvent(_caller);
            return;
        }
        LetGo();
        _pending!.Finish(_result, _index, _failure?.SourceException);
    }

    private void BeginForCaller()
    {
        try
        {
            _caller = OwnSignal.Mine;
            FlowOwner.Do(this);
        }
        catch
        {
            LetGo();
            throw;
        }
    }

    private void Hold(ReadOnlySpan<WaitableBackend> backends, bool all, TimeSpan timeout, CancellationToken token)
    {
        if (all)
            KernelWaitSeveral.CheckForAll(backends);
        FlowMutex.EnterAll(backends);
        try
        {
            KernelWaitSeveral.HoldAll(backends, _handles);
        }
        catch
        {
            FlowMutex.LeaveAll(backends);
            throw;
        }
        backends.CopyTo(_backends);
        (_all, _timeout, _token) = (all, timeout, token);
    }

    private void LetGo()
    {
        KernelWaitSeveral.LetGo(_backends);
        FlowMutex.LeaveAll(_backends);
        Array.Clear(_backends);
        _token = default;
    }
}
