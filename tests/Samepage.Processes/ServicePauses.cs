using Samepage.Channels;
using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while a service is called, and requests are taken, answered and cancelled: a call is with its server until that one answers or dies.</summary>
internal static class ServicePauses
{
    private static readonly ServiceOptions _two = new() { MaxClients = 2, MaxServers = 2, MaxCalls = 4 };

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("call a service", ["LaneOwned", "LaneGrown", "CallPlaceUsed", "CallAsked"], Ask),
        new("read what a service answered", ["CallFreed"], Read),
        new("cancel a call", ["CallWithdrawn"], Cancel),
        new("read a stream", ["PartRead"], ReadStream),
        new("begin to serve", ["ReaderOwned"], Take),
        new("take a request", ["CallTaken"], Take),
        new("answer a request", ["PartWritten", "CallAnswered"], (name, point) => Answer(name, point, "service-reply {0} 70")),
        new("fail a request", ["CallAnswered"], (name, point) => Answer(name, point, "service-fail {0}")),
        new("answer a cancelled request", ["CallReleased"], Release),
        new("write a stream", ["PartWritten", "RoomWanted"], WriteStream),
        new("stop serving", ["CallBuried", "ReaderLeft"], (name, point) => Answer(name, point, "close {0}")),
    ];

    private static void Ask(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceServer<int, long> server = service.Serve();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"service-call {name} 7");
        bool asked = point == "CallAsked";
        if (asked)
            Reply(server, 7);
        Assert.False(server.TryTake(Moment, out _));
        AssertServes(service, server);
        peer.Continue();
        if (!asked)
            Reply(server, 7);
        Assert.Equal("70", peer.Answer());
        AssertServes(service, server);
    }

    private static void Read(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceServer<int, long> server = service.Serve();
        using Peer peer = Opened(name);
        peer.Do($"stop-at {point}");
        peer.Begin($"service-call {name} 7");
        Reply(server, 7);
        peer.AssertStopped();
        AssertServes(service, server);
        Assert.Equal("70", peer.GoOn());
    }

    private static void Cancel(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceServer<int, long> server = service.Serve();
        using Peer peer = Opened(name);
        peer.Do($"service-ask {name} 7");
        Assert.True(server.TryTake(Bound, out ServiceRequest<int, long> request));
        peer.StopAt(point, $"service-cancel {name}");
        AssertServes(service, server);
        Assert.False(request.Reply(70));
        peer.GoOn();
        AssertServes(service, server);
    }

    /// <summary>Who writes waits for room.</summary>
    private static void ReadStream(string name, string point)
    {
        const int Count = 20_000;
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceServer<int, long> server = service.Serve();
        using Peer peer = Opened(name);
        peer.Do($"stop-at {point}");
        peer.Begin($"service-stream {name} {Count}");
        Assert.True(server.TryTake(Bound, out ServiceRequest<int, long> request));
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
                Assert.True(await request.WriteAsync(i));
        });
        peer.AssertStopped();
        AssertWaits(writing);
        Assert.Equal((Count - 1).ToString(null as IFormatProvider), peer.GoOn());
        Assert.True(writing.Wait(Bound));
        _ = request.Complete();
        AssertServes(service, server);
    }

    /// <summary>Who asked waits, and is not told of a death; other servers take what others ask.</summary>
    private static void Take(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceClient<int, long> client = service.CreateClient();
        using Peer peer = Opened(name);
        Task<long> calling = client.CallAsync(7, Bound).AsTask();
        peer.StopAt(point, $"service-take {name}");
        AssertWaits(calling);
        if (point == "CallTaken")
        {
            using ServiceServer<int, long> other = service.Serve();
            AssertServes(service, other);
        }
        Assert.Equal("7", peer.GoOn());
        Assert.Equal("True", peer.Do($"service-reply {name} 70"));
        Assert.Equal(70, Within(calling));
    }

    private static void Answer(string name, string point, string command)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceClient<int, long> client = service.CreateClient();
        using Peer peer = Opened(name);
        Task<long> calling = client.CallAsync(7, Bound).AsTask();
        Assert.Equal("7", peer.Do($"service-take {name}"));
        peer.StopAt(point, string.Format(null, command, name));
        if (point == "PartWritten")
            AssertWaits(calling);
        using (ServiceServer<int, long> other = service.Serve())
            AssertServes(service, other);
        peer.GoOn();
        if (command.StartsWith("service-reply", StringComparison.Ordinal))
            Assert.Equal(70, Within(calling));
        else
            AssertRefused(command.StartsWith("close", StringComparison.Ordinal) ? FailureReason.PeerClosed : FailureReason.CallFailed, () => calling.GetAwaiter().GetResult());
    }

    private static void Release(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceClient<int, long> client = service.CreateClient();
        using Peer peer = Opened(name);
        using var cancel = new CancellationTokenSource();
        Task<long> calling = client.CallAsync(7, Bound, cancellationToken: cancel.Token).AsTask();
        Assert.Equal("7", peer.Do($"service-take {name}"));
        cancel.Cancel();
        _ = Assert.ThrowsAny<OperationCanceledException>(() => calling.GetAwaiter().GetResult());
        peer.StopAt(point, $"service-reply {name} 70");
        using (ServiceServer<int, long> other = service.Serve())
            AssertServes(service, other);
        Assert.Equal("False", peer.GoOn());
    }

    /// <summary>What it wrote is read, the rest is waited for.</summary>
    private static void WriteStream(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using ServiceClient<int, long> client = service.CreateClient();
        using Peer peer = Opened(name);
        IAsyncEnumerator<long> stream = client.StreamAsync(7, Bound).GetAsyncEnumerator();
        Task<bool> next = stream.MoveNextAsync().AsTask();
        Assert.Equal("7", peer.Do($"service-take {name}"));
        peer.StopAt(point, point == "PartWritten" ? $"service-write {name} 0" : $"service-fill {name}");
        // One response, of which it has told nobody yet; or as many as there is room for.
        long seen = 0;
        for (; next.Wait(Moment); next = stream.MoveNextAsync().AsTask())
            Assert.Equal(seen++, stream.Current);
        peer.GoOn();
        if (seen == 0)
        {
            Assert.True(Within(next));
            Assert.Equal(seen++, stream.Current);
            next = stream.MoveNextAsync().AsTask();
        }
        if (point == "PartWritten")
            Assert.Equal("True", peer.Do($"service-write {name} 1"));
        Assert.True(Within(next));
        Assert.Equal(point == "PartWritten" ? 1 : -1, stream.Current);
        Task left = stream.DisposeAsync().AsTask();
        Assert.True(left.Wait(Bound));
    }

    private static void Reply(ServiceServer<int, long> server, int expected)
    {
        Assert.True(server.TryTake(Bound, out ServiceRequest<int, long> request));
        Assert.Equal(expected, request.Value);
        Assert.True(request.Reply(expected * 10L));
    }

    /// <summary>Another client's call, by this server.</summary>
    private static void AssertServes(Service<int, long> service, ServiceServer<int, long> server)
    {
        using ServiceClient<int, long> client = service.CreateClient();
        Task<long> calling = client.CallAsync(8, Bound).AsTask();
        Reply(server, 8);
        Assert.Equal(80, Within(calling));
    }

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"service {name}");
        return peer;
    }
}
