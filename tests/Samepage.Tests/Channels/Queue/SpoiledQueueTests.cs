using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Queues;

/// <summary>Whatever somebody writes into a queue's memory: it is refused as damaged, or harmless; nothing hangs, and nothing outside is read.</summary>
public sealed class SpoiledQueueTests
{
    private const int Senders = 2;
    private const int Receivers = 3;
    private const int Priorities = 2;
    private const int Lanes = Senders * Priorities;
    private const int Capacity = 65536;
    private static readonly ChannelLayout _layout = new(Lanes, Receivers, Capacity);
    private static readonly long[] _telling =
        [0, 1, 2, 7, 8, 16, 48, 2_048, Capacity - 8, Capacity, 2 * Capacity, 1L << 31, 0x8000_0001, 0x4000_0001, 0x8000_0008, 0x8000_7FF0, 0xC000_0008, 0xC000_0027, 0xC000_0028, 0xC000_0060, 0xFFFF_FFFF, 1L << 40, 1L << 62, long.MaxValue, -1, -8, long.MinValue];

    private static readonly Gen<long> _value = Gen.OneOf(Gen.Elements(_telling), Gen.Choose(int.MinValue, int.MaxValue).Select(v => (long)v));

    /// <summary>All that the queue knows of itself after its first page is made, and what is in the rings that are used.</summary>
    private static readonly Gen<long> _offset = Gen.OneOf(
        Gen.Constant((long)ChannelHeader.LanesUsedOffset),
        Gen.Choose(ChannelLayout.ReadersAsleep / 8, (int)(_layout.ControlLength / 8) - 1).Select(w => 8L * w),
        from lane in Gen.Choose(0, Lanes - 1)
        from field in Gen.Elements(LaneBlock.OwnerOffset, LaneBlock.LastChunkOffset, LaneBlock.OldestChunkOffset, LaneBlock.MemoryOffset, QueueBlock.NextOffset, QueueBlock.DoneOffset)
        select ChannelLayout.LaneOffset(lane) + field,
        from lane in Gen.Choose(0, Priorities - 1)
        from word in Gen.OneOf(Gen.Choose(0, 60), Gen.Choose(0, Capacity / 8 - 1))
        select _layout.RingOffset(lane) + 8L * word);

    private static readonly Gen<(long Offset, long Value)[]> _spoils =
        (from offset in _offset from value in _value select (offset, value)).NonEmptyListOf().Select(l => l.Take(6).ToArray());

    [Theory]
    [InlineData(QueueFullMode.Wait)]
    [InlineData(QueueFullMode.DropOldest)]
    [InlineData(QueueFullMode.DropNewest)]
    public void Those_who_have_it_open_go_on_or_say_that_it_is_damaged(QueueFullMode mode) =>
        Prop.ForAll(_spoils.ToArbitrary(), Gen.Choose(0, 600).ToArbitrary(), (spoils, messages) =>
        {
            using Queue queue = Queue.Create(Scene.NewName(),
                new QueueOptions { Capacity = Capacity, FullMode = mode, Priorities = Priorities, MaxSenders = Senders, MaxReceivers = Receivers });
            using SharedMemory memory = SharedMemory.TryOpenOfKind(SharedObjectKind.Queue, ObjectName.Parse(queue.Name))!;
            memory.Commit(memory.Size);
            using MemoryView view = memory.Map();
            QueueSender sender = queue.CreateSender();
            QueueReceiver receiver = queue.CreateReceiver();
            for (int i = 0; i < messages && sender.TrySend(new byte[i * 13 % 700], i % Priorities); i++)
            {
                if (i % 3 == 0)
                    _ = receiver.TryReceive(out _);
                if (i % 5 == 0 && receiver.TryLease(out QueueMessage leased) && i % 2 == 0)
                    leased.Acknowledge();
            }
            foreach ((long offset, long value) in spoils)
                view.GetReference<long>(offset) = value;
            UseAll(queue, sender, receiver);
            OrDamaged(queue.Name, sender.Dispose);
            OrDamaged(queue.Name, receiver.Dispose);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));

    private static void UseAll(Queue queue, QueueSender sender, QueueReceiver receiver)
    {
        for (int round = 0; round < 3; round++)
        {
            OrDamaged(queue.Name, () => ReceiveSome(receiver));
            OrDamaged(queue.Name, () => ChannelInspector.Find(queue.Name));
            OrDamaged(queue.Name, () =>
            {
                for (int i = 0; i < 200; i++)
                    _ = sender.TrySend(new byte[i * 17 % 900], i % Priorities);
                _ = sender.TrySend(new byte[sender.LongestMessage]);
            });
            OrDamaged(queue.Name, () => receiver.WaitToReceive(TimeSpan.FromTicks(1)));
            OrDamaged(queue.Name, () => sender.WaitToSend(TimeSpan.FromTicks(1)));
        }
        OrDamaged(queue.Name, () =>
        {
            using QueueReceiver late = queue.CreateReceiver();
            ReceiveSome(late);
        });
        OrDamaged(queue.Name, () =>
        {
            using QueueSender late = queue.CreateSender();
            _ = late.TrySend(new byte[100]);
        });
    }

    /// <summary>As many messages as all lanes could hold, received, acknowledged or returned in turn.</summary>
    private static void ReceiveSome(QueueReceiver receiver)
    {
        for (int i = 0; i < 1_000; i++)
        {
            if (!(i % 2 == 0 ? receiver.TryReceive(out QueueMessage message) : receiver.TryLease(out message)))
                return;
            long sum = 0;
            foreach (byte b in message.Span)
                sum += b;
            Assert.True(sum >= 0);
            _ = message.TraceContext;
            if (i % 4 == 1)
                message.Acknowledge();
            else if (i % 4 == 3)
                message.Return();
        }
    }

    private static void OrDamaged(string name, Action action)
    {
        if (Record.Exception(action) is not { } thrown)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.LimitReached, refused.Message);
        Assert.Equal(name, refused.ObjectName);
    }
}
