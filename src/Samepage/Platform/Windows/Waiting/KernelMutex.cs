using Samepage.Diagnostics;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>The system's own mutex (W30, W31).</summary>
internal sealed class KernelMutex(KernelHandle handle, SharedObjectInfo info) : MutexBackend, IKernelWaitable
{
    private MutexWaits? _waits;

    public override SharedObjectInfo Info => info with { State = StateReader.OfMutex(handle, info) };

    public KernelHandle Handle => handle;

    public SharedObjectInfo Identity => info;

    private MutexWaits Waits => _waits ??= MutexWaits.Of(info.Name!);

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        WaitResult result = KernelWait.For(handle, info, TimeSpan.Zero, cancellationToken);
        return result == WaitResult.Signaled ? result : WaitLonger(result, timeout, cancellationToken);
    }

    private WaitResult WaitLonger(WaitResult result, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (result == WaitResult.TimedOut)
        {
            Waits.Contended();
            result = timeout == TimeSpan.Zero ? result : KernelWait.For(handle, info, timeout, cancellationToken);
        }
        if (result == WaitResult.Abandoned)
            Waits.Abandoned(info.Name!);
        return result;
    }

    public override bool Release()
    {
        if (Kernel32.ReleaseMutex(handle) != 0)
            return true;
        return WindowsErrors.Last == Win32Error.NotOwner
            ? false
            : throw WindowsErrors.Translate("ReleaseMutex", WindowsErrors.Last, $"Releasing mutex \"{info.Name}\"", info.Name, SharedObjectKind.Mutex);
    }

    public void GiveBack(nint held)
    {
        using KernelHandle borrowed = KernelHandle.Borrow(held);
        _ = Kernel32.ReleaseMutex(borrowed);
    }

    public override void Dispose() => handle.Dispose();
}
