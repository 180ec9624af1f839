using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Release and wait, with two semaphores of one permit at most.</summary>
internal sealed class SemaphorePingPong() : PingPong("semaphore", Role)
{
    public const string Role = "semaphore";

    /// <summary>One of the two sides.</summary>
    public static void Serve(string name, bool first)
    {
        using SharedSemaphore ping = Get($"{name}-ping", first);
        using SharedSemaphore pong = Get($"{name}-pong", first);
        PeerLoop.ServeRoundTrips(count =>
        {
            if (first)
                ReleaseThenWait(ping, pong, count);
            else
                WaitThenRelease(ping, pong, count);
        });
    }

    private static SharedSemaphore Get(string name, bool first) =>
        first ? SharedSemaphore.Create(name, initialCount: 0, maximumCount: 1) : SharedSemaphore.Open(name);

    private static void ReleaseThenWait(SharedSemaphore ping, SharedSemaphore pong, long count)
    {
        for (long i = 0; i < count; i++)
        {
            _ = ping.Release();
            _ = pong.Wait();
        }
    }

    private static void WaitThenRelease(SharedSemaphore ping, SharedSemaphore pong, long count)
    {
        for (long i = 0; i < count; i++)
        {
            _ = ping.Wait();
            _ = pong.Release();
        }
    }
}
