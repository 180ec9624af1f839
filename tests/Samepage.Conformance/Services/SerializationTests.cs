using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Samepage.Channels;

namespace Samepage.Conformance.Services;

/// <summary>Text and objects through every channel of bytes, written in place by a serializer: W40 to W43.</summary>
public sealed partial class SerializationTests
{
    private static readonly Utf8StringSerializer _text = Utf8StringSerializer.Instance;
    private static readonly JsonMessageSerializer<Order> _json = new(OrderContext.Default.Order);

    public static TheoryData<string> Texts => ["", "a", "Ærøskøbing, 日本, 🚀", new string('x', 255), new string('é', 5000), new string('y', 30_000)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void W41_Text_of_any_length_arrives_through_every_channel(string text)
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        using Queue queue = Queue.Create(Expect.NewName("queue"), new QueueOptions { Capacity = 65536, Priorities = 2 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        using Mailbox mailbox = Mailbox.Create(Expect.NewName("mailbox"), new QueueOptions { Capacity = 65536 });
        using MailboxWriter writer = Mailbox.OpenWriter(mailbox.Name);
        (PipeConnection here, PipeConnection there) = Connected();
        using (here)
        using (there)
        {
            // More than once around the ring.
            for (int round = 0; round < 8; round++)
            {
                Assert.True(publisher.TryPublish(text, _text, kind: 3));
                Assert.True(subscriber.TryRead(out TopicMessage published));
                Assert.Equal((3u, text), (published.Kind, published.Read(_text)));
                published.Dispose();
                Assert.True(sender.TrySend(text, _text, priority: 1));
                Assert.True(receiver.TryReceive(out QueueMessage sent));
                Assert.Equal(text, sent.Read(_text));
                sent.Dispose();
                Assert.True(writer.TrySend(text, _text));
                Assert.True(mailbox.TryReceive(out QueueMessage letter));
                Assert.Equal(text, letter.Read(_text));
                letter.Dispose();
                Assert.True(here.TryWrite(text, _text));
                Assert.True(there.TryRead(out PipeMessage written));
                Assert.Equal(text, written.Read(_text));
                written.Dispose();
            }
        }
    }

    [Fact]
    public async Task W41_Objects_arrive_as_json_and_waits_for_room_end()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using Queue queue = Queue.Create(Expect.NewName(), new QueueOptions { Capacity = 65536 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        var order = new Order("tea", 3, [1.5, 2.5]);
        int sent = 0;
        while (sender.TrySend(order, _json))
            sent++;
        Assert.InRange(sent, 100, 2000);
        ValueTask<bool> waiting = sender.SendAsync(order, _json, cancellationToken: token);
        for (int i = 0; i <= sent; i++)
        {
            using QueueMessage message = await receiver.ReceiveAsync(token);
            Order read = message.Read(_json);
            Assert.Equal((order.What, order.Count), (read.What, read.Count));
            Assert.Equal(order.Prices, read.Prices);
        }
        Assert.True(await waiting);
    }

    [Fact]
    public void W41_What_is_too_long_or_no_json_is_refused_and_the_channel_goes_on()
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.Throws<ArgumentException>(() => publisher.TryPublish(new string('x', publisher.LongestMessage + 1), _text));
        Assert.Throws<ArgumentException>(() => publisher.TryPublish(new Order(new string('x', 40_000), 1, []), _json));
        Assert.Throws<ArgumentNullException>(() => publisher.TryPublish(null!, _json));
        Assert.False(subscriber.TryRead(out _));
        Assert.True(publisher.TryPublish("no json", _text));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        Assert.Throws<JsonException>(() => message.Read(_json));
        Assert.True(publisher.TryPublish("null", _text));
        Assert.True(subscriber.TryRead(out message));
        Assert.Throws<JsonException>(() => message.Read(_json));
        Assert.True(publisher.TryPublish(new Order("tea", 1, []), _json));
        Assert.True(subscriber.TryRead(out message));
        Assert.Equal("tea", message.Read(_json).What);
    }

    [Fact]
    public void W41_Where_there_is_no_room_at_all_one_is_told()
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        // Down to the last byte.
        for (int length = publisher.LongestMessage; length > 0; length /= 2)
        {
            while (publisher.TryPublish(new byte[length]))
                continue;
        }
        Assert.False(publisher.TryLoan(1, out _));
        Assert.False(publisher.TryPublish("text", _text));
        Assert.False(publisher.TryPublish(new Order("tea", 3, [1.5]), _json));
        while (subscriber.TryRead(out _))
            continue;
        Assert.True(publisher.TryPublish("text", _text));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        Assert.Equal("text", message.Read(_text));
    }

    [Fact]
    public void W41_What_a_writer_lent_is_of_no_use_afterwards()
    {
        using Topic topic = Topic.Create(Expect.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicPublisher publisher = topic.CreatePublisher();
        var keeper = new Keeper();
        Assert.True(publisher.TryPublish(5, keeper));
        Assert.ThrowsAny<ArgumentException>(() => keeper.Kept.Span.Length);
    }

    private static (PipeConnection Here, PipeConnection There) Connected()
    {
        string name = Expect.NewName("pipe");
        using PipeListener listener = PipeListener.Create(name, new PipeOptions { Mode = PipeMode.Messages, Capacity = 65536 });
        Task<PipeConnection> accepting = Task.Run(() => listener.Accept());
        PipeConnection there = PipeConnection.Connect(name);
        return (accepting.Result, there);
    }

    public sealed record Order(string What, int Count, double[] Prices);

    [JsonSerializable(typeof(Order))]
    private sealed partial class OrderContext : JsonSerializerContext;

    private sealed class Keeper : IMessageSerializer<int>
    {
        public Memory<byte> Kept { get; private set; }

        public void Write(int value, IBufferWriter<byte> writer)
        {
            Kept = writer.GetMemory(8);
            Kept.Span[0] = (byte)value;
            writer.Advance(1);
        }

        public int Read(ReadOnlySpan<byte> message) => message[0];
    }
}
