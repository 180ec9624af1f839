using System.Diagnostics;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Diagnostics;

/// <summary>What a sender is doing goes along with what it sends, while somebody listens.</summary>
[Collection(typeof(Listening))]
public sealed class TraceTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_an_activity_of_the_client_and_the_parent_of_the_servers()
    {
        using var traces = new Traces();
        string name = Scene.NewName();
        using Service<int, int> service = Service<int, int>.Create(name);
        using ServiceServer<int, int> server = service.Serve();
        using ServiceClient<int, int> client = service.CreateClient();
        using var stop = new CancellationTokenSource();
        Activity? current = null;
        Task serving = server.RunAsync((value, _) =>
        {
            current = Activity.Current;
            return ValueTask.FromResult(value + 1);
        }, cancellationToken: stop.Token);
        using (Activity test = Traces.Begin())
        {
            Assert.Equal(3, await client.CallAsync(2, _bound, cancellationToken: Token));
            Assert.Same(test, Activity.Current);
            Activity call = traces.Single(ActivityKind.Client), served = await Ended(traces);
            Assert.Equal(($"call {name}", $"serve {name}"), (call.DisplayName, served.DisplayName));
            Assert.Equal((test.SpanId, call.SpanId), (call.ParentSpanId, served.ParentSpanId));
            Assert.Equal((test.TraceId, test.TraceId), (call.TraceId, served.TraceId));
            Assert.True(served.HasRemoteParent);
            Assert.Equal(("service", name), (call.GetTagItem("samepage.channel.kind"), served.GetTagItem("samepage.name")));
            Assert.Equal((ActivityStatusCode.Unset, ActivityStatusCode.Unset), (call.Status, served.Status));
            Assert.Same(served, current);
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    /// <summary>The server has answered a moment before it says that it has.</summary>
    private static async Task<Activity> Ended(Traces traces)
    {
        while (traces.Count(ActivityKind.Server) == 0)
            await Task.Yield();
        return traces.Single(ActivityKind.Server);
    }

    [Fact]
    public void A_call_that_fails_is_an_error_of_both()
    {
        using var traces = new Traces();
        using Service service = Service.Create(Scene.NewName());
        using ServiceServer server = service.Serve();
        using ServiceClient client = service.CreateClient();
        ValueTask<ServiceResponse> asked = client.CallAsync(default, _bound, cancellationToken: Token);
        Assert.True(server.TryTake(out ServiceRequest request));
        Assert.Null(Activity.Current);
        Assert.NotNull(request.Activity);
        Assert.Equal(request.Activity.ParentSpanId, request.TraceContext.SpanId);
        Assert.True(request.Fail("no"));
        Assert.Throws<SharedObjectException>(() => asked.AsTask().GetAwaiter().GetResult());
        Assert.Equal((ActivityStatusCode.Error, ActivityStatusCode.Error), (traces.Single(ActivityKind.Client).Status, traces.Single(ActivityKind.Server).Status));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Messages_of_a_topic_carry_it_and_those_of_nobody_do_not()
    {
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe(), filtered = topic.Subscribe(new SubscriptionOptions { Kinds = [1] });
        using TopicPublisher publisher = topic.CreatePublisher();
        byte[] bytes = [1, 2, 3, 4, 5];
        using (var traces = new Traces())
        {
            Assert.True(publisher.TryPublish(bytes));
            using Activity test = Traces.Begin();
            Assert.True(publisher.TryPublish(bytes));
            Assert.True(publisher.TryLoan(300, out TopicLoan loan));
            bytes.CopyTo(loan.Span);
            loan.Publish(bytes.Length, kind: 1);
            using (publisher.BeginBatch())
                Assert.True(publisher.TryPublish(bytes) && publisher.TryPublish(bytes));
            // No room for more than itself.
            Assert.True(publisher.TryPublish(new byte[publisher.LongestMessage]));
            Assert.Equal([default, test.Context.SpanId, test.Context.SpanId, test.Context.SpanId, test.Context.SpanId, default], Enumerable.Range(0, 6).Select(_ => Next()));
            Assert.True(filtered.TryRead(out TopicMessage wanted));
            Assert.Equal((5, 1u, test.TraceId, ActivityTraceFlags.Recorded, true),
                (wanted.Length, wanted.Kind, wanted.TraceContext.TraceId, wanted.TraceContext.TraceFlags, wanted.TraceContext.IsRemote));
            Assert.False(filtered.TryRead(out _));
        }
        using Activity unheard = new Activity("nobody listens to").Start();
        Assert.True(publisher.TryPublish(bytes));
        Assert.Equal(default, Next());
        Assert.False(subscriber.TryRead(out _));

        ActivitySpanId Next()
        {
            Assert.True(subscriber.TryRead(out TopicMessage message));
            Assert.True(message.Length == publisher.LongestMessage || message.Span.SequenceEqual(bytes));
            return message.TraceContext.SpanId;
        }
    }

    [Fact]
    public void Every_message_of_a_full_topic_arrives_with_what_it_carries()
    {
        using var traces = new Traces();
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        using Activity test = Traces.Begin();
        for (int round = 0, sent = 0, read = 0; round < 20; round++)
        {
            while (publisher.TryPublish(new byte[sent % 700]))
                sent++;
            for (; subscriber.TryRead(out TopicMessage message); read++)
                Assert.Equal((read % 700, test.SpanId), (message.Length, message.TraceContext.SpanId));
            Assert.Equal(sent, read);
        }
    }

    [Fact]
    public void A_message_of_a_queue_carries_it_also_when_it_is_delivered_again()
    {
        using var traces = new Traces();
        using Queue queue = Queue.Create(Scene.NewName(), new QueueOptions { Capacity = 65536 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        Assert.True(sender.TrySend([7, 7, 7]));
        using Activity test = Traces.Begin();
        Assert.True(sender.TrySend([1, 2, 3]));
        Assert.True(sender.TryLoan(9, out QueueLoan loan));
        loan.Span.Fill(4);
        loan.Send(5);
        Assert.True(receiver.TryReceive(out QueueMessage message));
        Assert.Equal((3, default), (message.Length, message.TraceContext));
        Assert.True(receiver.TryLease(out QueueMessage leased) && leased.TraceContext.SpanId == test.SpanId);
        leased.Return();
        Assert.True(receiver.TryLease(out leased));
        Assert.Equal((2, test.TraceId), (leased.Deliveries, leased.TraceContext.TraceId));
        Assert.True(leased.Span.SequenceEqual(new byte[] { 1, 2, 3 }));
        leased.Acknowledge();
        Assert.Throws<InvalidOperationException>(() => leased.Acknowledge());
        Assert.True(receiver.TryReceive(out message));
        Assert.Equal((test.SpanId, true), (message.TraceContext.SpanId, message.Span.SequenceEqual(new byte[] { 4, 4, 4, 4, 4 })));
        for (int i = 0; i < 2_000; i++)
        {
            Assert.True(sender.TrySend(new byte[i % 300]) && receiver.TryReceive(out message));
            Assert.Equal((i % 300, test.SpanId), (message.Length, message.TraceContext.SpanId));
        }
    }

    [Fact]
    public async Task A_message_of_a_pipe_carries_it()
    {
        using var traces = new Traces();
        string name = Scene.NewName();
        using PipeListener listener = PipeListener.Create(name, new PipeOptions { Mode = PipeMode.Messages, Capacity = 65536 });
        ValueTask<PipeConnection> connecting = PipeConnection.ConnectAsync(name, Token);
        using PipeConnection server = await listener.AcceptAsync(Token);
        using PipeConnection client = await connecting;
        Assert.True(client.TryWrite([1]));
        using Activity test = Traces.Begin();
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(client.TryWrite(new byte[i % 300]));
            Assert.True(server.TryRead(out PipeMessage message));
            if (i == 0)
            {
                Assert.Equal((1, default), (message.Length, message.TraceContext));
                Assert.True(server.TryRead(out message));
            }
            Assert.Equal((i % 300, i % 300, test.SpanId), (message.Length, message.Span.Length, message.TraceContext.SpanId));
        }
    }
}
