using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows;

/// <summary>Makes and opens mutexes, events and semaphores.</summary>
internal static unsafe class WaitableFactory
{
    /// <summary>One of the system's functions that make an object, or open the one that has the name.</summary>
    private delegate KernelHandle Maker(SecurityAttributes* security, char* name);

    public static MutexBackend CreateMutex(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created) =>
        new KernelMutex(CreateMutexHandle(name, initiallyOwned, access, openExisting, out created), InfoOf(name, SharedObjectKind.Mutex));

    public static MutexBackend? TryOpenMutex(ObjectName name) =>
        TryOpenMutexHandle(name) is { } handle ? new KernelMutex(handle, InfoOf(name, SharedObjectKind.Mutex)) : null;

    /// <summary>The same object as a mutex, held in another way.</summary>
    public static FlowLockBackend CreateFlowLock(ObjectName name, SharedAccess access, bool openExisting, out bool created) =>
        FlowLockOf(name, CreateMutexHandle(name, initiallyOwned: false, access, openExisting, out created));

    public static FlowLockBackend? TryOpenFlowLock(ObjectName name) => TryOpenMutexHandle(name) is { } handle ? FlowLockOf(name, handle) : null;

    public static EventBackend CreateEvent(
        ObjectName name, bool initiallySet, EventResetMode mode, SharedAccess access, bool openExisting, out bool created)
    {
        uint flags = (mode == EventResetMode.ManualReset ? Win32.ManualReset : 0) | (initiallySet ? Win32.InitiallySet : 0);
        return new KernelEvent(
            Create(name, SharedObjectKind.Event, access, openExisting, "CreateEventExW", out created,
                (security, full) => Kernel32.CreateEvent(security, full, flags, Win32.EventAccess)),
            InfoOf(name, SharedObjectKind.Event));
    }

    public static EventBackend? TryOpenEvent(ObjectName name)
    {
        fixed (char* full = name.Full)
        {
            KernelHandle? handle = Found(Kernel32.OpenEvent(Win32.EventAccess, 0, full), name, SharedObjectKind.Event, "OpenEventW");
            return handle is null ? null : new KernelEvent(handle, InfoOf(name, SharedObjectKind.Event));
        }
    }

    public static EventBackend CreateUnnamedEvent()
    {
        KernelHandle handle = Kernel32.CreateEvent(null, null, Win32.ManualReset, Win32.EventAccess);
        return !handle.IsInvalid
            ? new KernelEvent(handle, new SharedObjectInfo { Name = null, Kind = SharedObjectKind.Event, Scope = SharedObjectScope.Local, Size = 0 })
            : throw WindowsErrors.Translate("CreateEventExW", WindowsErrors.Last, "Creating an event without a name");
    }

    public static SemaphoreBackend CreateSemaphore(
        ObjectName name, int initial, int maximum, SharedAccess access, bool openExisting, out bool created) =>
        new KernelSemaphore(
            Create(name, SharedObjectKind.Semaphore, access, openExisting, "CreateSemaphoreExW", out created,
                (security, full) => Kernel32.CreateSemaphore(security, initial, maximum, full, 0, Win32.SemaphoreAccess)),
            InfoOf(name, SharedObjectKind.Semaphore));

    public static SemaphoreBackend? TryOpenSemaphore(ObjectName name)
    {
        fixed (char* full = name.Full)
        {
            KernelHandle? handle = Found(Kernel32.OpenSemaphore(Win32.SemaphoreAccess, 0, full), name, SharedObjectKind.Semaphore, "OpenSemaphoreW");
            return handle is null ? null : new KernelSemaphore(handle, InfoOf(name, SharedObjectKind.Semaphore));
        }
    }

    /// <summary>Who made it and when the system does not tell.</summary>
    public static SharedObjectInfo InfoOf(ObjectName name, SharedObjectKind kind) => new()
    {
        Name = name.Full,
        Kind = kind,
        Scope = name.Scope,
        Size = 0,
    };

    private static KernelFlowLock FlowLockOf(ObjectName name, KernelHandle handle) => new(FlowMutex.Of(name, handle), InfoOf(name, SharedObjectKind.Mutex));

    private static KernelHandle CreateMutexHandle(ObjectName name, bool initiallyOwned, SharedAccess access, bool openExisting, out bool created) =>
        Create(name, SharedObjectKind.Mutex, access, openExisting, "CreateMutexExW", out created,
            (security, full) => Kernel32.CreateMutex(security, full, initiallyOwned ? Win32.InitiallyOwned : 0, Win32.MutexAccess));

    private static KernelHandle? TryOpenMutexHandle(ObjectName name)
    {
        fixed (char* full = name.Full)
            return Found(Kernel32.OpenMutex(Win32.MutexAccess, 0, full), name, SharedObjectKind.Mutex, "OpenMutexW");
    }

    private static KernelHandle Create(
        ObjectName name, SharedObjectKind kind, SharedAccess access, bool openExisting, string call, out bool created, Maker make)
    {
        KernelHandle handle;
        int error;
        fixed (char* full = name.Full)
        fixed (byte* descriptor = ObjectSecurity.DescriptorFor(access))
        {
            var attributes = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
            handle = make(&attributes, full);
            error = WindowsErrors.Last;
        }
        created = !handle.IsInvalid && error != Win32Error.AlreadyExists;
        if (created || openExisting && !handle.IsInvalid)
            return handle;
        bool exists = !handle.IsInvalid || error == Win32Error.InvalidHandle;
        handle.Dispose();
        if (exists && !openExisting)
        {
            throw new SharedObjectException(FailureReason.AlreadyExists,
                $"Creating {Noun(kind)} \"{name}\" failed: {(KindProbe.Find(name) ?? kind).Article()} of that name exists already. Open it, use CreateOrOpen, or choose another name.",
                name.Full, kind, call, Win32Error.AlreadyExists);
        }
        throw exists
            ? KindProbe.Refuse(name, kind, call)
            : WindowsErrors.Translate(call, error, $"Creating {Noun(kind)} \"{name}\"", name.Full, kind);
    }

    /// <summary>Null: there is none of that name.</summary>
    private static KernelHandle? Found(KernelHandle handle, ObjectName name, SharedObjectKind kind, string call)
    {
        if (!handle.IsInvalid)
            return handle;
        int error = WindowsErrors.Last;
        handle.Dispose();
        return error switch
        {
            Win32Error.FileNotFound => null,
            Win32Error.InvalidHandle => throw KindProbe.Refuse(name, kind, call),
            _ => throw WindowsErrors.Translate(call, error, $"Opening {Noun(kind)} \"{name}\"", name.Full, kind),
        };
    }

    private static string Noun(SharedObjectKind kind) => kind.ToString().ToLowerInvariant();
}
