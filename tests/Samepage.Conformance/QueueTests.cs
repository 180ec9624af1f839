using System.Buffers.Binary;
using System.Globalization;
using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Queues: many senders, many receivers, each message to one of them: W43.</summary>
public sealed class QueueTests
{
    private static readonly QueueOptions _small = new() { Capacity = 65536 };
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    private static byte[] Number(int value, int length = 4)
    {
        byte[] bytes = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static int Number(QueueMessage message) => BinaryPrimitives.ReadInt32LittleEndian(message.Span);

    private static int Receive(QueueReceiver receiver)
    {
        Assert.True(receiver.TryReceive(out QueueMessage message));
        using (message)
            return Number(message);
    }

    [Fact]
    public void W43_Messages_of_all_lengths_arrive_whole_and_in_order()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.False(receiver.TryReceive(out _));
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            byte[] sent = new byte[round % 50 == 0 ? sender.LongestMessage : random.Next(0, 2000)];
            random.NextBytes(sent);
            Assert.True(sender.TrySend(sent));
            Assert.True(receiver.TryReceive(out QueueMessage message));
            Assert.True(message.Span.SequenceEqual(sent));
            Assert.Equal((sent.Length, 1), (message.Length, message.Deliveries));
            Assert.False(receiver.TryReceive(out _));
        }
    }

    [Fact]
    public void W43_Each_message_goes_to_one_of_many_receivers_and_the_order_of_each_sender_is_kept()
    {
        const int Each = 3000;
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        var got = new List<(int Sender, int Value)>[3];
        int received = 0;
        Task<bool>[] receivers = [.. got.Select((_, i) => Expect.Begin(() =>
        {
            got[i] = [];
            using QueueReceiver receiver = queue.CreateReceiver();
            while (receiver.TryReceive(Peer.Patience, out QueueMessage message))
            {
                int number = Number(message);
                if (number < 0)
                    return true;
                got[i].Add((number >> 24, number & 0xFFFFFF));
                Interlocked.Increment(ref received);
            }
            return false;
        }))];
        Task<bool>[] senders = [.. Enumerable.Range(0, 3).Select(s => Expect.Begin(() =>
        {
            using QueueSender sender = queue.CreateSender();
            for (int i = 0; i < Each; i++)
                sender.Send(Number(s << 24 | i, 4 + i % 90));
            return true;
        }))];
        Assert.All(senders, s => Expect.Result(s));
        using QueueSender last = queue.CreateSender();
        Expect.Eventually(() => Volatile.Read(ref received) == 3 * Each, "all received");
        foreach (Task<bool> _ in receivers)
            last.Send(Number(-1));
        Assert.All(receivers, r => Assert.True(Expect.Result(r)));
        Assert.Equal(3 * Each, got.SelectMany(g => g).Distinct().Count());
        foreach (List<(int Sender, int Value)> one in got)
        {
            foreach (IGrouping<int, (int Sender, int Value)> sender in one.GroupBy(m => m.Sender))
                Assert.Equal(sender.Select(m => m.Value).Order(), sender.Select(m => m.Value));
        }
    }

    [Fact]
    public void W43_A_higher_priority_is_received_first_and_each_in_order()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { Priorities = 3, MaxSenders = 2 });
        using QueueSender one = queue.CreateSender(), other = queue.CreateSender();
        for (int i = 0; i < 10; i++)
        {
            one.TrySend(Number(i), priority: i % 3);
            other.TrySend(Number(100 + i), priority: i % 3);
        }
        using QueueReceiver receiver = queue.CreateReceiver();
        int[] received = [.. Enumerable.Range(0, 20).Select(_ => Receive(receiver))];
        Assert.Equal([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], received.Select(n => n % 100 % 3));
        Assert.All(received.GroupBy(n => (n / 100, n % 100 % 3)), g => Assert.Equal(g.Order(), g));
        Assert.False(receiver.TryReceive(out _));
        one.TrySend(Number(5), 0);
        one.TrySend(Number(6), 2);
        Assert.Equal((6, 5), (Receive(receiver), Receive(receiver)));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.TrySend(Number(1), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.TrySend(Number(1), -1));
    }

    [Fact]
    public void W43_A_queue_that_waits_says_that_it_is_full_and_has_room_again_for_what_was_received()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        int sent = 0;
        while (sender.TrySend(Number(sent, 1000)))
            sent++;
        Assert.InRange(sent, 60, 65);
        Assert.Equal(0, sender.Dropped);
        Assert.Equal(WaitResult.TimedOut, sender.Writable.Wait(TimeSpan.Zero));
        // A full queue with a deadline: no time is no wait, and some time runs out.
        Assert.False(sender.Send(Number(sent, 1000), 0, TimeSpan.Zero));
        Assert.False(sender.Send(Number(sent, 1000), 0, _shortly));
        Assert.False(sender.WaitToSend(_shortly));
        using (var cancelled = new CancellationTokenSource(_shortly))
            Assert.ThrowsAny<OperationCanceledException>(() => sender.Send(Number(sent, 1000), 0, cancelled.Token));
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(i, Receive(receiver));
            Assert.True(sender.Send(Number(sent + i, 1000), 0, Peer.Patience));
            Assert.False(sender.TrySend(Number(0, 1000)));
        }
        for (int i = 500; i < sent + 500; i++)
            Assert.Equal(i, Receive(receiver));
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public void W43_A_sender_that_sleeps_is_woken_by_room()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender(WaitStrategy.Block);
        using QueueReceiver receiver = queue.CreateReceiver();
        int sent = 0;
        while (sender.TrySend(Number(sent, 3000)))
            sent++;
        for (int i = 0; i < 200; i++)
        {
            Task<bool> waiting = Expect.Begin(() => sender.Send(Number(sent + i, 3000)));
            Assert.Equal(i, Receive(receiver));
            Assert.True(Expect.Result(waiting));
        }
        Assert.Equal(WaitResult.TimedOut, sender.Writable.Wait(TimeSpan.Zero));
        Receive(receiver);
        Assert.Equal(WaitResult.Signaled, sender.Writable.Wait(TimeSpan.Zero));
    }

    [Fact]
    public async Task W43_A_sender_waits_for_room_without_a_thread()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        int sent = 0;
        while (sender.TrySend(Number(sent, 3000)))
            sent++;
        Assert.False(await sender.SendAsync(Number(0, 3000), 0, _shortly));
        for (int i = 0; i < 100; i++)
        {
            ValueTask<bool> waiting = sender.SendAsync(Number(sent + i, 3000));
            Assert.Equal(i, Receive(receiver));
            Assert.True(await waiting.AsTask().WaitAsync(Peer.Patience));
        }
    }

    [Fact]
    public void W43_A_queue_that_drops_the_newest_counts_it()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { FullMode = QueueFullMode.DropNewest });
        Assert.Equal(QueueFullMode.DropNewest, queue.FullMode);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        int sent = 0;
        while (sender.TrySend(Number(sent, 1000)))
            sent++;
        Assert.False(sender.Send(Number(-1, 1000)));
        Assert.Equal(2, sender.Dropped);
        for (int i = 0; i < sent; i++)
            Assert.Equal(i, Receive(receiver));
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public void W43_A_queue_that_drops_the_oldest_keeps_the_newest_and_counts_the_others()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { FullMode = QueueFullMode.DropOldest });
        using QueueSender sender = queue.CreateSender();
        const int Sent = 1000;
        for (int i = 0; i < Sent; i++)
            Assert.True(sender.TrySend(Number(i, 1000)));
        using QueueReceiver receiver = queue.CreateReceiver();
        int kept = Sent - (int)sender.Dropped;
        Assert.InRange(kept, 60, 65);
        for (int i = Sent - kept; i < Sent; i++)
            Assert.Equal(i, Receive(receiver));
        Assert.False(receiver.TryReceive(out _));
        // One long message in the place of many short ones.
        for (int i = 0; i < 2000; i++)
            Assert.True(sender.TrySend(Number(i)));
        Assert.True(sender.TrySend(Number(-1, sender.LongestMessage)));
        Assert.True(sender.TrySend(Number(-2, sender.LongestMessage)));
        Assert.Equal((-1, -2), (Receive(receiver) is var first && first == -1 ? first : LastButOne(receiver), Receive(receiver)));
    }

    private static int LastButOne(QueueReceiver receiver)
    {
        int number;
        while ((number = Receive(receiver)) >= 0)
        {
        }
        return number;
    }

    [Fact]
    public void W43_A_message_that_somebody_has_is_not_dropped()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { FullMode = QueueFullMode.DropOldest });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(sender.TrySend(Number(0, 1000)));
        Assert.True(receiver.TryLease(out QueueMessage leased));
        int sent = 1;
        while (sender.TrySend(Number(sent, 1000)))
            sent++;
        Assert.Equal(1, sender.Dropped);
        Assert.Equal(0, Number(leased));
        leased.Acknowledge();
        Assert.True(sender.TrySend(Number(sent, 1000)));
        Assert.True(sender.TrySend(Number(sent + 1, 1000)));
        Assert.Equal((2, 2), (sender.Dropped, Receive(receiver)));
    }

    [Fact]
    public void W43_What_was_leased_and_acknowledged_is_gone_and_what_was_returned_is_delivered_again_first()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver one = queue.CreateReceiver(), other = queue.CreateReceiver();
        for (int i = 0; i < 6; i++)
            sender.TrySend(Number(i));
        QueueMessage[] leased = [.. Enumerable.Range(0, 4).Select(_ => one.TryLease(out QueueMessage message) ? message : default)];
        Assert.Equal([0, 1, 2, 3], leased.Select(Number));
        leased[2].Acknowledge();
        leased[3].Return();
        leased[1].Dispose();
        Assert.Equal((0, 1), (Number(leased[0]), leased[0].Deliveries));
        Assert.True(other.TryLease(out QueueMessage again));
        Assert.Equal((1, 2), (Number(again), again.Deliveries));
        again.Return();
        Assert.True(other.TryReceive(out again));
        Assert.Equal((1, 3), (Number(again), again.Deliveries));
        Assert.Equal(3, Receive(other));
        Assert.Equal(4, Receive(other));
        leased[0].Return();
        Assert.Equal((0, 5), (Receive(one), Receive(one)));
        Assert.False(one.TryLease(out _));
        Assert.False(other.TryLease(out _));
    }

    [Fact]
    public void W43_A_message_ends_once()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        for (int i = 0; i < 6; i++)
            sender.TrySend(Number(i));
        Assert.True(receiver.TryLease(out QueueMessage leased));
        leased.Acknowledge();
        Assert.Throws<InvalidOperationException>(leased.Acknowledge);
        Assert.Throws<InvalidOperationException>(leased.Return);
        Assert.Throws<ObjectDisposedException>(() => leased.Span.Length);
        leased.Dispose();
        Assert.True(receiver.TryReceive(out QueueMessage received));
        Assert.Throws<InvalidOperationException>(received.Return);
        Assert.Equal(1, Number(received));
        Assert.True(receiver.TryReceive(out QueueMessage next));
        Assert.Throws<ObjectDisposedException>(() => received.Span.Length);
        received.Dispose();
        Assert.Equal(2, Number(next));
        next.Acknowledge();
        Assert.True(receiver.TryLease(out leased));
        receiver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => leased.Span.Length);
        Assert.Throws<InvalidOperationException>(leased.Acknowledge);
        leased.Dispose();
        default(QueueMessage).Dispose();
        Assert.Throws<InvalidOperationException>(() => default(QueueMessage).Length is 0 ? default(QueueMessage).Span.Length : 0);
        using QueueReceiver another = queue.CreateReceiver();
        Assert.True(another.TryReceive(out QueueMessage again));
        Assert.Equal((3, 2), (Number(again), again.Deliveries));
    }

    [Fact]
    public void W43_Leases_in_any_order_against_a_model()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        QueueReceiver[] receivers = [queue.CreateReceiver(), queue.CreateReceiver(), queue.CreateReceiver()];
        var random = new Random(11);
        var waiting = new SortedSet<int>();
        var held = new List<(QueueMessage Message, int Number)>();
        int sent = 0;
        for (int round = 0; round < 20_000; round++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    if (sender.TrySend(Number(sent, random.Next(4, 1500))))
                        waiting.Add(sent++);
                    break;
                case 2 or 3:
                    bool found = receivers[random.Next(3)].TryLease(out QueueMessage message);
                    Assert.Equal(waiting.Count > 0, found);
                    if (!found)
                        break;
                    Assert.Equal(waiting.Min, Number(message));
                    held.Add((message, waiting.Min));
                    waiting.Remove(waiting.Min);
                    break;
                case 4 when held.Count > 0:
                    int done = random.Next(held.Count);
                    Assert.Equal(held[done].Number, Number(held[done].Message));
                    held[done].Message.Acknowledge();
                    held.RemoveAt(done);
                    break;
                case 5 when held.Count > 0 && random.Next(3) == 0:
                    int back = random.Next(held.Count);
                    held[back].Message.Return();
                    waiting.Add(held[back].Number);
                    held.RemoveAt(back);
                    break;
            }
        }
        Assert.True(sent > 3000);
        foreach (QueueReceiver receiver in receivers)
            receiver.Dispose();
    }

    [Fact]
    public void W43_Who_leaves_returns_what_it_has_leased_and_sleepers_are_woken()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        QueueReceiver leaving = queue.CreateReceiver();
        sender.TrySend(Number(1));
        sender.TrySend(Number(2));
        Assert.True(leaving.TryLease(out _));
        Assert.True(leaving.TryLease(out _));
        Task<int> waiting = Expect.Begin(() =>
        {
            using QueueReceiver receiver = queue.CreateReceiver(WaitStrategy.Block);
            using QueueMessage message = receiver.Receive();
            return Number(message);
        });
        Assert.False(waiting.Wait(_shortly));
        leaving.Dispose();
        Assert.Equal(1, Expect.Result(waiting));
        using QueueReceiver rest = queue.CreateReceiver();
        Assert.Equal(2, Receive(rest));
    }

    [Theory]
    [InlineData(WaitStrategy.SpinThenBlock)]
    [InlineData(WaitStrategy.Block)]
    [InlineData(WaitStrategy.BusySpin)]
    public void W43_Sleepers_are_woken_by_messages(WaitStrategy strategy)
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver(strategy);
        Assert.False(receiver.TryReceive(_shortly, out _));
        Assert.False(receiver.TryLease(TimeSpan.Zero, out _));
        for (int i = 0; i < 100; i++)
        {
            Task<int> waiting = Expect.Begin(() =>
            {
                using QueueMessage message = receiver.Receive();
                return Number(message);
            });
            sender.TrySend(Number(i));
            Assert.Equal(i, Expect.Result(waiting));
        }
        using var cancelled = new CancellationTokenSource(_shortly);
        Assert.ThrowsAny<OperationCanceledException>(() => receiver.Receive(cancelled.Token));
    }

    [Fact]
    public async Task W43_Receiving_without_a_thread_and_beside_other_things()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        using SharedEvent other = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        ValueTask<SharedWaitResult> any = SharedWait.AnyAsync([other, receiver.Readable]);
        sender.TrySend(Number(0));
        Assert.Equal(1, (await any.AsTask().WaitAsync(Peer.Patience)).Index);
        Assert.Equal(0, Number(await receiver.ReceiveAsync()));
        other.Set();
        Assert.Equal(0, SharedWait.Any([receiver.Readable, other]).Index is 1 ? 0 : -1);
        for (int i = 0; i < 50; i++)
        {
            ValueTask<QueueMessage> pending = receiver.ReceiveAsync();
            sender.TrySend(Number(i));
            Assert.Equal(i, Number(await pending.AsTask().WaitAsync(Peer.Patience)));
            ValueTask<QueueMessage> lease = receiver.LeaseAsync();
            sender.TrySend(Number(-i));
            QueueMessage leased = await lease.AsTask().WaitAsync(Peer.Patience);
            Assert.Equal(-i, Number(leased));
            leased.Acknowledge();
        }
        for (int i = 0; i < 5; i++)
            sender.TrySend(Number(i));
        int expected = 0;
        using var cancellation = new CancellationTokenSource(Peer.Patience);
        await foreach (QueueMessage message in receiver.ReceiveAllAsync(cancellation.Token))
        {
            Assert.Equal(expected++, Number(message));
            if (expected == 5)
                break;
        }
    }

    [Fact]
    public void W43_Loans_are_written_in_place()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(sender.TryLoan(100, out QueueLoan given));
        given.Dispose();
        Assert.True(sender.TryLoan(1000, out QueueLoan loan));
        loan.Span.Fill(3);
        Assert.False(receiver.TryReceive(out _));
        loan.Send(500);
        Assert.True(receiver.TryReceive(out QueueMessage message));
        Assert.Equal((500, -1), (message.Length, message.Span.IndexOfAnyExcept((byte)3)));
        try
        {
            loan.Send();
            Assert.Fail("A loan was sent twice.");
        }
        catch (InvalidOperationException)
        {
        }
        Assert.False(receiver.TryReceive(out _));
    }

    [Fact]
    public void W43_Too_long_a_message_is_refused_and_the_queue_goes_on()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        ArgumentException refused = Assert.Throws<ArgumentException>(() => sender.TrySend(new byte[sender.LongestMessage + 1]));
        Assert.Contains(queue.Name, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => sender.TryLoan(sender.LongestMessage + 1, out _));
        Assert.True(sender.TrySend(new byte[sender.LongestMessage]));
        Assert.True(receiver.TryReceive(out QueueMessage message));
        Assert.Equal(sender.LongestMessage, message.Length);
    }

    [Fact]
    public void W43_What_cannot_be_is_refused()
    {
        string name = Expect.NewName();
        Expect.Refusal(FailureReason.NotFound, 2, () => Queue.Open(name));
        Assert.False(Queue.TryOpen(name, out _));
        Assert.False(Queue.Exists(name));
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1, MaxReceivers = 1 });
        Assert.True(Queue.Exists(name));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => Queue.Create(name));
        Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => Topic.Open(name)).Reason);
        Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => Mailbox.OpenWriter(name)).Reason);
        Assert.Equal(FailureReason.AlreadyExists, Assert.Throws<SharedObjectException>(() => Mailbox.Create(name)).Reason);
        using (Topic.Create(name + "t"))
            Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => Queue.Open(name + "t")).Reason);
        using (queue.CreateSender())
            Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => queue.CreateSender()).Reason);
        using (queue.CreateReceiver())
            Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => queue.CreateReceiver()).Reason);
        queue.CreateSender().Dispose();
        queue.CreateReceiver().Dispose();
        string other = Expect.NewName();
        Assert.Throws<ArgumentException>(() => Queue.Create(other, new QueueOptions { Priorities = 0 }));
        Assert.Throws<ArgumentException>(() => Queue.Create(other, new QueueOptions { Priorities = 9 }));
        Assert.ThrowsAny<ArgumentException>(() => Queue.Create(other, new QueueOptions { Priorities = 8, MaxSenders = 128 }));
        Assert.ThrowsAny<ArgumentException>(() => Queue.Create(other, new QueueOptions { MaxReceivers = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => Queue.Create(other, new QueueOptions { Capacity = 0 }));
        Assert.Throws<ArgumentException>(() => Queue.Create(other, new QueueOptions { FullMode = (QueueFullMode)7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.CreateSender((WaitStrategy)9));
        queue.CreateSender().Dispose();
        queue.Dispose();
        Assert.Throws<ObjectDisposedException>(() => queue.CreateSender());
        Assert.False(Queue.Exists(name));
    }

    [Fact]
    public void W43_What_was_sent_stays_when_the_sender_has_left()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { MaxSenders = 1 });
        for (int i = 0; i < 5; i++)
        {
            using QueueSender sender = queue.CreateSender();
            sender.TrySend(Number(i));
        }
        using QueueReceiver receiver = queue.CreateReceiver();
        for (int i = 0; i < 5; i++)
            Assert.Equal(i, Receive(receiver));
    }

    private record struct Order(int Id, double Price);

    private record struct Ordre(long Id, double Price);

    [Fact]
    public async Task W43_Structs_are_sent_and_another_layout_is_refused()
    {
        string name = Expect.NewName();
        using Channels.Queue<Order> queue = Channels.Queue<Order>.Create(name, _small);
        using QueueSender<Order> sender = queue.CreateSender();
        using QueueReceiver<Order> receiver = queue.CreateReceiver();
        for (int i = 0; i < 3; i++)
            Assert.True(sender.TrySend(new Order { Id = i, Price = i / 2.0 }));
        Assert.True(receiver.TryReceive(out Order order));
        Assert.Equal((0, 0.0), (order.Id, order.Price));
        Assert.True(receiver.TryLease(out QueueMessage lease, out order));
        Assert.Equal((1, 0.5), (order.Id, order.Price));
        lease.Return();
        Assert.Equal((1, 2), (receiver.Receive().Id, (await receiver.ReceiveAsync()).Id));
        Assert.Equal(FailureReason.VersionMismatch, Assert.Throws<SharedObjectException>(() => Channels.Queue<Ordre>.Open(name)).Reason);
        using Channels.Queue<Order> again = Channels.Queue<Order>.Open(name);
        Assert.Equal(FailureReason.NotFound, Assert.Throws<SharedObjectException>(() => Channels.Queue<Order>.Open(name + "x")).Reason);
    }

    [Fact]
    public void W43_Another_process_sends_and_receives()
    {
        string name = Expect.NewName();
        using Queue queue = Queue.Create(name, _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        using Peer peer = Peer.Start();
        peer.Do("queue-open", "q", name);
        for (int i = 0; i < 50; i++)
        {
            peer.Begin("queue-receive", "q");
            sender.TrySend(Number(i));
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), peer.End());
            peer.Do("queue-send", "q", i * 2);
            Assert.True(receiver.TryReceive(Peer.Patience, out QueueMessage message));
            Assert.Equal(i * 2, Number(message));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W43_What_a_dead_receiver_had_leased_is_delivered_again_and_what_it_received_is_not(bool killed)
    {
        string name = Expect.NewName();
        using Queue queue = Queue.Create(name, _small);
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver(WaitStrategy.Block);
        using Peer peer = Peer.Start();
        peer.Do("queue-open", "q", name);
        for (int i = 0; i < 4; i++)
            sender.TrySend(Number(i));
        Assert.Equal("0", peer.Do("queue-receive", "q"));
        Assert.Equal("1", peer.Do("queue-lease", "q"));
        Assert.Equal("2", peer.Do("queue-lease", "q"));
        Assert.Equal(3, Receive(receiver));
        Task<(int, int)> waiting = Expect.Begin(() =>
        {
            using QueueMessage message = receiver.Receive();
            return (Number(message), message.Deliveries);
        });
        Assert.False(waiting.Wait(_shortly));
        if (killed)
            peer.Kill();
        else
            peer.Leave();
        Assert.Equal((1, 2), Expect.Result(waiting));
        Assert.True(receiver.TryReceive(Peer.Patience, out QueueMessage second));
        Assert.Equal((2, 2), (Number(second), second.Deliveries));
        Assert.False(receiver.TryReceive(out _));
        // And the room of all of it is there again.
        int sent = 0;
        while (sender.TrySend(Number(sent, 1000)))
            sent++;
        Assert.InRange(sent, 60, 65);
    }

    [Fact]
    public void W43_A_sender_that_waits_gets_the_room_of_a_dead_receiver()
    {
        string name = Expect.NewName();
        using Queue queue = Queue.Create(name, _small);
        using QueueSender sender = queue.CreateSender(WaitStrategy.Block);
        using Peer peer = Peer.Start();
        peer.Do("queue-open", "q", name);
        int sent = 0;
        while (sender.TrySend(Number(sent, 1000)))
            sent++;
        Assert.Equal("0", peer.Do("queue-receive", "q"));
        Task<bool> waiting = Expect.Begin(() => sender.Send(Number(sent, 1000)));
        Assert.False(waiting.Wait(_shortly));
        peer.Kill();
        Assert.True(Expect.Result(waiting));
    }

    [Fact]
    public void W43_Places_of_the_dead_are_taken_again()
    {
        string name = Expect.NewName();
        using Queue queue = Queue.Create(name, _small with { MaxSenders = 1, MaxReceivers = 1 });
        for (int i = 0; i < 4; i++)
        {
            using Peer peer = Peer.Start();
            peer.Do("queue-open", "q", name);
            peer.Do("queue-send", "q", i);
            Assert.Equal("0", peer.Do("queue-lease", "q"));
            peer.Kill();
        }
        using QueueReceiver receiver = queue.CreateReceiver();
        for (int i = 0; i < 4; i++)
        {
            Assert.True(receiver.TryReceive(out QueueMessage message));
            Assert.Equal((i, i == 0 ? 5 : 1), (Number(message), message.Deliveries));
        }
    }

    [Fact]
    public void W43_Sending_receiving_and_leasing_allocate_nothing()
    {
        using Queue queue = Queue.Create(Expect.NewName(), _small with { Priorities = 2 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        byte[] message = new byte[64];
        Pass(20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Pass(int times)
        {
            for (int i = 0; i < times; i++)
            {
                sender.TrySend(message, i & 1);
                sender.Send(message, 0, TimeSpan.FromSeconds(1));
                _ = receiver.TryReceive(out _);
                _ = receiver.TryLease(out QueueMessage leased);
                leased.Acknowledge();
                sender.TrySend(message);
                _ = receiver.TryLease(out leased);
                leased.Return();
                _ = receiver.Receive();
            }
        }
    }
}
