using Samepage;

namespace Relay;

/// <summary>
/// A life is a mutex that its process takes when it begins and never releases. Whoever waits for it gets it from the kernel the moment
/// that process ends, in whatever way: no heartbeat, no process id, no clock.
/// </summary>
internal static class Life
{
    /// <summary>Takes a role that only one process may have at a time. The calling thread must live as long as the process.</summary>
    /// <returns>False: another process has it.</returns>
    public static bool TryTakeRole(string name, out SharedMutex role)
    {
        role = SharedMutex.CreateOrOpen(name);
        return role.Wait(TimeSpan.Zero) != WaitResult.TimedOut;
    }

    /// <summary>A token that is cancelled when the life ends.</summary>
    public static CancellationToken Watch(SharedMutex life)
    {
        var ended = new CancellationTokenSource();
        new Thread(() =>
        {
            _ = life.Wait();
            ended.Cancel();
        })
        { IsBackground = true }.Start();
        return ended.Token;
    }

    /// <summary>Waits for a signal of the other side. One that was given just before that side ended still counts.</summary>
    /// <exception cref="OperationCanceledException">The other side ended, and there is no signal.</exception>
    public static void WaitOrEnd(this SharedEvent signal, CancellationToken otherEnded)
    {
        try
        {
            _ = signal.Wait(otherEnded);
        }
        catch (OperationCanceledException) when (signal.Wait(TimeSpan.Zero, CancellationToken.None) == WaitResult.Signaled)
        {
            // Given in time.
        }
    }
}
