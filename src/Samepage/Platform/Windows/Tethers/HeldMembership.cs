using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>
/// A mutex that this process owns while it takes part: the kernel abandons it when the process ends, in whatever way. An event beside it says that
/// the end was in good order.
/// </summary>
/// <remarks>Protocol, and every state in which a process can die: docs/design/tethers.md.</remarks>
internal sealed unsafe class HeldMembership : MembershipBackend
{
    private static readonly Lock _gate = new();
    private static readonly HashSet<HeldMembership> _held = [];

    private readonly MemberName _name;
    private readonly KernelHandle _mutex;
    private readonly KernelHandle _left;

    static HeldMembership() => AppDomain.CurrentDomain.ProcessExit += (_, _) => LeaveAll();

    private HeldMembership(MemberName name, KernelHandle mutex, KernelHandle left)
    {
        _name = name;
        _mutex = mutex;
        _left = left;
    }

    public override long Id => _name.Id;

    /// <summary>Takes part until it is disposed or the process ends.</summary>
    public static HeldMembership Hold(ObjectName of)
    {
        MemberName name = MemberName.New(of);
        // First: whoever finds the mutex finds the event.
        KernelHandle left = MakeEvent(name, of);
        HeldMembership held;
        try
        {
            held = new HeldMembership(name, MemberThread.MakeOwned(name.Mutex, of.Scope, $"Joining \"{of}\"", of.Full), left);
        }
        catch
        {
            left.Dispose();
            throw;
        }
        lock (_gate)
            _held.Add(held);
        return held;
    }

    /// <summary>Leaves in good order.</summary>
    public override void Dispose()
    {
        lock (_gate)
        {
            if (!_held.Remove(this))
                return;
        }
        // First: whoever gets the mutex looks at the event.
        _ = Kernel32.SetEvent(_left);
        MemberThread.Do(() => _ = Kernel32.ReleaseMutex(_mutex));
        _mutex.Dispose();
        _left.Dispose();
    }

    // Other users may look, and not set it.
    private static KernelHandle MakeEvent(MemberName name, ObjectName of)
    {
        fixed (char* full = name.Left)
        fixed (byte* descriptor = ObjectSecurity.DescriptorFor(of.Scope == SharedObjectScope.Global ? SharedAccess.EveryoneRead : SharedAccess.User))
        {
            var security = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
            KernelHandle handle = Kernel32.CreateEvent(&security, full, Win32.ManualReset, Win32.EventAccess);
            return MemberThread.New(handle, WindowsErrors.Last, "CreateEventExW", $"Joining \"{of}\"", of.Full);
        }
    }

    /// <summary>The process ends in good order: its mutexes it releases by ending.</summary>
    private static void LeaveAll()
    {
        lock (_gate)
        {
            foreach (HeldMembership membership in _held)
                _ = Kernel32.SetEvent(membership._left);
        }
    }
}
