using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Deaths while a process listens, connects, accepts, writes, reads and closes: what it wrote is read, and nobody waits for it.</summary>
internal static class PipeScenarios
{
    private const int Cycle = 251;
    private const int Before = 1000;
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("listen", ["ChannelPrepared", "ChannelReady", "LaneOwned"], Listen),
        new("listen after another one", ["RequestDropped"], ListenAfterAnother),
        new("stop listening", ["LaneLeft"], StopListening),
        new("connect", ["ReaderOwned", "ChannelPrepared", "ChannelReady", "LaneOwned", "LaneGrown", "RequestAsked", "SleeperCareful", "SleeperAsleep", "RequestCleared", "ReaderLeft"], Connect),
        new("accept", ["RequestTaken", "ReaderOwned", "LaneGrown", "LaneOwned"], Accept),
        new("refuse", ["RequestTaken", "RequestRefused"], Refuse),
        new("write to a pipe", ["RecordCleared", "RecordCommitted", "LaneGrown", "ChunkBegun", "ChunkGivenUp"], Write),
        new("read from a pipe", ["ReaderMoved", "SleeperCareful", "SleeperAsleep"], Read),
        new("close a pipe", ["ReaderLeft", "LaneLeft"], Close),
    ];

    private static void Listen(string name, string point)
    {
        using (Peer peer = new())
        {
            peer.Do($"arm {point}");
            peer.Begin($"pipe-listen {name}");
            peer.AssertDiedAtPoint(point);
        }
        ServesOne(name);
    }

    /// <summary>Who asked the one before asks again.</summary>
    private static void ListenAfterAnother(string name, string point)
    {
        using Peer first = new(), second = new(), client = new();
        first.Do($"pipe-listen {name}");
        client.Do("stop-at RequestAsked");
        client.Begin($"pipe-connect {name} c");
        client.AssertStopped();
        first.Kill();
        second.Do($"arm {point}");
        second.Begin($"pipe-listen {name}");
        second.AssertDiedAtPoint(point);
        client.Continue();
        using PipeListener listener = PipeListener.Create(name);
        Assert.True(listener.TryAccept(_bound, out PipeConnection? server));
        using (server)
        {
            client.Answer();
            server.AsStream(leaveOpen: true).Write(new byte[10]);
            Assert.Equal("0", client.Do("pipe-read c 10"));
        }
    }

    private static void StopListening(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        Task<PipeConnection> waiting = PipeConnection.ConnectAsync(name, _bound).AsTask();
        peer.Do($"arm {point}");
        peer.Begin($"close {name}");
        peer.AssertDiedAtPoint(point);
        Answered(name, waiting);
    }

    /// <summary>A client that dies on its way holds up neither the listener nor the next.</summary>
    private static void Connect(string name, string point)
    {
        using PipeListener listener = PipeListener.Create(name);
        using Peer peer = new();
        peer.Do($"arm {point}");
        peer.Begin($"pipe-connect {name} c");
        bool after = point is "RequestCleared" or "ReaderLeft";
        if (after)
        {
            Assert.True(listener.TryAccept(_bound, out PipeConnection? dead));
            using Stream stream = dead.AsStream();
            Died(() => stream.ReadByte());
        }
        peer.AssertDiedAtPoint(point);
        Task<PipeConnection> next = PipeConnection.ConnectAsync(name, _bound).AsTask();
        PipeConnection client;
        while (true)
        {
            Assert.True(listener.TryAccept(_bound, out PipeConnection? server));
            using Stream stream = server.AsStream();
            if (Task.WaitAny([next], TimeSpan.FromMilliseconds(200)) == 0)
            {
                client = next.Result;
                stream.WriteByte(7);
                break;
            }
            // That of the dead one, which came first.
            Died(() => stream.ReadByte());
        }
        using (client)
            Assert.Equal(7, client.AsStream().ReadByte());
    }

    private static void Accept(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        Task<PipeConnection> waiting = PipeConnection.ConnectAsync(name, _bound).AsTask();
        peer.Do($"arm {point}");
        peer.Begin($"pipe-accept {name} s");
        peer.AssertDiedAtPoint(point);
        if (point != "LaneOwned")
        {
            Answered(name, waiting);
            return;
        }
        // It was there for a moment.
        using PipeConnection client = waiting.Result;
        using Stream stream = client.AsStream();
        Died(() => stream.ReadByte());
        Died(() => stream.WriteByte(1));
    }

    private static void Refuse(string name, string point)
    {
        using Peer peer = new();
        peer.Do($"pipe-listen {name}");
        using (Peer client = new())
        {
            client.Do("arm RequestAsked");
            client.Begin($"pipe-connect {name} c");
            client.AssertDiedAtPoint("RequestAsked");
        }
        peer.Do($"arm {point}");
        peer.Begin($"pipe-accept {name} s");
        peer.AssertDiedAtPoint(point);
        ServesOne(name);
    }

    /// <summary>All that was written is read, in order, and then it is told.</summary>
    private static void Write(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        peer.Do($"pipe-write c {Before}");
        peer.Do($"arm {point}:2");
        peer.Begin("pipe-write c 1000000");
        int count = 0;
        Died(() =>
        {
            byte[] buffer = new byte[5000];
            while (stream.Read(buffer) is > 0 and var read)
            {
                for (int i = 0; i < read; i++)
                    Assert.Equal((count + i) % Cycle, buffer[i]);
                count += read;
            }
            Assert.Fail("a death is no end");
        });
        Assert.InRange(count, Before, Before + 1_000_000);
        peer.AssertDiedAtPoint(point);
        Died(() => stream.WriteByte(1));
    }

    private static void Read(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        peer.Do($"arm {point}");
        peer.Begin("pipe-read c 10000000");
        // Its first sleep is on nothing, or it never sleeps: then it comes to move on.
        Died(() =>
        {
            if (point != "ReaderMoved")
                peer.AssertDiedAtPoint(point);
            while (true)
                stream.Write(new byte[5000]);
        });
        peer.AssertDiedAtPoint(point);
        Died(() => stream.ReadByte());
    }

    private static void Close(string name, string point)
    {
        using Peer peer = new();
        using PipeConnection server = Connected(peer, name);
        using Stream stream = server.AsStream();
        peer.Do($"pipe-write c {Before}");
        peer.Do($"arm {point}");
        peer.Begin("close c");
        byte[] all = new byte[Before];
        stream.ReadExactly(all);
        Assert.Equal((Before - 1) % Cycle, all[^1]);
        // It says first that it does not read, then that it does not write.
        if (point == "LaneLeft")
            Assert.Equal(-1, stream.ReadByte());
        else
            Died(() => stream.ReadByte());
        peer.AssertDiedAtPoint(point);
        Assert.Equal(FailureReason.PeerClosed, Assert.Throws<SharedObjectException>(() => stream.WriteByte(1)).Reason);
    }

    private static PipeConnection Connected(Peer peer, string name)
    {
        using PipeListener listener = PipeListener.Create(name);
        peer.Begin($"pipe-connect {name} c");
        Assert.True(listener.TryAccept(_bound, out PipeConnection? server));
        peer.Answer();
        return server;
    }

    private static void ServesOne(string name)
    {
        Task<PipeConnection> waiting = PipeConnection.ConnectAsync(name, _bound).AsTask();
        Answered(name, waiting);
    }

    /// <summary>Another listener serves who waited for the dead one.</summary>
    private static void Answered(string name, Task<PipeConnection> waiting)
    {
        using PipeListener listener = PipeListener.Create(name);
        Assert.True(listener.TryAccept(_bound, out PipeConnection? server));
        using (server)
        using (PipeConnection client = waiting.Result)
        {
            client.AsStream(leaveOpen: true).WriteByte(3);
            Assert.Equal(3, server.AsStream(leaveOpen: true).ReadByte());
        }
    }

    private static void Died(Action action)
    {
        Task<SharedObjectException> failing = Task.Run(() => Assert.Throws<SharedObjectException>(action));
        Assert.True(failing.Wait(_bound), "nobody told of the death");
        Assert.Equal(FailureReason.PeerDied, failing.Result.Reason);
    }
}
