using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>A membership of any process, or that process itself, as one finds it by its names.</summary>
internal sealed unsafe class OpenedMember : IDisposable
{
    private readonly KernelHandle? _left;
    private readonly SharedObjectInfo? _leftInfo;

    private OpenedMember(KernelHandle mutex, KernelHandle? left = null, SharedObjectInfo? leftInfo = null)
    {
        Mutex = mutex;
        _left = left;
        _leftInfo = leftInfo;
    }

    public KernelHandle Mutex { get; }

    /// <summary>A process as such does not leave.</summary>
    public bool HasLeft => _left is not null && StateReader.OfEvent(_left, _leftInfo!).IsSignaled;

    /// <summary>Null: its process has ended or left; or it is none, and says so only by its name.</summary>
    public static OpenedMember? TryOpen(MemberName name, SharedObjectScope scope)
    {
        if (Found(OpenMutex(name.Mutex), "OpenMutexW", name.Mutex) is not { } mutex)
            return null;
        OpenedMember? opened = null;
        try
        {
            if (Found(OpenEvent(name.Left), "OpenEventW", name.Mutex) is not { } left)
                return null;
            var member = new OpenedMember(mutex, left, new SharedObjectInfo { Name = name.Left, Kind = SharedObjectKind.Event, Scope = scope, Size = 0 });
            if (!StateReader.IsFree(mutex) && !member.HasLeft)
                return opened = member;
            left.Dispose();
            return null;
        }
        finally
        {
            if (opened is null)
                mutex.Dispose();
        }
    }

    /// <summary>Null: the process has ended.</summary>
    public static OpenedMember? TryOpenProcess(SharedObjectScope scope, ulong life)
    {
        string awaited = ProcessName.OfAwaited(scope, life), asked = ProcessName.OfAsked(scope, life);
        using KernelHandle? alive = Found(OpenMutex(asked), "OpenMutexW", asked);
        if (alive is null || StateReader.IsFree(alive))
            return null;
        return Found(OpenMutex(awaited), "OpenMutexW", awaited) is { } mutex ? new OpenedMember(mutex) : null;
    }

    public void Dispose()
    {
        Mutex.Dispose();
        _left?.Dispose();
    }

    private static KernelHandle OpenMutex(string name)
    {
        fixed (char* full = name)
            return Kernel32.OpenMutex(Win32.MutexAccess, 0, full);
    }

    private static KernelHandle OpenEvent(string name)
    {
        fixed (char* full = name)
            return Kernel32.OpenEvent(Win32.QueryState, 0, full);
    }

    private static KernelHandle? Found(KernelHandle handle, string call, string participant)
    {
        if (!handle.IsInvalid)
            return handle;
        int error = WindowsErrors.Last;
        handle.Dispose();
        return error is Win32Error.FileNotFound or Win32Error.AccessDenied or Win32Error.InvalidHandle
            ? null
            : throw WindowsErrors.Translate(call, error, $"Looking at the participant \"{participant}\"", participant);
    }
}
