using System.Diagnostics;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A wait for one object of the kernel, and for a token's own event beside it (W35); and the sleep that all waits share.</summary>
internal static unsafe class KernelWait
{
    // The longest that the system counts is 49.7 days; a longer wait is several.
    public const long LongestStep = 0x4000_0000;

    public static WaitResult For(KernelHandle handle, SharedObjectInfo info, TimeSpan timeout, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        bool held = false, tokenHeld = false;
        var tokenHandle = token.CanBeCanceled && timeout != TimeSpan.Zero ? token.WaitHandle.SafeWaitHandle : null;
        handle.DangerousAddRef(ref held);
        try
        {
            tokenHandle?.DangerousAddRef(ref tokenHeld);
            // The object comes first: when both are signalled, it is taken, and the wait has succeeded.
            nint* handles = stackalloc nint[] { handle.DangerousGetHandle(), tokenHandle?.DangerousGetHandle() ?? 0 };
            uint result = Sleep(handles, tokenHandle is null ? 1 : 2, all: false, timeout);
            return result switch
            {
                0 => WaitResult.Signaled,
                Win32.WaitAbandoned => WaitResult.Abandoned,
                Win32.WaitTimedOut => WaitResult.TimedOut,
                1 => throw new OperationCanceledException(token),
                _ => throw WindowsErrors.Translate("WaitForMultipleObjectsEx", WindowsErrors.Last,
                    $"Waiting for {info.Kind.ToString().ToLowerInvariant()} \"{info.Name}\"", info.Name, info.Kind),
            };
        }
        finally
        {
            if (tokenHeld)
                tokenHandle!.DangerousRelease();
            handle.DangerousRelease();
        }
    }

    /// <summary>Sleeps until one (or all) of the handles are signalled, or the time has run out: what the system says.</summary>
    public static uint Sleep(nint* handles, int count, bool all, TimeSpan timeout) => Sleep(handles, count, all, timeout, alertable: false, default);

    /// <summary>As <see cref="Sleep(nint*, int, bool, TimeSpan)"/>, and whoever cancels the token interrupts the sleep.</summary>
    /// <returns>Or <see cref="Win32.WaitInterrupted"/> when the token was cancelled.</returns>
    public static uint SleepAlertably(nint* handles, int count, bool all, TimeSpan timeout, CancellationToken token) =>
        Sleep(handles, count, all, timeout, alertable: true, token);

    private static uint Sleep(nint* handles, int count, bool all, TimeSpan timeout, bool alertable, CancellationToken token)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = timeout;
        while (true)
        {
            long milliseconds = left.Ticks / TimeSpan.TicksPerMillisecond + (left.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
            uint step = timeout == Timeout.InfiniteTimeSpan ? Win32.Infinite : (uint)Math.Clamp(milliseconds, 0, LongestStep);
            // Nothing stands between this look and the sleep that could run what interrupts the sleep before it begins.
            if (alertable && token.IsCancellationRequested)
                return Win32.WaitInterrupted;
            uint result = Kernel32.WaitForMultipleObjects((uint)count, handles, all ? 1 : 0, step, alertable ? 1 : 0);
            bool goesOn = result == Win32.WaitInterrupted || result == Win32.WaitTimedOut && milliseconds > LongestStep;
            if (!goesOn)
                return result;
            if (timeout != Timeout.InfiniteTimeSpan)
                left = timeout - Stopwatch.GetElapsedTime(start);
        }
    }
}
