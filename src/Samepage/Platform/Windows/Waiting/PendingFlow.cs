namespace Samepage.Platform.Windows.Waiting;

/// <summary>An asynchronous wait for several with a flow lock among them (W34, W35).</summary>
/// <remarks>A thread of ours sleeps for it alone: that thread owns what it takes, and what it takes is decided in one call, nothing given back.</remarks>
internal sealed class PendingFlow : AsyncWait
{
    private PendingFlow()
    {
    }

    public static PendingFlow Begin(ReadOnlySpan<WaitableBackend> backends, bool all, TimeSpan timeout, CancellationToken token)
    {
        // Here, not on the thread: disposing a handle does not end the waits that it began.
        var wait = FlowWait.Prepare(backends, all, timeout, token);
        var pending = new PendingFlow();
        // First: the thread may end the wait before its beginning has returned.
        pending.EndWith(token);
        wait.BeginFor(pending);
        return pending;
    }

    public void Finish(WaitResult? result, int index, Exception? failure)
    {
        if (failure is not null)
            Fail(failure);
        else if (result is { } ended)
            End(ended, index);
        else
            EndCancelled();
    }

    /// <summary>Nothing: the token ends the thread's sleep, and the thread ends the wait.</summary>
    protected override void Cancel()
    {
    }

    protected override void Recycle()
    {
    }
}
