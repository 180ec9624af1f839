using System.Runtime.InteropServices;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A sleep for all of several handles that a token ends.</summary>
/// <remarks>
/// The token's event cannot be among the handles: it would be one of those that must all be signalled. Instead whoever cancels queues a call
/// to the sleeping thread (a user APC). The call does nothing; that it came interrupts the sleep.
/// </remarks>
internal static unsafe class CancellableSleep
{
    // A real handle of this thread: what GetCurrentThread gives means another thread to each that uses it.
    [ThreadStatic]
    private static KernelHandle? _thisThread;

    /// <returns>What the system says; <see cref="Win32.WaitInterrupted"/> when the token was cancelled.</returns>
    public static uint All(nint* handles, int count, TimeSpan timeout, CancellationToken token)
    {
        // Most waits end here, without a word to the token.
        uint result = KernelWait.Sleep(handles, count, all: true, TimeSpan.Zero);
        if (result != Win32.WaitTimedOut)
            return result;
        CancellationTokenRegistration registration = token.UnsafeRegister(static thread => Interrupt((KernelHandle)thread!), _thisThread ??= OpenThisThread());
        try
        {
            return KernelWait.SleepAlertably(handles, count, all: true, timeout, token);
        }
        finally
        {
            // Waits until a call that is being queued is queued. If it came too late for the sleep, it is let run here: left in the queue
            // it would interrupt somebody else's sleep on this thread.
            registration.Dispose();
            if (token.IsCancellationRequested)
                _ = Kernel32.SleepEx(0, 1);
        }
    }

    private static void Interrupt(KernelHandle thread)
    {
        if (Kernel32.QueueUserApc(&Nothing, thread, 0) == 0)
            throw WindowsErrors.Translate("QueueUserAPC", WindowsErrors.Last, "Cancelling a wait for all of several objects");
    }

    [UnmanagedCallersOnly]
    private static void Nothing(nuint argument)
    {
    }

    private static KernelHandle OpenThisThread()
    {
        nint handle;
        return Kernel32.DuplicateHandle(Win32.CurrentProcess, Win32.CurrentThread, Win32.CurrentProcess, &handle, Win32.ThreadSetContext, 0, 0) != 0
            ? new KernelHandle(handle)
            : throw WindowsErrors.Translate("DuplicateHandle", WindowsErrors.Last, "Beginning a wait for all of several objects that a token can end");
    }
}
