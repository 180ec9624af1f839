using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A mutex, semaphore or event of .NET, which is the system's as ours are, for the length of one wait beside them (W34).</summary>
internal sealed class ForeignHandle : WaitableBackend, IKernelWaitable
{
    private readonly SafeWaitHandle _safe;

    private ForeignHandle(WaitHandle handle)
    {
        _safe = handle.SafeWaitHandle;
        bool held = false;
        _safe.DangerousAddRef(ref held);
        Handle = KernelHandle.Borrow(_safe.DangerousGetHandle());
        Identity = new SharedObjectInfo
        {
            Name = null,
            Kind = handle switch { Mutex => SharedObjectKind.Mutex, Semaphore => SharedObjectKind.Semaphore, _ => SharedObjectKind.Event },
            Scope = SharedObjectScope.Local,
            Size = 0,
        };
    }

    public override SharedObjectInfo Info => Identity;

    public KernelHandle Handle { get; }

    public SharedObjectInfo Identity { get; }

    /// <summary>Takes the first that is signalled, of objects and handles: at each index stands one or the other. Null: cancelled.</summary>
    public static WaitResult? WaitAny(
        ReadOnlySpan<WaitableBackend?> backends, ReadOnlySpan<WaitHandle?> handles, TimeSpan timeout, CancellationToken token, out int index)
    {
        var all = new WaitableBackend[backends.Length];
        int made = 0;
        try
        {
            for (; made < all.Length; made++)
                all[made] = backends[made] ?? new ForeignHandle(handles[made]!);
            return FlowWait.IsFor(all)
                ? SplitWait.Any(all, timeout, token, out index)
                : KernelWaitSeveral.Any(all, timeout, token, out index);
        }
        finally
        {
            foreach (WaitableBackend one in all.AsSpan(0, made))
                (one as ForeignHandle)?.Dispose();
        }
    }

    // A handle that is taken is the answer.
    public void GiveBack(nint held) => throw new UnreachableException();

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken) =>
        KernelWait.For(Handle, Identity, timeout, cancellationToken);

    public override void Dispose()
    {
        Handle.Dispose();
        _safe.DangerousRelease();
    }
}
