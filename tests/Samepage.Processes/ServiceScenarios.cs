using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Deaths while a service is called, and requests are taken, answered, cancelled and buried.</summary>
internal static class ServiceScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);
    private static readonly ServiceOptions _one = new() { MaxClients = 1, MaxServers = 1, MaxCalls = 4 };
    private static readonly ServiceOptions _two = _one with { MaxClients = 2, MaxServers = 2 };

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("begin to call a service", ["LaneOwned", "LaneGrown", "CallPlaceUsed", "CallAsked"], Ask),
        new("read what a service answered", ["CallFreed"], Read),
        new("cancel a call", ["CallWithdrawn"], Cancel),
        new("read a stream", ["PartRead"], ReadStream),
        new("begin to serve", ["ReaderOwned"], Serve),
        new("take a request", ["CallTaken"], (name, point) => Take(name, point, retry: false)),
        new("take a request that may be asked again", ["CallTaken"], (name, point) => Take(name, point, retry: true)),
        new("answer a request", ["PartWritten", "CallAnswered"], Reply),
        new("fail a request", ["CallAnswered"], Fail),
        new("answer a cancelled request", ["CallReleased"], Release),
        new("write a stream", ["PartWritten", "RoomWanted"], WriteStream),
        new("stop serving", ["CallBuried", "ReaderLeft"], Leave),
        new("bury a server", ["ReaderOwned", "CallBuried", "ReaderLeft"], BuryServer),
        new("bury a client", ["LaneOwned", "CallWithdrawn", "LaneLeft"], BuryClient),
    ];

    private static void Ask(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"service-call {name} 7");
        peer.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    private static void Read(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"service-call {name} 7");
        using (ServiceServer<int, long> server = service.Serve())
        {
            Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request));
            Assert.True(request.Reply(70));
        }
        peer.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    private static void Cancel(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer peer = Opened(name);
        peer.Do($"service-ask {name} 7");
        using (ServiceServer<int, long> server = service.Serve())
        {
            Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request));
            var cancelled = new TaskCompletionSource();
            using (request.CancellationToken.Register(cancelled.SetResult))
            {
                peer.Do($"arm {point}");
                peer.Begin($"service-cancel {name}");
                peer.AssertDiedAtPoint(point);
                Assert.True(cancelled.Task.Wait(_bound));
            }
            Assert.False(request.Reply(70));
        }
        AssertUsable(service);
    }

    private static void ReadStream(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"service-stream {name} 1000");
        using (ServiceServer<int, long> server = service.Serve())
        {
            Assert.True(server.TryTake(_bound, out ServiceRequest<int, long> request));
            // It waits for room, and is told that nobody will make any.
            Assert.True(Task.Run(async () =>
            {
                while (await request.WriteAsync(1))
                {
                }
            }).Wait(_bound));
            Assert.False(request.Complete());
        }
        peer.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    private static void Serve(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"service-take {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    private static void Take(string name, string point, bool retry)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _two);
        using (ServiceClient<int, long> client = service.CreateClient())
        using (Peer peer = Opened(name))
        {
            Task<long> calling = client.CallAsync(7, _bound, retry).AsTask();
            peer.Do($"arm {point}");
            peer.Begin($"service-take {name}");
            peer.AssertDiedAtPoint(point);
            if (retry)
            {
                using ServiceServer<int, long> next = service.Serve();
                Assert.True(next.TryTake(_bound, out ServiceRequest<int, long> request));
                Assert.Equal(7, request.Value);
                Assert.True(request.Reply(70));
                Assert.Equal(70, calling.Result);
            }
            else
            {
                AssertRefused(FailureReason.PeerDied, calling);
            }
        }
        AssertUsable(service);
    }

    private static void Reply(string name, string point) => Answer(name, point, "service-reply {0} 70", calling =>
    {
        if (point == "CallAnswered")
            Assert.Equal(70, calling.Result);
        else
            AssertRefused(FailureReason.PeerDied, calling);
    });

    private static void Fail(string name, string point) =>
        Answer(name, point, "service-fail {0}", calling => AssertRefused(FailureReason.CallFailed, calling));

    private static void Leave(string name, string point) => Answer(name, point, "close {0}", calling => AssertRefused(FailureReason.PeerClosed, calling));

    private static void Answer(string name, string point, string command, Action<Task<long>> check)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using (ServiceClient<int, long> client = service.CreateClient())
        using (Peer peer = Opened(name))
        {
            Task<long> calling = client.CallAsync(7, _bound).AsTask();
            Assert.Equal("7", peer.Do($"service-take {name}"));
            peer.Do($"arm {point}");
            peer.Begin(string.Format(System.Globalization.CultureInfo.InvariantCulture, command, name));
            peer.AssertDiedAtPoint(point);
            check(calling);
        }
        AssertUsable(service);
    }

    private static void Release(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using (ServiceClient<int, long> client = service.CreateClient())
        using (Peer peer = Opened(name))
        using (var cancel = new CancellationTokenSource())
        {
            Task<long> calling = client.CallAsync(7, _bound, cancellationToken: cancel.Token).AsTask();
            Assert.Equal("7", peer.Do($"service-take {name}"));
            cancel.Cancel();
            _ = Assert.ThrowsAny<OperationCanceledException>(() => calling.GetAwaiter().GetResult());
            peer.Do($"arm {point}");
            peer.Begin($"service-reply {name} 70");
            peer.AssertDiedAtPoint(point);
        }
        AssertUsable(service);
    }

    private static void WriteStream(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using (ServiceClient<int, long> client = service.CreateClient())
        using (Peer peer = Opened(name))
        {
            IAsyncEnumerator<long> stream = client.StreamAsync(7, _bound).GetAsyncEnumerator();
            Task<bool> next = stream.MoveNextAsync().AsTask();
            Assert.Equal("7", peer.Do($"service-take {name}"));
            peer.Do($"arm {point}");
            peer.Begin(point == "PartWritten" ? $"service-write {name} 0" : $"service-fill {name}");
            peer.AssertDiedAtPoint(point);
            // What it wrote is read first.
            Assert.True(next.Result);
            Assert.Equal(0, stream.Current);
            SharedObjectException refused = Assert.Throws<SharedObjectException>(() =>
            {
                while (stream.MoveNextAsync().AsTask().GetAwaiter().GetResult())
                {
                }
            });
            Assert.Equal(FailureReason.PeerDied, refused.Reason);
        }
        AssertUsable(service);
    }

    /// <summary>A server dies with a request; who asked, and buries it, dies of that.</summary>
    private static void BuryServer(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer server = Opened(name), client = Opened(name);
        server.Begin($"service-take {name}");
        client.Do($"service-ask {name} 7");
        Assert.Equal("7", server.Answer());
        client.Do($"arm {point}");
        server.Kill();
        client.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    /// <summary>A client dies with a call that a server has; that one buries it, and dies of that.</summary>
    private static void BuryClient(string name, string point)
    {
        using Service<int, long> service = Service<int, long>.Create(name, _one);
        using Peer server = Opened(name), client = Opened(name);
        client.Do($"service-ask {name} 7");
        Assert.Equal("7", server.Do($"service-take {name}"));
        server.Do($"service-sleep {name}");
        server.Do($"arm {point}");
        client.Kill();
        server.AssertDiedAtPoint(point);
        AssertUsable(service);
    }

    /// <summary>Nothing is left in it; all the places of a client are there, and all of them are answered.</summary>
    private static void AssertUsable(Service<int, long> service)
    {
        using ServiceServer<int, long> server = Eventually(() => service.Serve());
        using ServiceClient<int, long> client = Eventually(() => service.CreateClient());
        Assert.False(server.TryTake(out _));
        for (int round = 0; round < 3; round++)
        {
            Task<long>[] calls = [.. Enumerable.Range(0, _one.MaxCalls).Select(i => client.CallAsync(i, _bound).AsTask())];
            for (int i = 0; i < calls.Length; i++)
            {
                Assert.True(server.TryTake(out ServiceRequest<int, long> request));
                Assert.True(request.Reply(request.Value * 10L));
            }
            Assert.False(server.TryTake(out _));
            for (int i = 0; i < calls.Length; i++)
                Assert.Equal(i * 10L, calls[i].Result);
        }
    }

    private static void AssertRefused(FailureReason reason, Task<long> calling) =>
        Assert.Equal(reason, Assert.Throws<SharedObjectException>(() => calling.GetAwaiter().GetResult()).Reason);

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"service {name}");
        return peer;
    }

    /// <summary>The place of one that has just died: it is free when the kernel is through with it.</summary>
    private static T Eventually<T>(Func<T> create)
        where T : class
    {
        T? made = null;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            try
            {
                made = create();
                return true;
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
            {
                return false;
            }
        }, _bound));
        return made!;
    }
}
