using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Diagnostics;

/// <summary>The meter counts what was done, also what was done by ends that are closed.</summary>
[Collection(typeof(Listening))]
public sealed class InstrumentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_topic_counts_messages_their_bytes_and_what_is_not_read()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using (Topic topic = Topic.Create(name, new TopicOptions { Capacity = 65536 }))
        using (TopicSubscriber subscriber = topic.Subscribe(), filtered = topic.Subscribe(new SubscriptionOptions { Kinds = [7] }))
        using (TopicPublisher publisher = topic.CreatePublisher())
        {
            Assert.True(publisher.TryPublish(new byte[10]) && publisher.TryPublish(new byte[21], 7) && publisher.TryPublish(new byte[30]));
            Assert.True(publisher.TryLoan(300, out TopicLoan loan));
            loan.Publish(99, 1);
            meters.AssertSent(4, 160);
            Assert.Equal(4, meters.Of("samepage.lag"));
            Assert.True(subscriber.TryRead(out _) && subscriber.TryRead(out _) && filtered.TryRead(out _));
            meters.AssertReceived(3, 52);
            Assert.Equal(2, meters.Of("samepage.lag"));
            Assert.False(filtered.TryRead(out _));
            while (subscriber.TryRead(out _))
            {
            }
            Assert.Equal(0, meters.Of("samepage.lag"));
        }
        meters.AssertSent(4, 160);
        meters.AssertReceived(5, 181);
        Assert.Null(meters.Of("samepage.lag"));
    }

    [Fact]
    public void A_queue_counts_each_delivery_and_waits_for_room()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using Queue queue = Queue.Create(name, new QueueOptions { Capacity = 65536 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(sender.TrySend(new byte[5]) && sender.TrySend(new byte[6]) && sender.TrySend(new byte[7]));
        meters.AssertSent(3, 18);
        Assert.Equal(3, meters.Of("samepage.lag"));
        Assert.True(receiver.TryLease(out QueueMessage first));
        first.Return();
        Assert.True(receiver.TryReceive(out _) && receiver.TryReceive(out _));
        meters.AssertReceived(3, 16);
        Assert.Equal(1, meters.Of("samepage.lag"));
        Assert.Null(meters.Of("samepage.full_waits"));
        while (sender.TrySend(new byte[1_000]))
        {
        }
        Assert.False(sender.WaitToSend(TimeSpan.FromTicks(1), Token));
        Assert.Equal(1, meters.Of("samepage.full_waits"));
    }

    [Theory]
    [InlineData(PipeMode.Bytes)]
    [InlineData(PipeMode.Messages)]
    public async Task A_pipe_counts_for_both_of_its_ends(PipeMode mode)
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using (PipeListener listener = PipeListener.Create(name, new PipeOptions { Mode = mode }))
        {
            ValueTask<PipeConnection> connecting = PipeConnection.ConnectAsync(name, Token);
            using PipeConnection server = await listener.AcceptAsync(Token);
            using PipeConnection client = await connecting;
            byte[] room = new byte[100];
            if (mode == PipeMode.Messages)
            {
                Assert.True(client.TryWrite(new byte[11]) && client.TryWrite(new byte[22]));
                Assert.True(server.TryRead(out PipeMessage message));
                message.Dispose();
                meters.AssertReceived(1, 11);
                Assert.Equal(1, meters.Of("samepage.lag"));
            }
            else
            {
                await using Stream there = client.AsStream(leaveOpen: true), here = server.AsStream(leaveOpen: true);
                await there.WriteAsync(new byte[33], Token);
                await here.ReadExactlyAsync(room.AsMemory(0, 33), Token);
                Assert.Equal(33, meters.Of("samepage.bytes", "received"));
            }
        }
        Assert.Equal(33, meters.Of("samepage.bytes", "sent"));
        Assert.Equal(mode == PipeMode.Messages ? 2 : null, meters.Of("samepage.messages", "sent"));
    }

    [Fact]
    public void A_cell_counts_what_is_written_by_whichever_way()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using (Cell cell = Cell.Create(name, new CellOptions { Capacity = 100 }))
        {
            cell.Write(new byte[10]);
            cell.Update(0, (latest, _) => new byte[latest.Length + 1]);
            meters.AssertSent(2, 21);
        }
        meters.AssertSent(2, 21);
    }

    [Fact]
    public async Task A_service_counts_requests_and_responses_at_both_ends()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using (Service service = Service.Create(name))
        using (ServiceClient client = service.CreateClient())
        using (ServiceServer server = service.Serve())
        {
            for (int i = 0; i < 3; i++)
            {
                ValueTask<ServiceResponse> asked = client.CallAsync(new byte[4], TimeSpan.FromSeconds(20), cancellationToken: Token);
                Assert.Equal(1, meters.Of("samepage.lag"));
                Assert.True(server.TryTake(out ServiceRequest request) && request.Reply(new byte[6]));
                (await asked).Dispose();
            }
            Assert.Equal(0, meters.Of("samepage.lag"));
        }
        // The client's three and the server's three, each way.
        meters.AssertSent(6, 30);
        meters.AssertReceived(6, 30);
    }

    [Fact]
    public void Bells_and_sleeps_are_counted_where_somebody_slept()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using Topic topic = Topic.Create(name, new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe(new SubscriptionOptions { Strategy = WaitStrategy.Block });
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.True(publisher.TryPublish(new byte[8]) && subscriber.TryRead(out _));
        Assert.Null(meters.Of("samepage.wakeups", "sent"));
        ValueTask<bool> news = subscriber.WaitToReadAsync(Token);
        Assert.True(publisher.TryPublish(new byte[8]));
        Assert.True(news.AsTask().GetAwaiter().GetResult() && subscriber.TryRead(out _));
        Assert.Equal((1, 1), (meters.Of("samepage.wakeups", "sent"), meters.Of("samepage.wakeups", "received")));
    }

    [Fact]
    public void A_mutex_counts_those_who_found_it_owned_or_abandoned()
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using SharedMutex mutex = SharedMutex.Create(name);
        for (int i = 0; i < 10; i++)
            mutex.EnterScope(Token).Dispose();
        Assert.Null(meters.Of("samepage.mutex.contention"));
        using (mutex.EnterScope(Token))
            OnThread(() => Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero)));
        Assert.Equal(1, meters.Of("samepage.mutex.contention"));
        OnThread(() => mutex.Wait());
        Assert.Null(meters.Of("samepage.mutex.abandoned"));
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Token));
        mutex.Release();
        Assert.Equal(1, meters.Of("samepage.mutex.abandoned"));
    }

    [Fact]
    public void Handles_are_counted_by_kind_until_they_are_closed()
    {
        using var meters = new Meters(null);
        using (SharedSemaphore.Create(Scene.NewName("first"), 1, 1))
        {
            long before = meters.Of("samepage.objects.held", "semaphore")!.Value;
            SharedSemaphore second = SharedSemaphore.Create(Scene.NewName("second"), 1, 1);
            Assert.Equal(before + 1, meters.Of("samepage.objects.held", "semaphore"));
            second.Dispose();
            second.Dispose();
            Assert.Equal(before, meters.Of("samepage.objects.held", "semaphore"));
        }
        long sections = meters.Of("samepage.objects.held", "section") ?? 0, topics = meters.Of("samepage.objects.held", "topic") ?? 0;
        using (SharedMemory.Create(Scene.NewName("section"), 100))
        using (Topic.Create(Scene.NewName("topic")))
            Assert.Equal((sections + 1, topics + 1), (meters.Of("samepage.objects.held", "section"), meters.Of("samepage.objects.held", "topic")));
        Assert.Equal((sections, topics), (meters.Of("samepage.objects.held", "section"), meters.Of("samepage.objects.held", "topic")));
    }

    private static void OnThread(Action action)
    {
        Exception? fault = null;
        var thread = new Thread(() => fault = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(fault);
    }
}
