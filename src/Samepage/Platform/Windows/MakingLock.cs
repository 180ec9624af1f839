using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>
/// A mutex of its own for each name, held while a section and its companion are made: whoever holds it sees no half-made pair. The kernel
/// lets go of it when its holder dies, and the holder's half of a pair is gone then, too.
/// </summary>
internal sealed unsafe class MakingLock : IDisposable
{
    private readonly KernelHandle _mutex;

    private MakingLock(KernelHandle mutex) => _mutex = mutex;

    /// <summary>Null: another user made it, and lets nobody else wait.</summary>
    public static MakingLock? Take(ObjectName name)
    {
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
        if (Kernel32.WaitForMultipleObjects(1, &handle, 0, Win32.Infinite, 0) is 0 or Win32.WaitAbandoned)
            return new MakingLock(mutex);
        using (mutex)
            throw WindowsErrors.Translate("WaitForMultipleObjectsEx", WindowsErrors.Last, $"Waiting until section \"{name}\" is made", name.Full, SharedObjectKind.Section);
    }

    public void Dispose()
    {
        _ = Kernel32.ReleaseMutex(_mutex);
        _mutex.Dispose();
    }
}
