using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Samepage.Channels;

namespace Samepage.Guide;

#region serialize-json-context
internal sealed record Delivery(string To, string[] Parcels);

[JsonSerializable(typeof(Delivery))]
internal sealed partial class DeliveryContext : JsonSerializerContext;
#endregion

#region serialize-own
internal sealed class DateSerializer : IMessageSerializer<DateOnly>
{
    public void Write(DateOnly value, IBufferWriter<byte> writer)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value.DayNumber);
        writer.Advance(4);
    }

    public DateOnly Read(ReadOnlySpan<byte> message) => DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(message));
}
#endregion

public sealed class SerializersPage : Page
{
    #region serialize-json
    private static readonly Utf8StringSerializer _text = Utf8StringSerializer.Instance;
    private static readonly JsonMessageSerializer<Delivery> _json = new(DeliveryContext.Default.Delivery);
    #endregion

    [Fact]
    public void Text_and_objects()
    {
        using Topic topic = Topic.Create("notices");
        using TopicPublisher publisher = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe();
        using Queue queue = Queue.Create("deliveries");
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        #region serialize-messages
        publisher.Publish("closing", _text);
        if (subscriber.TryRead(out TopicMessage message))
            Show(message.Read(_text));

        sender.Send(new Delivery("Ada", ["tea"]), _json);          // likewise to mailboxes, and over pipes of messages
        Delivery next = receiver.Receive().Read(_json);
        #endregion
        Show(next.Parcels[0]);
        Assert.Equal(["closing", "tea"], Shown);
    }

    [Fact]
    public void In_cells()
    {
        using CellMap map = CellMap.Create("addresses");
        #region serialize-cells
        using Cell cell = Cell.CreateOrOpen("delivery");
        cell.Write(new Delivery("Ada", []), _json);
        cell.Update(latest => latest! with { Parcels = [.. latest.Parcels, "tea"] }, _json);
        if (cell.TryRead(_json, out Delivery? delivery))
            Show(delivery.Parcels.Length);

        map.GetOrAdd("Ada").TryWrite("12 Square", _text);          // and TryRead, TryUpdate
        #endregion
        Assert.True(map.GetOrAdd("Ada").TryRead(_text, out string? address));
        Assert.Equal("12 Square", address);
        Assert.Equal(["1"], Shown);
    }

    [Fact]
    public async Task Through_a_service()
    {
        CancellationToken stop = Token;
        #region serialize-serve
        using Service service = Service.CreateOrOpen("post", new ServiceOptions { LongestRequest = 4096 });
        using ServiceServer server = service.Serve();
        Task serving = server.RunAsync(async (Delivery delivery, CancellationToken token) => await PriceOfAsync(delivery, token), _json, _text, cancellationToken: stop);
        #endregion
        #region serialize-call
        using ServiceClient client = service.CreateClient();
        string price = await client.CallAsync(new Delivery("Ada", ["tea"]), _json, _text, TimeSpan.FromSeconds(5));
        #endregion
        End();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal("1 shilling", price);
    }

    [Fact]
    public void Of_my_own()
    {
        using Cell cell = Cell.Create("day");
        cell.Write(new DateOnly(1815, 12, 10), new DateSerializer());
        Assert.Equal(4, cell.Length);
        Assert.True(cell.TryRead(new DateSerializer(), out DateOnly day));
        Assert.Equal(1815, day.Year);
    }

    private static ValueTask<string> PriceOfAsync(Delivery delivery, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return ValueTask.FromResult($"{delivery.Parcels.Length} shilling");
    }
}
