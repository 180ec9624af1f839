using System.Buffers.Binary;
using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Deaths while a queue is made, and messages are sent, received, leased, returned and dropped.</summary>
internal static class QueueScenarios
{
    private const int Length = 1000;
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);
    private static readonly QueueOptions _small = new() { Capacity = 65536 };

    private static readonly string[] _taking = ["QueueTaken", "QueueMoved"];

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("make a queue", ["ChannelPrepared", "ChannelReady", "PublishLinked"], Make),
        new("begin to send to a queue", ["LaneOwned", "LaneGrown"], (name, point) => Send(name, point, arrives: false)),
        new("send to a queue", ["RecordCleared", "RecordCommitted"], (name, point) => Send(name, point, arrives: point == "RecordCommitted")),
        new("send with a priority to a queue", ["LaneOwned:2", "LaneGrown:2", "RecordCleared:1", "RecordCommitted:1"], SendWithPriority),
        new("begin to receive from a queue", ["ReaderOwned", "SleeperCareful", "SleeperAsleep"], BeginToReceive),
        new("receive from a queue", _taking, Receive),
        new("pass what others have of a queue", ["QueuePassed"], Pass),
        new("make a mailbox", ["TenureBegun", "TenureOpened"], MakeMailbox),
        new("end what a queue gave", ["QueueFinished"], EndReceived),
        new("lease from a queue", _taking, Lease),
        new("acknowledge to a queue", ["QueueFinished"], Acknowledge),
        new("return to a queue", ["QueueMovedBack", "QueueReturned"], Return),
        new("leave a queue with a lease", ["QueueMovedBack", "QueueReturned", "ReaderLeft"], Leave),
        new("give up room in a queue", ["QueueFreed"], GiveUp),
        new("drop the oldest of a queue", [.. _taking, "QueueFreed"], Drop),
        new("bury a lease of a queue", ["ReaderOwned:2", "QueueMovedBack", "QueueReturned", "ReaderLeft"], (name, point) => Bury(name, point, once: false)),
        new("bury what a queue gave", ["QueueFinished"], (name, point) => Bury(name, point, once: true)),
    ];

    private static void Make(string name, string point)
    {
        using (var peer = new Peer())
        {
            // The first file is that of the mutex that is held meanwhile.
            peer.Do($"arm {point}{(point == "PublishLinked" ? ":2" : "")}");
            peer.Begin($"queue {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.False(Queue.TryOpen(name, out _));
        using Queue queue = Queue.Create(name, _small);
        AssertUsable(queue);
    }

    private static void Send(string name, string point, bool arrives)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1 });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        Task<int> waiting = Task.Run(() => receiver.TryReceive(_bound, out QueueMessage message) ? Number(message) : -1);
        peer.Do($"arm {point}");
        peer.Begin($"queue-send {name} 7");
        peer.AssertDiedAtPoint(point);
        // It is asleep, or about to be, and is told of the death; or of the next one's message.
        using (QueueSender sender = Take(() => queue.CreateSender()))
        {
            if (!arrives)
                Assert.True(sender.TrySend(Message(7)));
            Assert.Equal(7, waiting.Result);
        }
        AssertUsable(queue, receiver);
    }

    private static void SendWithPriority(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1, Priorities = 2 });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        bool later = point.EndsWith(":1", StringComparison.Ordinal);
        if (later)
            peer.Do($"queue-send {name} 0 0");
        peer.Do($"arm {point}");
        peer.Begin($"queue-send {name} 1 1");
        peer.AssertDiedAtPoint(point);
        if (point.StartsWith("RecordCommitted", StringComparison.Ordinal))
            Assert.Equal((1, 1), Next(receiver));
        if (later)
            Assert.Equal((0, 1), Next(receiver));
        Assert.False(receiver.TryReceive(out _));
        AssertUsable(queue, receiver);
    }

    private static void BeginToReceive(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxReceivers = 1 });
        using QueueSender sender = queue.CreateSender();
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"queue-receive {name}");
        peer.AssertDiedAtPoint(point);
        Assert.True(sender.TrySend(Message(1)));
        using QueueReceiver receiver = Take(() => queue.CreateReceiver());
        Assert.Equal((1, 1), Next(receiver));
        AssertUsable(queue, receiver);
    }

    private static void Receive(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"queue-receive {name}");
        peer.AssertDiedAtPoint(point);
        using QueueReceiver receiver = queue.CreateReceiver();
        // It was taken, and is not delivered again.
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        AssertUsable(queue, receiver);
    }

    private static void EndReceived(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"queue-receive {name}");
        peer.Do($"arm {point}");
        peer.Begin($"queue-receive {name}");
        peer.AssertDiedAtPoint(point);
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        AssertUsable(queue, receiver);
    }

    /// <summary>What was given back stands before what another one has.</summary>
    private static void Pass(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(receiver.TryLease(_bound, out QueueMessage first));
        Assert.True(receiver.TryLease(_bound, out QueueMessage second));
        first.Return();
        using Peer peer = Opened(name);
        Assert.Equal("0 2", peer.Do($"queue-lease {name}"));
        peer.Do($"arm {point}");
        peer.Begin($"queue-lease {name}");
        peer.AssertDiedAtPoint(point);
        second.Acknowledge();
        // The one that the dead had may come back after it.
        Assert.Equal([(0, 3), (2, 1)], new[] { Next(receiver), Next(receiver) }.Order());
        AssertUsable(queue, receiver);
    }

    /// <summary>Who wrote to the one before writes neither to the dead reader nor to the next one.</summary>
    private static void MakeMailbox(string name, string point)
    {
        Mailbox before = Mailbox.Create(name);
        using MailboxWriter old = Mailbox.OpenWriter(name);
        Assert.True(old.TrySend(Message(1)));
        before.Dispose();
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            peer.Begin($"queue-mailbox {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.False(Mailbox.TryOpenWriter(name, out _));
        using Mailbox box = Take(() => Mailbox.Create(name));
        Assert.False(box.TryReceive(out _));
        using MailboxWriter writer = Mailbox.OpenWriter(name);
        Assert.True(writer.TrySend(Message(2)));
        Assert.True(box.TryReceive(_bound, out QueueMessage message));
        using (message)
            Assert.Equal(2, Number(message));
    }

    private static void Lease(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"queue-lease {name}");
        peer.AssertDiedAtPoint(point);
        AssertAllAgain(queue);
    }

    private static void Acknowledge(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"queue-lease {name}");
        peer.Do($"arm {point}");
        peer.Begin($"queue-acknowledge {name}");
        peer.AssertDiedAtPoint(point);
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        AssertUsable(queue, receiver);
    }

    private static void Return(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"queue-lease {name}");
        peer.Do($"arm {point}");
        peer.Begin($"queue-return {name}");
        peer.AssertDiedAtPoint(point);
        AssertAllAgain(queue);
    }

    private static void Leave(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        using Peer peer = Opened(name);
        peer.Do($"queue-lease {name}");
        peer.Do($"arm {point}");
        peer.Begin($"close {name}");
        peer.AssertDiedAtPoint(point);
        AssertAllAgain(queue);
    }

    private static void GiveUp(string name, string point)
    {
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1 });
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Opened(name);
        int sent = int.Parse(peer.Do($"queue-fill {name} 5"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((5, 1), Next(receiver));
        peer.Do($"arm {point}");
        peer.Begin($"queue-send {name} 6");
        peer.AssertDiedAtPoint(point);
        for (int i = 1; i < sent; i++)
            Assert.Equal((5, 1), Next(receiver));
        Assert.False(receiver.TryReceive(out _));
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
        peer.Do($"arm {point}");
        peer.Begin($"queue-send {name} {sent}");
        peer.AssertDiedAtPoint(point);
        // One was dropped here, and one more there.
        for (int i = 2; i < sent; i++)
            Assert.Equal((i, 1), Next(receiver));
        Assert.False(receiver.TryReceive(out _));
        AssertUsable(queue, receiver);
    }

    /// <summary>One dies with a message; who buries it dies of that.</summary>
    private static void Bury(string name, string point, bool once)
    {
        using Queue queue = Queue.Create(name, _small);
        Sent(queue, 3);
        // First of all, so that it sees no place of the one that will die, and does not bury it.
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer first = Opened(name);
        first.Do(once ? $"queue-receive {name}" : $"queue-lease {name}");
        using Peer second = Opened(name);
        // The others, so that the second one sleeps.
        Assert.Equal([(1, 1), (2, 1)], [Next(receiver), Next(receiver)]);
        second.Do($"arm {point}");
        second.Do($"queue-sleep {name}");
        first.Kill();
        second.AssertDiedAtPoint(point);
        if (!once)
            Assert.Equal((0, 2), Next(receiver));
        AssertUsable(queue, receiver);
    }

    private static void AssertAllAgain(Queue queue)
    {
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.Equal([(0, 2), (1, 1), (2, 1)], [Next(receiver), Next(receiver), Next(receiver)]);
        AssertUsable(queue, receiver);
    }

    private static void AssertUsable(Queue queue)
    {
        using QueueReceiver receiver = queue.CreateReceiver();
        AssertUsable(queue, receiver);
    }

    /// <summary>It is empty; all the room of every lane is there, and all of it passes.</summary>
    internal static void AssertUsable(Queue queue, QueueReceiver receiver)
    {
        Assert.False(receiver.TryReceive(out _));
        using QueueSender sender = Take(() => queue.CreateSender());
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 60; i++)
                Assert.True(sender.TrySend(Message(i)));
            for (int i = 0; i < 60; i++)
                Assert.Equal((i, 1), Next(receiver));
        }
        Assert.False(receiver.TryReceive(out _));
    }

    internal static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"queue {name}");
        return peer;
    }

    /// <summary>The place of one that has just died: it is free when the kernel is through with it.</summary>
    private static T Take<T>(Func<T> create)
    {
        long deadline = Environment.TickCount64 + (long)_bound.TotalMilliseconds;
        while (true)
        {
            try
            {
                return create();
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached && Environment.TickCount64 < deadline)
            {
                Thread.Yield();
            }
        }
    }

    internal static void Sent(Queue queue, int count)
    {
        using QueueSender sender = queue.CreateSender();
        for (int i = 0; i < count; i++)
            Assert.True(sender.TrySend(Message(i)));
    }

    internal static (int Number, int Deliveries) Next(QueueReceiver receiver)
    {
        Assert.True(receiver.TryReceive(_bound, out QueueMessage message));
        using (message)
            return (Number(message), message.Deliveries);
    }

    private static int Number(QueueMessage message) => BinaryPrimitives.ReadInt32LittleEndian(message.Span);

    internal static byte[] Message(int number)
    {
        byte[] message = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, number);
        return message;
    }
}
