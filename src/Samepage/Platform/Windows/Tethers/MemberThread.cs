using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The one thread of this process that owns the mutexes of its memberships. It ends with the process, and then the kernel abandons them.</summary>
internal static class MemberThread
{
    private const int Stack = 256 * 1024;

    private static readonly Lock _gate = new();
    private static readonly Queue<Action> _requests = [];
    private static KernelHandle? _stir;

    /// <summary>Has this done by that thread; returns when it is done.</summary>
    /// <param name="action">Must not throw.</param>
    public static void Do(Action action)
    {
        KernelHandle done = OwnSignal.Mine;
        lock (_gate)
        {
            _stir ??= Start();
            _requests.Enqueue(() =>
            {
                action();
                _ = Kernel32.SetEvent(done);
            });
            _ = Kernel32.SetEvent(_stir);
        }
        _ = OwnSignal.Await(done, Timeout.InfiniteTimeSpan);
    }

    private static KernelHandle Start()
    {
        KernelHandle stir = OwnSignal.Create();
        try
        {
            new Thread(Run, Stack) { IsBackground = true, Name = "Samepage memberships" }.UnsafeStart(stir);
            return stir;
        }
        catch
        {
            stir.Dispose();
            throw;
        }
    }

    private static void Run(object? stir)
    {
        while (OwnSignal.Await((KernelHandle)stir!, Timeout.InfiniteTimeSpan))
        {
            while (Next() is { } request)
                request();
        }
    }

    private static Action? Next()
    {
        lock (_gate)
            return _requests.TryDequeue(out Action? request) ? request : null;
    }
}
