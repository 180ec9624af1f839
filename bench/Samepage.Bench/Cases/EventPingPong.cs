using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Set and wait, with two auto-reset events.</summary>
internal sealed class EventPingPong() : PingPong("event", Role)
{
    public const string Role = "event";

    /// <summary>One of the two sides.</summary>
    public static void Serve(string name, bool first)
    {
        using SharedEvent ping = Get($"{name}-ping", first);
        using SharedEvent pong = Get($"{name}-pong", first);
        PeerLoop.ServeRoundTrips(count =>
        {
            if (first)
                SetThenWait(ping, pong, count);
            else
                WaitThenSet(ping, pong, count);
        });
    }

    private static SharedEvent Get(string name, bool first) =>
        first ? SharedEvent.Create(name, EventResetMode.AutoReset) : SharedEvent.Open(name);

    private static void SetThenWait(SharedEvent ping, SharedEvent pong, long count)
    {
        for (long i = 0; i < count; i++)
        {
            ping.Set();
            _ = pong.Wait();
        }
    }

    private static void WaitThenSet(SharedEvent ping, SharedEvent pong, long count)
    {
        for (long i = 0; i < count; i++)
        {
            _ = ping.Wait();
            pong.Set();
        }
    }
}
