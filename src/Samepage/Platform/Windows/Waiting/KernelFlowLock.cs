using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>The system's own mutex, owned by a thread of ours for the flows of this process (W30, W31).</summary>
internal sealed class KernelFlowLock(FlowMutex mutex, SharedObjectInfo info) : FlowLockBackend, IKernelWaitable
{
    public override SharedObjectInfo Info => info with { State = StateReader.OfMutex(mutex.Handle, info) };

    public KernelHandle Handle => mutex.Handle;

    public SharedObjectInfo Identity => info;

    public FlowMutex Mutex => mutex;

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Looking is no reason to wake a thread: somebody owns it.
        if (timeout == TimeSpan.Zero && !StateReader.IsFree(mutex.Handle))
            return WaitResult.TimedOut;
        return FlowWait.For([this], all: false, timeout, cancellationToken, out _) ?? throw new OperationCanceledException(cancellationToken);
    }

    public override bool Release() => mutex.Release();

    public void GiveBack(nint held)
    {
        using KernelHandle borrowed = KernelHandle.Borrow(held);
        _ = Kernel32.ReleaseMutex(borrowed);
    }

    public override void Dispose()
    {
        lock (WaitKeeper.Gate)
            mutex.Leave();
    }
}
