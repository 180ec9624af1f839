namespace Samepage.Platform.Windows.Waiting;

/// <summary>An asynchronous wait for all of several (W34, W35).</summary>
/// <remarks>
/// All at one moment or none is something that the system does only for a thread that sleeps, and the pool has no such thing. So each wait that is
/// pending has a thread of its own.
/// </remarks>
internal sealed class PendingAll : AsyncWait
{
    private const int Stack = 256 * 1024;

    private readonly WaitableBackend[] _held;
    private readonly nint[] _handles;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _token;

    private PendingAll(WaitableBackend[] held, nint[] handles, TimeSpan timeout, CancellationToken token)
    {
        _held = held;
        _handles = handles;
        _timeout = timeout;
        _token = token;
    }

    public static PendingAll Begin(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token)
    {
        // Here, not on the thread: disposing a handle does not end the waits that it began.
        nint[] handles = KernelWaitSeveral.HoldAll(backends);
        var wait = new PendingAll(backends.ToArray(), handles, timeout, token);
        // First: the thread may end the wait before its starting has returned.
        wait.EndWith(token);
        try
        {
            new Thread(wait.Run, Stack) { IsBackground = true, Name = "Samepage wait" }.UnsafeStart();
        }
        catch (Exception e)
        {
            KernelWaitSeveral.LetGo(backends);
            wait.Fail(e);
        }
        return wait;
    }

    /// <summary>Nothing: the token ends the thread's sleep, and the thread ends the wait.</summary>
    protected override void Cancel()
    {
    }

    protected override void Recycle()
    {
    }

    private void Run()
    {
        WaitResult? result;
        int index;
        try
        {
            result = KernelWaitSeveral.AllHeld(_held, _handles, _timeout, _token, out index);
        }
        catch (Exception e)
        {
            KernelWaitSeveral.LetGo(_held);
            Fail(e);
            return;
        }
        KernelWaitSeveral.LetGo(_held);
        if (result is { } ended)
            End(ended, index);
        else
            EndCancelled();
    }
}
