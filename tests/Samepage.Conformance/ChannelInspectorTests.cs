using System.Text;
using Samepage.Channels;

namespace Samepage.Conformance;

/// <summary>What is seen of a topic or queue from aside, without taking part. (Of a pipe: <see cref="PipeTests"/>.)</summary>
public sealed class ChannelInspectorTests
{
    [Theory]
    [InlineData(TopicFullMode.Wait)]
    [InlineData(TopicFullMode.DropOldest)]
    public void W21_How_far_a_subscriber_is_behind(TopicFullMode mode)
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { FullMode = mode, Capacity = 65536 });
        using TopicPublisher first = topic.CreatePublisher(), second = topic.CreatePublisher();
        Assert.True(first.TryPublish("before"u8));
        using TopicSubscriber subscriber = topic.Subscribe();
        Assert.Equal(0, Lag());
        Publish(first, 3);
        Publish(second, 2);
        Assert.Equal(5, Lag());
        while (subscriber.TryRead(out _))
        {
        }
        Assert.Equal(0, Lag());

        long? Lag() => Assert.Single(ChannelInspector.Find(topic.Name)!.Readers).Lag;
    }

    [Fact]
    public void W21_What_a_subscriber_missed_is_not_before_it()
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { FullMode = TopicFullMode.DropOldest, Capacity = 65536 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe();
        Publish(publisher, 20_000);
        Assert.True(subscriber.TryRead(out _));
        ChannelInfo info = ChannelInspector.Find(topic.Name)!;
        ChannelReaderInfo reader = Assert.Single(info.Readers);
        Assert.Equal((20_000, TopicFullMode.DropOldest), (Assert.Single(info.Writers).Written, info.FullMode));
        Assert.Equal((subscriber.Missed, subscriber.Lag), (reader.Missed, reader.Lag));
        Assert.Equal(20_000 - 1, reader.Missed + reader.Lag);
    }

    [Fact]
    public void W21_What_lies_in_a_queue_and_who_has_taken_what()
    {
        using Queue queue = Queue.Create(Expect.NewName(), new QueueOptions { Priorities = 2, FullMode = QueueFullMode.DropOldest });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        foreach (string text in new[] { "one", "two", "three" })
            Assert.True(sender.TrySend(Encoding.UTF8.GetBytes(text)));
        Assert.True(receiver.TryReceive(out _));
        Assert.True(receiver.TryLease(out _));
        ChannelInfo info = ChannelInspector.Find(queue.Name)!;
        Assert.Equal((SharedObjectKind.Queue, QueueFullMode.DropOldest, 2), (info.Kind, info.QueueFullMode, info.Priorities));
        Assert.Equal((3, 1), (info.Writers[0].Written, info.Writers[0].Waiting));
        Assert.Equal((Environment.ProcessId, true), (Assert.Single(info.Readers).ProcessId, info.Readers[0].IsAlive));
        Assert.Equal([("two", 1), ("three", 0)], ChannelInspector.Peek(queue.Name, 10, 10).Select(m => (Encoding.UTF8.GetString(m.Beginning.Span), m.Deliveries!.Value)));
    }

    [Fact]
    public void W21_What_is_no_channel_or_not_there_is_not_found()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        Assert.Null(ChannelInspector.Find(mutex.Name));
        Assert.Null(ChannelInspector.Find(Expect.NewName()));
        Assert.Empty(ChannelInspector.Peek(Expect.NewName(), 1, 1));
    }

    private static void Publish(TopicPublisher publisher, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(publisher.TryPublish("12345678"u8));
    }
}
