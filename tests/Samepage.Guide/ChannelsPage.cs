using Samepage.Channels;

namespace Samepage.Guide;

public sealed class ChannelsPage : Page
{
    [Fact]
    public async Task Ends_in_a_wait_for_several()
    {
        CancellationToken token = Token;
        using Topic prices = Topic.Create("prices in several");
        using Queue orders = Queue.Create("orders in several");
        using TopicSubscriber feed = prices.Subscribe();
        using QueueReceiver worker = orders.CreateReceiver();
        using SharedEvent stop = SharedEvent.Create("stop in several", EventResetMode.ManualReset);
        using QueueSender sender = orders.CreateSender();
        sender.Send("tea"u8);
        #region channels-any
        SharedWaitResult first = await SharedWait.AnyAsync([feed.Readable, worker.Readable, stop], token);
        if (first.Index == 1 && worker.TryReceive(out QueueMessage order))     // another may have been faster
            Show(order.Span);
        #endregion
        Assert.Equal(["tea"], Shown);
    }

    [Fact]
    public void From_aside()
    {
        using Topic prices = Topic.Create("inspected prices");
        using TopicSubscriber reader = prices.Subscribe();
        using TopicPublisher publisher = prices.CreatePublisher();
        publisher.Publish("101.25"u8);
        #region channels-inspect
        if (ChannelInspector.Find("inspected prices") is { } channel)
            Console.WriteLine($"{channel.Kind}: {channel.Writers.Count} write, {channel.Readers.Count} read, up to {channel.MaxReaders}");
        foreach (ChannelMessageInfo message in ChannelInspector.Peek("inspected prices", count: 10, length: 16))
            Console.WriteLine($"message {message.Number}, {message.Length} bytes");
        #endregion
        Assert.Single(ChannelInspector.Peek("inspected prices", count: 10, length: 16));
    }
}
