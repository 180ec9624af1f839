using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>
/// A mutex of its own for each name, held while a section and its companion are made: whoever holds it sees no half-made pair. The kernel
/// lets go of it when its holder dies, and the holder's half of a pair is gone then, too.
/// </summary>
internal sealed unsafe class MakingLock : IDisposable
{
    /// <summary>In milliseconds, far more than making takes: who has not made it by then is stopped.</summary>
    private const uint Briefly = 100;

    private readonly KernelHandle _mutex;

    private MakingLock(KernelHandle mutex) => _mutex = mutex;

    /// <summary>Null: somebody is busy, or another user made it, and lets nobody else wait.</summary>
    /// <param name="name">Of the section.</param>
    /// <param name="waits">Until it is free; false: briefly.</param>
    /// <param name="isBusy">Somebody has it.</param>
    public static MakingLock? Take(ObjectName name, bool waits, out bool isBusy)
    {
        isBusy = false;
        KernelHandle mutex;
        fixed (char* full = CompanionName.OfLock(name))
        fixed (byte* descriptor = ObjectSecurity.DescriptorFor(SharedAccess.User))
        {
            var attributes = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
            mutex = Kernel32.CreateMutex(&attributes, full, 0, Win32.MutexAccess);
        }
        if (mutex.IsInvalid)
        {
            mutex.Dispose();
            return null;
        }
        nint handle = mutex.DangerousGetHandle();
        uint result = Kernel32.WaitForMultipleObjects(1, &handle, 0, waits ? Win32.Infinite : Briefly, 0);
        if (result is 0 or Win32.WaitAbandoned)
            return new MakingLock(mutex);
        using (mutex)
        {
            isBusy = result == Win32.WaitTimedOut;
            if (isBusy)
                return null;
            throw WindowsErrors.Translate("WaitForMultipleObjectsEx", WindowsErrors.Last, $"Waiting until section \"{name}\" is made", name.Full, SharedObjectKind.Section);
        }
    }

    public void Dispose()
    {
        _ = Kernel32.ReleaseMutex(_mutex);
        _mutex.Dispose();
    }
}
