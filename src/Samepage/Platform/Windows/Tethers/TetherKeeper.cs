using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>A thread that sleeps on the mutexes of up to 63 members that are watched here.</summary>
/// <remarks>
/// A mutex that it gets belongs to nobody any more. It lets go of it at once, so that the next watcher gets it, and only then says that the member is gone:
/// who has been told holds nobody else up.
/// </remarks>
internal sealed unsafe class TetherKeeper
{
    private const int MostWatches = Win32.MostWaits - 1;
    private const int Stack = 256 * 1024;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(10);

    // Guards all keepers and their watches. Nobody sleeps under it.
    private static readonly Lock _gate = new();
    private static readonly List<TetherKeeper> _all = [];

    private readonly KernelHandle _stir;
    private readonly List<TetherWatch> _watches = [];

    private TetherKeeper(KernelHandle stir) => _stir = stir;

    public static void Begin(TetherWatch watch)
    {
        lock (_gate)
        {
            TetherKeeper keeper = _all.Find(k => k._watches.Count < MostWatches) ?? Start();
            watch.Keeper = keeper;
            keeper._watches.Add(watch);
            _ = Kernel32.SetEvent(keeper._stir);
        }
    }

    /// <summary>The event is about to be closed.</summary>
    public static void End(TetherWatch watch)
    {
        lock (_gate)
        {
            if (watch.IsOver)
                return;
            watch.IsOver = true;
            _ = Kernel32.SetEvent(watch.Keeper!._stir);
        }
    }

    private static TetherKeeper Start()
    {
        KernelHandle stir = OwnSignal.Create();
        var keeper = new TetherKeeper(stir);
        try
        {
            new Thread(keeper.Run, Stack) { IsBackground = true, Name = "Samepage tethers" }.UnsafeStart();
        }
        catch
        {
            stir.Dispose();
            throw;
        }
        _all.Add(keeper);
        return keeper;
    }

    private void Run()
    {
        nint* handles = stackalloc nint[Win32.MostWaits];
        handles[0] = _stir.DangerousGetHandle();
        var asleepOn = new List<TetherWatch>(MostWatches);
        uint result = 0;
        while (true)
        {
            lock (_gate)
            {
                Dismiss();
                if (_watches.Count == 0 && result == Win32.WaitTimedOut)
                {
                    _all.Remove(this);
                    break;
                }
                asleepOn.Clear();
                asleepOn.AddRange(_watches);
            }
            for (int i = 0; i < asleepOn.Count; i++)
                handles[i + 1] = asleepOn[i].Member.Mutex.DangerousGetHandle();
            result = KernelWait.Sleep(handles, asleepOn.Count + 1, all: false, asleepOn.Count == 0 ? _idle : Timeout.InfiniteTimeSpan);
            // Ends the process: it must not go on believing that everybody lives.
            if (result == Win32.WaitFailed)
                throw WindowsErrors.Translate("WaitForMultipleObjectsEx", WindowsErrors.Last, "Waiting for the end of a participant");
            uint slot = result is >= Win32.WaitAbandoned and not Win32.WaitTimedOut ? result - Win32.WaitAbandoned : result;
            if (slot > 0 && slot <= asleepOn.Count)
                Tell(asleepOn[(int)slot - 1]);
        }
        _stir.Dispose();
    }

    private static void Tell(TetherWatch watch)
    {
        _ = Kernel32.ReleaseMutex(watch.Member.Mutex);
        lock (_gate)
        {
            if (watch.IsOver)
                return;
            watch.HasDied = !watch.Member.HasLeft;
            watch.IsOver = true;
            if (watch.Gone != 0)
            {
                using KernelHandle gone = KernelHandle.Borrow(watch.Gone);
                _ = Kernel32.SetEvent(gone);
            }
        }
        watch.Notify?.Invoke();
    }

    private void Dismiss()
    {
        foreach (TetherWatch watch in _watches)
        {
            if (watch.IsOver)
                watch.Member.Dispose();
        }
        _watches.RemoveAll(static w => w.IsOver);
    }
}
