using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>An auto-reset event for each thread that ever waited for another thread of this process to have done something.</summary>
internal static unsafe class OwnSignal
{
    [ThreadStatic]
    private static KernelHandle? _mine;

    /// <summary>Of the calling thread, which sleeps on it for one thing at a time.</summary>
    public static KernelHandle Mine => _mine ??= Create();

    public static KernelHandle Create()
    {
        KernelHandle signal = Kernel32.CreateEvent(null, null, 0, Win32.EventAccess);
        return !signal.IsInvalid ? signal : throw WindowsErrors.Translate("CreateEventExW", WindowsErrors.Last, "Having a lock taken or released by a thread of the library");
    }

    /// <summary>Sleeps until it is set: true; or until the time has run out. Nothing else ends the sleep.</summary>
    public static bool Await(KernelHandle signal, TimeSpan timeout)
    {
        nint handle = signal.DangerousGetHandle();
        return KernelWait.Sleep(&handle, 1, all: false, timeout) == 0;
    }
}
