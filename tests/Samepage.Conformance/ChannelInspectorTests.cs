using System.Text;
using Samepage.Channels;

namespace Samepage.Conformance;

/// <summary>What is seen of a channel from aside, without taking part. (Of a pipe: <see cref="PipeTests"/>.)</summary>
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
    public void W21_What_is_known_of_a_value_and_who_waits_for_the_next()
    {
        using Cell cell = Cell.Create(Expect.NewName(), new CellOptions { Capacity = 1_000 });
        ChannelInfo info = ChannelInspector.Find(cell.Name)!;
        Assert.Equal((SharedObjectKind.Cell, 1_000, new CellValueInfo(null, null, 0, 0)), (info.Kind, info.Capacity, Assert.Single(info.Values)));
        cell.Write("one"u8);
        cell.Write("three"u8);
        ValueTask<bool> waiting = cell.WaitForChangeAsync(2, Timeout.InfiniteTimeSpan);
        info = ChannelInspector.Find(cell.Name)!;
        Assert.Equal(new CellValueInfo(null, 5, 2, Environment.ProcessId), Assert.Single(info.Values));
        Assert.Equal([(Environment.ProcessId, false), (Environment.ProcessId, true)], info.Readers.Select(r => (r.ProcessId, r.IsWaiting)));
        Assert.Equal((Environment.ProcessId, true), (Assert.Single(info.Writers).ProcessId, info.Writers[0].IsAlive));
        cell.Write([]);
        Assert.True(Expect.Result(waiting.AsTask()));
        info = ChannelInspector.Find(cell.Name)!;
        Assert.Equal(new CellValueInfo(null, 0, 3, Environment.ProcessId), Assert.Single(info.Values));
        Assert.DoesNotContain(info.Readers, r => r.IsWaiting);
        Assert.Empty(ChannelInspector.Peek(cell.Name, 1, 1));
    }

    [Fact]
    public void W21_Which_keys_a_map_has()
    {
        using CellMap map = CellMap.Create(Expect.NewName(), new CellMapOptions { MaxKeys = 7, ValueCapacity = 100 });
        map.GetOrAdd("a").TryWrite("value"u8);
        map.GetOrAdd("gone").TryWrite("value"u8);
        map.GetOrAdd("b");
        map.Remove("gone");
        ChannelInfo info = ChannelInspector.Find(map.Name)!;
        Assert.Equal((SharedObjectKind.CellMap, 100, 7), (info.Kind, info.Capacity, info.MaxKeys));
        Assert.Equal([new CellValueInfo("a", 5, 1, Environment.ProcessId), new CellValueInfo("b", null, 0, 0)], info.Values);
    }

    [Fact]
    public void W21_Where_the_calls_of_a_service_stand()
    {
        using Service service = Service.Create(Expect.NewName(), new ServiceOptions { LongestRequest = 100, ResponseRoom = 256, MaxCalls = 5 });
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        ValueTask<ServiceResponse>[] calls = [.. Enumerable.Range(0, 3).Select(_ => client.CallAsync("ask"u8, Timeout.InfiniteTimeSpan))];
        Assert.True(server.TryTake(out ServiceRequest first));
        ChannelInfo info = ChannelInspector.Find(service.Name)!;
        Assert.Equal((SharedObjectKind.Service, 5, 128, 248), (info.Kind, info.MaxCalls, info.LongestRequest, info.LongestResponse));
        Assert.Equal((3, 2, Environment.ProcessId, true), (Assert.Single(info.Writers).Written, info.Writers[0].Waiting, info.Writers[0].ProcessId, info.Writers[0].IsAlive));
        Assert.Equal((1, Environment.ProcessId, true), (Assert.Single(info.Readers).Serving, info.Readers[0].ProcessId, info.Readers[0].IsAlive));
        Assert.True(first.Reply("answer"u8));
        while (server.TryTake(out ServiceRequest request))
            Assert.True(request.Reply("answer"u8));
        foreach (ValueTask<ServiceResponse> call in calls)
            Expect.Result(call.AsTask()).Dispose();
        info = ChannelInspector.Find(service.Name)!;
        Assert.Equal((3, 0, 0), (info.Writers[0].Written, info.Writers[0].Waiting, info.Readers[0].Serving));
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
