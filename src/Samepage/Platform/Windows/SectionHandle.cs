using System.Runtime.InteropServices;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>
/// All that one opening of a section holds: the section, its companion, and the disk file under it where this process opened that. Handles
/// and views count their references to it, so that the name lives as long as any of them (W13, W19).
/// </summary>
internal sealed class SectionHandle : SafeHandle
{
    private readonly KernelHandle _section;

    public SectionHandle(KernelHandle section, Companion? companion, KernelHandle? file)
        : base(0, ownsHandle: true)
    {
        _section = section;
        Companion = companion;
        File = file;
        SetHandle(section.DangerousGetHandle());
    }

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    public KernelHandle Section => _section;

    public Companion? Companion { get; }

    /// <summary>For flushing; null when the section was opened by its name.</summary>
    public KernelHandle? File { get; }

    protected override bool ReleaseHandle()
    {
        // The companion last: whoever finds the section still there finds the companion, too.
        _section.Dispose();
        Companion?.Close();
        File?.Dispose();
        return true;
    }
}
