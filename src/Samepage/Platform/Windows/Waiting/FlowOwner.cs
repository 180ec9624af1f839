using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A thread of ours that waits for a flow, one wait at a time, and owns the mutexes that it took until flows release them.</summary>
/// <remarks>
/// It waits only while it owns nothing: a mutex that it owned it would get again at once. So the kernel excludes flows from each other as it excludes
/// threads. What it took from a wait is exactly what the wait says, for there is only one call of the system's.
/// </remarks>
internal sealed class FlowOwner : IMutexOwner
{
    private const int Stack = 256 * 1024;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(10);

    // Those that own nothing and wait for nothing, the latest last. Under the keepers' gate, as all else.
    private static readonly List<FlowOwner> _free = [];

    private readonly KernelHandle _stir;
    private readonly List<FlowMutex> _releases = [];
    private FlowWait? _wait;
    private int _owned;
    private bool _isFree;

    private FlowOwner(KernelHandle stir) => _stir = stir;

    /// <summary>Has the wait done by a thread that is free, or by a new one.</summary>
    public static void Do(FlowWait wait)
    {
        lock (WaitKeeper.Gate)
        {
            if (_free.Count > 0)
            {
                FlowOwner owner = _free[^1];
                _free.RemoveAt(_free.Count - 1);
                owner._isFree = false;
                owner._wait = wait;
                _ = Kernel32.SetEvent(owner._stir);
                return;
            }
        }
        Start(wait);
    }

    /// <summary>Under the gate.</summary>
    public void Own(FlowMutex taken)
    {
        taken.Take(this);
        _owned++;
    }

    public void Release(FlowMutex mutex)
    {
        _releases.Add(mutex);
        _ = Kernel32.SetEvent(_stir);
    }

    private static void Start(FlowWait wait)
    {
        KernelHandle stir = OwnSignal.Create();
        try
        {
            var owner = new FlowOwner(stir) { _wait = wait };
            new Thread(owner.Run, Stack) { IsBackground = true, Name = "Samepage lock" }.UnsafeStart();
        }
        catch
        {
            stir.Dispose();
            throw;
        }
    }

    private void Run()
    {
        do
        {
            if (_wait is { } wait)
            {
                _wait = null;
                wait.Run(this);
                lock (WaitKeeper.Gate)
                    BecomeFree();
                wait.Tell();
            }
        }
        while (Sleep());
        _stir.Dispose();
    }

    /// <summary>Until there is something to do; false when there was nothing for long, or when the thread's end is what was asked for.</summary>
    private bool Sleep()
    {
        bool stirred = OwnSignal.Await(_stir, _isFree ? _idle : Timeout.InfiniteTimeSpan);
        lock (WaitKeeper.Gate)
        {
            if (!stirred && _free.Remove(this))
                return false;
            foreach (FlowMutex mutex in _releases)
            {
                mutex.GiveUp();
                _owned--;
                if (mutex.IsToBeAbandoned)
                    return false;
            }
            // In one step with the last release: whoever asked for that finds a thread that is free.
            if (_releases.Count > 0)
                BecomeFree();
            _releases.Clear();
            return true;
        }
    }

    private void BecomeFree()
    {
        if (_owned > 0)
            return;
        _free.Add(this);
        _isFree = true;
    }
}
