using System.Diagnostics;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A wait for one object of the kernel, and for a token's own event beside it (W35).</summary>
internal static unsafe class KernelWait
{
    // The longest that the system counts is 49.7 days; a longer wait is several.
    private const long LongestStep = 0x4000_0000;

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
            uint result = Wait(handles, tokenHandle is null ? 1u : 2u, timeout);
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

    private static uint Wait(nint* handles, uint count, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return Kernel32.WaitForMultipleObjects(count, handles, 0, Win32.Infinite, 0);
        long start = Stopwatch.GetTimestamp();
        TimeSpan left = timeout;
        while (true)
        {
            long milliseconds = left.Ticks / TimeSpan.TicksPerMillisecond + (left.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
            uint result = Kernel32.WaitForMultipleObjects(count, handles, 0, (uint)Math.Clamp(milliseconds, 0, LongestStep), 0);
            if (result != Win32.WaitTimedOut || milliseconds <= LongestStep)
                return result;
            left = timeout - Stopwatch.GetElapsedTime(start);
        }
    }
}
