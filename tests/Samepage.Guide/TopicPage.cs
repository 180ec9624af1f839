using Samepage.Channels;

namespace Samepage.Guide;

#region topic-struct
internal struct Quote { public int Instrument; public double Price; }
#endregion

public sealed class TopicPage : Page
{
    [Fact]
    public async Task A_camera_and_a_screen()
    {
        int frameLength = 1000;
        #region topic-publish
        using Topic topic = Topic.CreateOrOpen("frames", new TopicOptions { Capacity = 32 << 20, FullMode = TopicFullMode.DropOldest });
        using TopicPublisher camera = topic.CreatePublisher();
        if (camera.TryLoan(frameLength, out TopicLoan loan))
        {
            Capture(loan.Span);                                    // straight into shared memory
            loan.Publish();
        }
        #endregion
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScreenAsync(Token));
        Assert.Equal(["frame 1 of 1000"], Shown);
    }

    private async Task ScreenAsync(CancellationToken token)
    {
        #region topic-subscribe
        using Topic topic = Topic.Open("frames");
        using TopicSubscriber screen = topic.Subscribe(new SubscriptionOptions { History = 1 });     // begins with the latest there is
        await foreach (TopicMessage frame in screen.ReadAllAsync(token))
            Display(frame.Span);                                   // straight out of it; leased until the next
        #endregion
    }

    [Fact]
    public void Structs()
    {
        CancellationToken token = Token;
        #region topic-structs
        using Topic<Quote> quotes = Topic<Quote>.CreateOrOpen("quotes");
        using TopicSubscriber<Quote> trader = quotes.Subscribe();
        using TopicPublisher<Quote> feed = quotes.CreatePublisher(WaitStrategy.BusySpin);

        feed.Publish(new Quote { Instrument = 7, Price = 101.25 });
        Quote quote = trader.Read(token);                          // in another process
        #endregion
        Assert.Equal(101.25, quote.Price);
    }

    [Fact]
    public void Kinds_history_and_batches()
    {
        const uint Trade = 1, Correction = 2;
        using Topic topic = Topic.Create("trades");
        using TopicPublisher publisher = topic.CreatePublisher();
        #region topic-batch
        using (publisher.BeginBatch())                             // come into view together, and wake sleepers once
        {
            publisher.Publish("bought"u8, Trade);
            publisher.Publish("sold"u8, Trade);
            publisher.Publish("it was 4"u8, Correction);
        }
        #endregion
        #region topic-kinds
        using TopicSubscriber audit = topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All, Kinds = [Correction] });
        #endregion
        Assert.True(audit.TryRead(out TopicMessage message));
        Show(message.Span);
        Assert.False(audit.TryRead(out message));
        Assert.Equal(["it was 4"], Shown);
    }

    [Fact]
    public void Dropping()
    {
        using Topic topic = Topic.Create("lossy", new TopicOptions { Capacity = 65536, FullMode = TopicFullMode.DropNewest });
        using TopicPublisher publisher = topic.CreatePublisher();
        using TopicSubscriber subscriber = topic.Subscribe();
        byte[] message = new byte[20_000];
        for (int i = 0; i < 10; i++)
        {
            #region topic-dropped
            if (!publisher.Publish(message))
                Console.WriteLine($"{publisher.Dropped} dropped so far, {subscriber.Lag} still to be read");
            #endregion
        }
        Assert.True(publisher.Dropped > 0);
    }

    [Fact]
    public async Task A_registered_message()
    {
        CancellationToken token = Token;
        long documentId = 7;
        using Broadcast other = Broadcast.Register("Contoso.Refresh");
        other.Send(first: 8);
        #region broadcast
        using Broadcast refresh = Broadcast.Register("Contoso.Refresh");
        refresh.Send(first: documentId);
        BroadcastMessage message = await refresh.ReceiveAsync(token);
        if (message.Sender != refresh.Id)                          // not my own
            Reload(message.First);
        #endregion
        Assert.Equal(7, message.First);
        Assert.Empty(Shown);
        Assert.True(other.TryReceive(out message));
        Assert.Equal((8, other.Id), (message.First, message.Sender));
        Assert.True(other.TryReceive(out message));
        Assert.Equal((7, refresh.Id), (message.First, message.Sender));
    }

    private static void Capture(Span<byte> room) => room[0] = 1;

    private void Display(ReadOnlySpan<byte> frame)
    {
        Show($"frame {frame[0]} of {frame.Length}");
        End();
    }

    private void Reload(long document) => Show($"reload {document}");
}
