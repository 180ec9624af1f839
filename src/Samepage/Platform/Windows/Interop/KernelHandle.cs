using Microsoft.Win32.SafeHandles;

namespace Samepage.Platform.Windows.Interop;

/// <summary>One handle of this process to a kernel object.</summary>
internal sealed class KernelHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public KernelHandle()
        : base(ownsHandle: true)
    {
    }

    public KernelHandle(nint handle)
        : this() => SetHandle(handle);

    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle) != 0;
}
