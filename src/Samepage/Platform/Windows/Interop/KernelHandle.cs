using Microsoft.Win32.SafeHandles;

namespace Samepage.Platform.Windows.Interop;

/// <summary>One handle of this process to a kernel object.</summary>
internal class KernelHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public KernelHandle()
        : base(ownsHandle: true)
    {
    }

    public KernelHandle(nint handle)
        : this() => SetHandle(handle);

    private KernelHandle(nint handle, bool ownsHandle)
        : base(ownsHandle) => SetHandle(handle);

    /// <summary>For a call with a handle that somebody else keeps open, and closes.</summary>
    public static KernelHandle Borrow(nint handle) => new(handle, ownsHandle: false);

    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle) != 0;
}
