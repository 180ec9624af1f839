using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>A request of 64 bytes and its response of as many, one at a time.</summary>
internal sealed class ServiceRoundTrip : LaneSuite
{
    public const string Role = "service-trip-";

    private const int Size = 64;

    /// <summary>Of one way; the reference goes there and back.</summary>
    private const double MostWays = 2.4;

    public ServiceRoundTrip()
    {
        string name = UniqueName("service");
        CountedContender Pair(WaitStrategy strategy) => CountedContender.InPair($"service, {strategy}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{strategy}", $"{name}-{strategy}", side))));

        Target target = Target.AtMost(MostWays / 2);
        Comparisons =
        [
            new("service, 64 B, two processes: a call, spinning", Pair(WaitStrategy.BusySpin), LaneRoundTrip(sleeps: false), target),
            new("service, 64 B, two processes: a call, blocking only", Pair(WaitStrategy.Block), LaneRoundTrip(sleeps: true), target),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides: the first calls, the second serves.</summary>
    public static void Serve(WaitStrategy strategy, string name, bool first)
    {
        using Service service = first ? Service.Create(name) : Service.Open(name);
        if (first)
        {
            using ServiceClient client = service.CreateClient(strategy);
            Loop(number => Call(client, number));
        }
        else
        {
            using ServiceServer server = service.Serve(strategy);
            Loop(number => Answer(server, number));
        }
    }

    private static void Loop(Action<ulong> trip)
    {
        ulong number = 0;
        PeerLoop.ServeRoundTrips(count =>
        {
            for (long i = 0; i < count; i++)
                trip(++number);
        });
    }

    private static void Call(ServiceClient client, ulong number)
    {
        Span<byte> request = stackalloc byte[Size];
        Words.Fill(request, number);
        if (!client.Call(request, out ServiceResponse response, Timeout.InfiniteTimeSpan))
            throw new InvalidOperationException("A call without an end has ended.");
        Words.Check(response.Span, ~number);
        response.Dispose();
    }

    private static void Answer(ServiceServer server, ulong number)
    {
        if (!server.TryTake(Timeout.InfiniteTimeSpan, out ServiceRequest request))
            throw new InvalidOperationException("A wait without an end has ended.");
        Words.Check(request.Span, number);
        Span<byte> response = stackalloc byte[Size];
        Words.Fill(response, ~number);
        _ = request.Reply(response);
    }
}
