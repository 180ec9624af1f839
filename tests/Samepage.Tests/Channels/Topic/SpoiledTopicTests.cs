using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Topics;

/// <summary>Whatever somebody writes into a topic's memory: it is refused as damaged, or harmless; nothing hangs, and nothing outside is read.</summary>
public sealed class SpoiledTopicTests
{
    private const int Lanes = 3;
    private const int Readers = 3;
    private const int Capacity = 65536;
    private static readonly ChannelLayout _layout = new(Lanes, Readers, Capacity);
    private static readonly long[] _telling =
        [0, 1, 2, 7, 8, 31, 32, 2_048, Capacity - 8, Capacity, 2 * Capacity, 1L << 31, 0x8000_0008, 0x8000_7FF0, 0x8000_8000, 0xFFFF_FFFF, 1L << 40, 1L << 62, long.MaxValue, -1, -8, long.MinValue];

    private static readonly Gen<long> _value = Gen.OneOf(Gen.Elements(_telling), Gen.Choose(int.MinValue, int.MaxValue).Select(v => (long)v));

    /// <summary>All that the topic knows of itself after its first page is made, and what is in its rings.</summary>
    private static readonly Gen<long> _offset = Gen.OneOf(
        Gen.Constant((long)ChannelHeader.LanesUsedOffset),
        Gen.Choose(ChannelLayout.ReadersAsleep / 8, (int)(_layout.ControlLength / 8) - 1).Select(w => 8L * w),
        from lane in Gen.Choose(0, Lanes - 1)
        from field in Gen.OneOf(
            Gen.Elements(LaneBlock.OwnerOffset, LaneBlock.LastChunkOffset, LaneBlock.OldestChunkOffset, LaneBlock.MemoryOffset),
            Gen.Choose(LaneBlock.ChunksOffset / 8, LaneBlock.Length / 8 - 1).Select(w => 8 * w))
        select ChannelLayout.LaneOffset(lane) + field,
        from reader in Gen.Choose(0, Readers - 1)
        from field in Gen.Choose(0, ReaderBlock.LengthFor(Lanes) / 8 - 1)
        select _layout.ReaderOffset(reader) + 8 * field,
        from word in Gen.Choose(0, Capacity / 8 - 1)
        select _layout.RingOffset(0) + 8L * word,
        from word in Gen.Choose(0, 60)
        select _layout.RingOffset(0) + 8L * word);

    private static readonly Gen<(long Offset, long Value)[]> _spoils =
        (from offset in _offset from value in _value select (offset, value)).NonEmptyListOf().Select(l => l.Take(6).ToArray());

    [Theory]
    [InlineData(TopicFullMode.Wait)]
    [InlineData(TopicFullMode.DropOldest)]
    [InlineData(TopicFullMode.DropNewest)]
    public void Those_who_have_it_open_go_on_or_say_that_it_is_damaged(TopicFullMode mode) =>
        Prop.ForAll(_spoils.ToArbitrary(), Gen.Choose(0, 600).ToArbitrary(), (spoils, messages) =>
        {
            using Topic topic = Make(mode, out SharedMemory memory, out MemoryView view);
            using (memory)
            using (view)
            {
                TopicPublisher publisher = topic.CreatePublisher();
                TopicSubscriber subscriber = topic.Subscribe();
                for (int i = 0; i < messages && publisher.TryPublish(new byte[i * 13 % 700]); i++)
                {
                    if (i % 3 == 0)
                        _ = subscriber.TryRead(out _);
                }
                foreach ((long offset, long value) in spoils)
                    view.GetReference<long>(offset) = value;
                UseAll(topic, publisher, subscriber);
                OrDamaged(topic.Name, publisher.Dispose);
                OrDamaged(topic.Name, subscriber.Dispose);
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));

    [Fact]
    public void Who_opens_it_finds_it_or_is_told_that_it_is_damaged()
    {
        var offsets = Gen.OneOf(Gen.Choose(0, 40).Select(w => 4L * w), Gen.Choose(256 / 4, 300 / 4).Select(w => 4L * w));
        Prop.ForAll((from offset in offsets from value in _value select (offset, value)).ToArbitrary(), spoil =>
        {
            using Topic topic = Make(TopicFullMode.Wait, out SharedMemory memory, out MemoryView view);
            using (memory)
            using (view)
            {
                view.GetReference<int>(spoil.offset) = (int)spoil.value;
                OrDamaged(topic.Name, () =>
                {
                    if (!Topic.TryOpen(topic.Name, out Topic? opened))
                        return;
                    using (opened)
                    {
                        _ = opened.FullMode;
                        using TopicPublisher publisher = opened.CreatePublisher();
                        using TopicSubscriber subscriber = opened.Subscribe();
                        UseAll(opened, publisher, subscriber);
                    }
                });
                OrDamaged(topic.Name, () => Topic<long>.Open(topic.Name).Dispose());
            }
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));
    }

    private static void UseAll(Topic topic, TopicPublisher publisher, TopicSubscriber subscriber)
    {
        for (int round = 0; round < 3; round++)
        {
            OrDamaged(topic.Name, () => ReadSome(subscriber));
            OrDamaged(topic.Name, () => _ = subscriber.Lag);
            OrDamaged(topic.Name, () => ChannelInspector.Find(topic.Name));
            OrDamaged(topic.Name, () =>
            {
                for (int i = 0; i < 200; i++)
                    _ = publisher.TryPublish(new byte[i * 17 % 900]);
                _ = publisher.TryPublish(new byte[publisher.LongestMessage]);
            });
            OrDamaged(topic.Name, () => subscriber.WaitToRead(TimeSpan.FromTicks(1)));
            OrDamaged(topic.Name, () => publisher.WaitToPublish(TimeSpan.FromTicks(1)));
        }
        OrDamaged(topic.Name, () =>
        {
            using TopicSubscriber late = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All });
            ReadSome(late);
        });
        OrDamaged(topic.Name, () =>
        {
            using TopicSubscriber late = topic.Subscribe(new SubscriptionOptions { History = 3 });
            ReadSome(late);
        });
        OrDamaged(topic.Name, () =>
        {
            using TopicPublisher late = topic.CreatePublisher();
            _ = late.TryPublish(new byte[100]);
        });
    }

    /// <summary>All of as many messages as a lane could hold; a ring full of records that are none goes round for ever.</summary>
    private static void ReadSome(TopicSubscriber subscriber)
    {
        for (int i = 0; i < Capacity / RecordHeader.Length && subscriber.TryRead(out TopicMessage message); i++)
        {
            long sum = 0;
            foreach (byte b in message.Span)
                sum += b;
            Assert.True(sum >= 0);
        }
    }

    private static Topic Make(TopicFullMode mode, out SharedMemory memory, out MemoryView view)
    {
        Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = Capacity, FullMode = mode, MaxPublishers = Lanes, MaxSubscribers = Readers });
        memory = SharedMemory.TryOpenOfKind(SharedObjectKind.Topic, ObjectName.Parse(topic.Name))!;
        memory.Commit(memory.Size);
        view = memory.Map();
        return topic;
    }

    private static void OrDamaged(string name, Action action)
    {
        if (Record.Exception(action) is not { } thrown)
            return;
        var refused = Assert.IsType<SharedObjectException>(thrown);
        Assert.True(refused.Reason is FailureReason.Corrupt or FailureReason.LimitReached or FailureReason.VersionMismatch or FailureReason.NotFound, refused.Message);
        Assert.Equal(name, refused.ObjectName);
    }
}
