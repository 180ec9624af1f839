using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The event of a watched tether: the watch ends when it is closed, after the last wait that it began.</summary>
internal sealed unsafe class TetherHandle : KernelHandle
{
    private readonly TetherWatch _watch;

    private TetherHandle(TetherWatch watch)
        : base(watch.Gone) => _watch = watch;

    public bool HasDied => _watch.HasDied;

    /// <summary>Takes the member over.</summary>
    public static TetherHandle Watch(OpenedMember member)
    {
        using KernelHandle gone = Kernel32.CreateEvent(null, null, Win32.ManualReset, Win32.EventAccess);
        try
        {
            if (gone.IsInvalid)
                throw WindowsErrors.Translate("CreateEventExW", WindowsErrors.Last, "Watching a participant");
            var watch = new TetherWatch(member, gone.DangerousGetHandle());
            TetherKeeper.Begin(watch);
            var handle = new TetherHandle(watch);
            gone.SetHandleAsInvalid();
            return handle;
        }
        catch
        {
            member.Dispose();
            throw;
        }
    }

    protected override bool ReleaseHandle()
    {
        TetherKeeper.End(_watch);
        return base.ReleaseHandle();
    }
}
