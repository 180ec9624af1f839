using Samepage.Platform.Windows.Interop;
using Samepage.Platform.Windows.Waiting;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The one thread of this process that owns the mutexes of its memberships, and those that stand for the process itself. It ends with the process, and then the kernel abandons them.</summary>
internal static unsafe class MemberThread
{
    private const int Stack = 256 * 1024;

    private static readonly Lock _gate = new();
    private static readonly Queue<Action> _requests = [];
    private static KernelHandle? _stir;

    /// <summary>Has this done by that thread; returns when it is done.</summary>
    /// <param name="action">Must not throw.</param>
    public static void Do(Action action)
    {
        KernelHandle done = OwnSignal.Mine;
        lock (_gate)
        {
            _stir ??= Start();
            _requests.Enqueue(() =>
            {
                action();
                _ = Kernel32.SetEvent(done);
            });
            _ = Kernel32.SetEvent(_stir);
        }
        _ = OwnSignal.Await(done, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A new mutex that the thread owns from its first moment. Of a global one other users may wait for it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="scope">In which it is.</param>
    /// <param name="doing">For the message when it cannot be made.</param>
    /// <param name="about">The object for which it is made.</param>
    public static KernelHandle MakeOwned(string name, SharedObjectScope scope, string doing, string about)
    {
        KernelHandle? handle = null;
        int error = 0;
        byte[] access = ObjectSecurity.DescriptorFor(scope == SharedObjectScope.Global ? SharedAccess.Everyone : SharedAccess.User);
        Do(() =>
        {
            fixed (char* full = name)
            fixed (byte* descriptor = access)
            {
                var security = new SecurityAttributes { Length = (uint)sizeof(SecurityAttributes), Descriptor = (nint)descriptor };
                handle = Kernel32.CreateMutex(&security, full, Win32.InitiallyOwned, Win32.MutexAccess);
                error = WindowsErrors.Last;
            }
        });
        return New(handle!, error, "CreateMutexExW", doing, about);
    }

    /// <summary>The handle, unless there was one of that name already, or none could be made.</summary>
    public static KernelHandle New(KernelHandle handle, int error, string call, string doing, string about)
    {
        if (!handle.IsInvalid && error != Win32Error.AlreadyExists)
            return handle;
        handle.Dispose();
        throw WindowsErrors.Translate(call, error, doing, about);
    }

    private static KernelHandle Start()
    {
        KernelHandle stir = OwnSignal.Create();
        try
        {
            new Thread(Run, Stack) { IsBackground = true, Name = "Samepage memberships" }.UnsafeStart(stir);
            return stir;
        }
        catch
        {
            stir.Dispose();
            throw;
        }
    }

    private static void Run(object? stir)
    {
        while (OwnSignal.Await((KernelHandle)stir!, Timeout.InfiniteTimeSpan))
        {
            while (Next() is { } request)
                request();
        }
    }

    private static Action? Next()
    {
        lock (_gate)
            return _requests.TryDequeue(out Action? request) ? request : null;
    }
}
