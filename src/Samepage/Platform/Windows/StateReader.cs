using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Asks the kernel what a mutex, event or semaphore is doing. Asking takes no signal.</summary>
/// <remarks>Who sleeps on an object the system does not tell.</remarks>
internal static unsafe class StateReader
{
    private const int Basic = 0;
    private const int Owner = 1;

    public static SharedObjectState Of(KernelHandle handle, SharedObjectInfo info) => info.Kind switch
    {
        SharedObjectKind.Mutex => OfMutex(handle, info),
        SharedObjectKind.Event => OfEvent(handle, info),
        _ => OfSemaphore(handle, info),
    };

    public static SharedObjectState OfMutex(KernelHandle handle, SharedObjectInfo info)
    {
        MutantBasicInformation basic;
        Check("NtQueryMutant", Ntdll.QueryMutant(handle, Basic, &basic, (uint)sizeof(MutantBasicInformation), null), info);
        bool free = basic.Count > 0;
        MutantOwnerInformation owner = default;
        // Not every system answers this one; for this thread's own mutex the first answer says it.
        if (!free && Ntdll.QueryMutant(handle, Owner, &owner, (uint)sizeof(MutantOwnerInformation), null) < 0)
        {
            owner = basic.OwnedByCaller != 0
                ? new MutantOwnerInformation { Process = Environment.ProcessId, Thread = Kernel32.GetCurrentThreadId() }
                : default;
        }
        return new SharedObjectState
        {
            IsSignaled = free,
            IsAbandoned = basic.Abandoned != 0,
            OwnerProcessId = (int)owner.Process,
            OwnerThreadId = (int)owner.Thread,
        };
    }

    /// <summary>True when the calling thread owns the mutex, and has taken it just once.</summary>
    public static bool IsTakenOnce(KernelHandle mutex)
    {
        MutantBasicInformation basic;
        return Ntdll.QueryMutant(mutex, Basic, &basic, (uint)sizeof(MutantBasicInformation), null) >= 0 && basic is { OwnedByCaller: not 0, Count: 0 };
    }

    /// <summary>False when somebody owns the mutex at this moment.</summary>
    public static bool IsFree(KernelHandle mutex)
    {
        MutantBasicInformation basic;
        return Ntdll.QueryMutant(mutex, Basic, &basic, (uint)sizeof(MutantBasicInformation), null) < 0 || basic.Count > 0;
    }

    public static SharedObjectState OfEvent(KernelHandle handle, SharedObjectInfo info)
    {
        EventBasicInformation basic;
        Check("NtQueryEvent", Ntdll.QueryEvent(handle, Basic, &basic, (uint)sizeof(EventBasicInformation), null), info);
        return new SharedObjectState { IsSignaled = basic.State != 0, IsManualReset = basic.Type == 0 };
    }

    public static SharedObjectState OfSemaphore(KernelHandle handle, SharedObjectInfo info)
    {
        SemaphoreBasicInformation basic;
        Check("NtQuerySemaphore", Ntdll.QuerySemaphore(handle, Basic, &basic, (uint)sizeof(SemaphoreBasicInformation), null), info);
        return new SharedObjectState { IsSignaled = basic.Count > 0, Count = basic.Count, Maximum = basic.Maximum };
    }

    private static void Check(string call, int status, SharedObjectInfo info)
    {
        if (status < 0)
            throw WindowsErrors.TranslateStatus(call, status, $"Looking at {info.Kind.ToString().ToLowerInvariant()} \"{info.Name}\"", info.Name, info.Kind);
    }
}
