using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>An event of this process that is set when a member is gone; the wait says what became of it.</summary>
/// <param name="handle">The event.</param>
/// <param name="name">By it, waits know two tethers of one member for one object.</param>
/// <param name="info">The name is the object's in which it takes part.</param>
internal sealed class WatchedTether(TetherHandle handle, MemberName name, SharedObjectInfo info) : WaitableBackend, IKernelWaitable
{
    public override SharedObjectInfo Info => info with
    {
        State = new SharedObjectState { IsSignaled = StateReader.OfEvent(handle, Identity).IsSignaled },
    };

    public KernelHandle Handle => handle;

    public SharedObjectInfo Identity { get; } = info with { Name = name.Mutex };

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken) =>
        Told(KernelWait.For(handle, Identity, timeout, cancellationToken));

    public WaitResult Told(WaitResult result) => result == WaitResult.Signaled && handle.HasDied ? WaitResult.Abandoned : result;

    // It stays set: nothing was taken.
    public void GiveBack(nint held)
    {
    }

    public override void Dispose() => handle.Dispose();
}
