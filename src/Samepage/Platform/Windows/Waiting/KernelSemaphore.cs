using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>The system's own semaphore (W33).</summary>
internal sealed unsafe class KernelSemaphore(KernelHandle handle, SharedObjectInfo info) : SemaphoreBackend, IKernelWaitable
{
    // A semaphore that exists keeps its maximum (W04).
    private readonly int _maximum = StateReader.OfSemaphore(handle, info).Maximum;

    public override SharedObjectInfo Info => info with { State = StateReader.OfSemaphore(handle, info) };

    public KernelHandle Handle => handle;

    public SharedObjectInfo Identity => info;

    public override int Maximum => _maximum;

    public override bool Release(int count, out int before)
    {
        int previous;
        if (Kernel32.ReleaseSemaphore(handle, count, &previous) != 0)
        {
            before = previous;
            return true;
        }
        int error = WindowsErrors.Last;
        before = StateReader.OfSemaphore(handle, info).Count;
        return error == Win32Error.TooManyPosts
            ? false
            : throw WindowsErrors.Translate("ReleaseSemaphore", error, $"Releasing semaphore \"{info.Name}\"", info.Name, SharedObjectKind.Semaphore);
    }

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken) =>
        KernelWait.For(handle, info, timeout, cancellationToken);

    // Where somebody else's permits have filled it meanwhile, the system refuses, and it is as full as it would be.
    public void GiveBack(nint held)
    {
        using KernelHandle borrowed = KernelHandle.Borrow(held);
        _ = Kernel32.ReleaseSemaphore(borrowed, 1, null);
    }

    public override void Dispose() => handle.Dispose();
}
