using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>The system's own event (W32).</summary>
internal sealed class KernelEvent(KernelHandle handle, SharedObjectInfo info) : EventBackend, IKernelWaitable
{
    // An event that exists keeps its mode, whatever it was asked for with (W04).
    private readonly bool _manual = StateReader.OfEvent(handle, info).IsManualReset;

    public override SharedObjectInfo Info => info with { State = StateReader.OfEvent(handle, info) };

    public KernelHandle Handle => handle;

    public SharedObjectInfo Identity => info;

    public override EventResetMode Mode => _manual ? EventResetMode.ManualReset : EventResetMode.AutoReset;

    public override void Set()
    {
        if (Kernel32.SetEvent(handle) == 0)
            throw Failed("SetEvent", "Setting");
    }

    public override void Reset()
    {
        if (Kernel32.ResetEvent(handle) == 0)
            throw Failed("ResetEvent", "Resetting");
    }

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken) =>
        KernelWait.For(handle, info, timeout, cancellationToken);

    public void GiveBack(nint held)
    {
        if (_manual)
            return;
        using KernelHandle borrowed = KernelHandle.Borrow(held);
        _ = Kernel32.SetEvent(borrowed);
    }

    public override void Dispose() => handle.Dispose();

    private SharedObjectException Failed(string call, string doing) =>
        WindowsErrors.Translate(call, WindowsErrors.Last, $"{doing} event \"{info.Name}\"", info.Name, SharedObjectKind.Event);
}
