using System.Runtime.InteropServices;
using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Topics whose messages are structs.</summary>
public sealed class TypedTopicTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private record struct Trade(long Id, double Price, int Count);

    private record struct Fill(long Id, double Price, long Count);

    /// <summary>As <see cref="Trade"/>, under another name.</summary>
    private record struct Deal(long Id, double Price, int Count);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct WithPointer
    {
        public void* Where;
    }

    [Fact]
    public async Task Structs_go_as_they_are()
    {
        using Topic<Trade> topic = Topic<Trade>.Create(Expect.NewName(), Numbers.Small());
        using Topic<Deal> other = Topic<Deal>.Open(topic.Name);
        using TopicSubscriber<Deal> subscriber = other.Subscribe();
        using TopicPublisher<Trade> publisher = topic.CreatePublisher();
        Assert.Equal((TopicFullMode.Wait, SharedObjectKind.Topic), (other.FullMode, other.Info.Kind));
        Assert.False(subscriber.TryRead(out _));
        Assert.True(publisher.TryPublish(new Trade(1, 2.5, 3), kind: 4));
        Assert.True(publisher.Publish(new Trade(2, 2.5, 3), 0, Token));
        Assert.True(await publisher.PublishAsync(new Trade(3, 2.5, 3), 0, Token));
        Assert.Equal(3, subscriber.Lag);
        Assert.True(subscriber.TryRead(out Deal deal, out uint kind));
        Assert.Equal((new Deal(1, 2.5, 3), 4u), (deal, kind));
        Assert.Equal(2, subscriber.Read(Token).Id);
        Assert.Equal(3, (await subscriber.ReadAsync(Token)).Id);
        using (publisher.BeginBatch())
        {
            for (int i = 10; i < 20; i++)
                Assert.True(publisher.TryPublish(new Trade(i, 0, 0)));
            Assert.False(subscriber.WaitToRead(TimeSpan.FromMilliseconds(5), Token));
        }
        Assert.True(subscriber.WaitToRead(TimeSpan.Zero, Token));
        long next = 10;
        await foreach (Deal one in subscriber.ReadAllAsync(Token))
        {
            Assert.Equal(next, one.Id);
            if (++next == 20)
                break;
        }
        Assert.Equal((0, 0), (subscriber.Missed, publisher.Dropped));
    }

    [Fact]
    public void Another_layout_is_refused_and_both_are_shown()
    {
        using Topic<Trade> topic = Topic<Trade>.Create(Expect.NewName());
        foreach (Action open in new Action[] { () => Topic<Fill>.Open(topic.Name), () => Topic<Fill>.TryOpen(topic.Name, out _), () => Topic<Fill>.CreateOrOpen(topic.Name) })
        {
            var refused = Assert.Throws<SharedObjectException>(open);
            Assert.Equal((FailureReason.VersionMismatch, topic.Name), (refused.Reason, refused.ObjectName));
            Assert.Contains("16+4 Int32", refused.Message, StringComparison.Ordinal);
            Assert.Contains("16+8 Int64", refused.Message, StringComparison.Ordinal);
        }
        using Topic bytes = Topic.Create(Expect.NewName("bytes"));
        var mismatch = Assert.Throws<SharedObjectException>(() => Topic<Trade>.Open(bytes.Name));
        Assert.Equal(FailureReason.VersionMismatch, mismatch.Reason);
        Assert.Contains("bytes", mismatch.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Topic<WithPointer>.Create(Expect.NewName("pointer")));
    }

    [Fact]
    public void Bytes_are_not_published_among_structs_and_structs_are_read_as_bytes()
    {
        using Topic<Trade> topic = Topic<Trade>.Create(Expect.NewName());
        using Topic bytes = Topic.Open(topic.Name);
        var refused = Assert.Throws<SharedObjectException>(() => bytes.CreatePublisher());
        Assert.Equal((FailureReason.VersionMismatch, topic.Name), (refused.Reason, refused.ObjectName));
        using TopicSubscriber looking = bytes.Subscribe();
        using TopicPublisher<Trade> publisher = topic.CreatePublisher();
        Assert.True(publisher.TryPublish(new Trade(7, 0, 0)));
        Assert.Equal(24, looking.Read(Token).Length);
    }
}
