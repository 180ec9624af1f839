using Samepage.Channels;
using static Samepage.Processes.PauseScenario;
using static Samepage.Processes.QueueScenarios;

namespace Samepage.Processes;

/// <summary>Pauses while messages of a queue are sent, received, leased, returned and dropped: what one has is not delivered to another.</summary>
internal static class QueuePauses
{
    private static readonly QueueOptions _small = new() { Capacity = 65536 };

    // Under the turn: other receivers wait.
    private static readonly string[] _underTurn = ["QueueTaken", "QueueMoved", "QueueMovedBack", "QueueReturned"];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("send to a queue", ["LaneOwned", "LaneGrown", "RecordCleared", "RecordCommitted"], Send),
        new("begin to receive from a queue", ["ReaderOwned", "SleeperCareful", "SleeperAsleep"], BeginToReceive),
        new("receive from a queue", ["QueueTaken", "QueueMoved"], (name, point) => Take(name, point, "queue-receive")),
        new("lease from a queue", ["QueueTaken", "QueueMoved"], (name, point) => Take(name, point, "queue-lease")),
        new("pass what others have of a queue", ["QueuePassed"], Pass),
        new("make a mailbox", ["TenureBegun", "TenureOpened"], MakeMailbox),
        new("acknowledge to a queue", ["QueueFinished"], Acknowledge),
        new("return to a queue", ["QueueMovedBack", "QueueReturned"], (name, point) => GiveBack(name, point, "queue-return")),
        new("leave a queue with a lease", ["QueueMovedBack", "QueueReturned", "ReaderLeft"], (name, point) => GiveBack(name, point, "close")),
        new("give up room in a queue", ["QueueFreed"], GiveUp),
        new("drop the oldest of a queue", ["QueueTaken", "QueueMoved", "QueueFreed"], Drop),
    ];

    private static void Send(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1 });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"queue-send {name} 7");
        AssertRefused(FailureReason.LimitReached, () => queue.CreateSender());
        bool arrived = point == "RecordCommitted";
        if (arrived)
            Assert.Equal((7, 1), Next(receiver));
        Assert.False(receiver.TryReceive(Moment, out _));
        Assert.Equal("True", peer.GoOn());
        if (!arrived)
            Assert.Equal((7, 1), Next(receiver));
        peer.Do($"close {name}");
        AssertUsable(queue, receiver);
    }

    private static void BeginToReceive(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxReceivers = 1 });
        using QueueSender sender = queue.CreateSender();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"queue-receive {name}");
        AssertRefused(FailureReason.LimitReached, () => queue.CreateReceiver());
        Assert.True(sender.TrySend(Message(3)));
        Assert.Equal("3 1", peer.GoOn());
    }

    /// <summary>Senders go on; it gets the first, and nobody else does, however long it stops afterwards.</summary>
    private static void Take(string name, string point, string command)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        peer.StopAt(point, $"{command} {name}");
        Task<(int, int)> next = Task.Run(() => Next(receiver));
        AssertWaits(next);
        using (QueueSender sender = queue.CreateSender())
            Assert.True(Within(Task.Run(() => sender.TrySend(Message(3)))));
        Assert.Equal("0 1", peer.GoOn());
        Assert.Equal((1, 1), Within(next));
        peer.Stop();
        Assert.Equal([(2, 1), (3, 1)], [Next(receiver), Next(receiver)]);
        Assert.False(receiver.TryReceive(Moment, out _));
        peer.Continue();
        if (command == "queue-lease")
            peer.Do($"queue-acknowledge {name}");
        peer.Do($"close {name}");
        AssertUsable(queue, receiver);
    }

    private static void Pass(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(receiver.TryLease(Bound, out QueueMessage first));
        Assert.True(receiver.TryLease(Bound, out QueueMessage second));
        first.Return();
        using Peer peer = Opened(name);
        Assert.Equal("0 2", peer.Do($"queue-receive {name}"));
        peer.StopAt(point, $"queue-receive {name}");
        second.Acknowledge();
        Assert.Equal("2 1", peer.GoOn());
        peer.Do($"close {name}");
        AssertUsable(queue, receiver);
    }

    private static void MakeMailbox(string name, string point)
    {
        using var peer = new Peer();
        peer.StopAt(point, $"queue-mailbox {name}");
        AssertRefused(FailureReason.AlreadyExists, () => Mailbox.Create(name));
        peer.GoOn();
        AssertRefused(FailureReason.AlreadyExists, () => Mailbox.Create(name));
        using MailboxWriter writer = Mailbox.OpenWriter(name);
        Assert.True(writer.TrySend(Message(1)));
    }

    private static void Acknowledge(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        peer.Do($"queue-lease {name}");
        peer.StopAt(point, $"queue-acknowledge {name}");
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        Assert.False(receiver.TryReceive(Moment, out _));
        peer.GoOn();
        AssertUsable(queue, receiver);
    }

    private static void GiveBack(string name, string point, string command)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        peer.Do($"queue-lease {name}");
        peer.StopAt(point, $"{command} {name}");
        Task<(int, int)> next = Task.Run(() => Next(receiver));
        if (_underTurn.Contains(point))
            AssertWaits(next);
        else
            _ = Within(next);
        peer.GoOn();
        Assert.Equal((0, 2), Within(next));
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        AssertUsable(queue, receiver);
    }

    private static void GiveUp(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1 });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        int sent = int.Parse(peer.Do($"queue-fill {name} 5"), null);
        Assert.Equal((5, 1), Next(receiver));
        peer.StopAt(point, $"queue-send {name} 6");
        AssertRefused(FailureReason.LimitReached, () => queue.CreateSender());
        for (int i = 1; i < sent; i++)
            Assert.Equal((5, 1), Next(receiver));
        Assert.False(receiver.TryReceive(Moment, out _));
        Assert.Equal("True", peer.GoOn());
        Assert.Equal((6, 1), Next(receiver));
        peer.Do($"close {name}");
        AssertUsable(queue, receiver);
    }

    private static void Drop(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1, FullMode = QueueFullMode.DropOldest });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        int sent = 0;
        using (QueueSender sender = queue.CreateSender())
        {
            while (sender.Dropped == 0)
                Assert.True(sender.TrySend(Message(sent++)));
        }
        peer.StopAt(point, $"queue-send {name} {sent}");
        Task<(int, int)> next = Task.Run(() => Next(receiver));
        if (_underTurn.Contains(point))
            AssertWaits(next);
        else
            _ = Within(next);
        Assert.Equal("True", peer.GoOn());
        // One was dropped here, and one more there.
        Assert.Equal((2, 1), Within(next));
        for (int i = 3; i <= sent; i++)
            Assert.Equal((i, 1), Next(receiver));
        peer.Do($"close {name}");
        AssertUsable(queue, receiver);
    }
}
