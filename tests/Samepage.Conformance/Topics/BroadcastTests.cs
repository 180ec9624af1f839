using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Messages of two words to everyone who has registered: W40.</summary>
public sealed class BroadcastTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task W40_Everyone_who_registered_gets_what_anyone_sends()
    {
        string name = Expect.NewName();
        using Broadcast one = Broadcast.Register(name), two = Broadcast.Register(name), three = Broadcast.Register(name);
        Assert.Equal(name, one.Name);
        one.Send(1, 2);
        foreach (Broadcast each in new[] { one, two, three })
        {
            Assert.True(each.TryReceive(out BroadcastMessage message));
            Assert.Equal(new BroadcastMessage(1, 2, one.Id), message);
            Assert.False(each.TryReceive(out _));
            Assert.False(each.TryReceive(TimeSpan.FromMilliseconds(5), out _, Token));
        }
        Assert.Equal(3, new[] { one.Id, two.Id, three.Id }.Distinct().Count());
        Task<BroadcastMessage> comes = three.ReceiveAsync(Token).AsTask();
        Assert.False(comes.IsCompleted);
        two.Send();
        Assert.Equal(new BroadcastMessage(0, 0, two.Id), await comes);
        Assert.Equal(WaitResult.Signaled, one.Receivable.Wait(Peers.Peer.Patience, Token));
        Assert.True(one.TryReceive(Peers.Peer.Patience, out BroadcastMessage last, Token));
        Assert.Equal(two.Id, last.Sender);
        using var cancellation = new CancellationTokenSource(10);
        Assert.ThrowsAny<OperationCanceledException>(() => one.TryReceive(Timeout.InfiniteTimeSpan, out _, cancellation.Token));
    }

    [Fact]
    public void W40_What_was_sent_before_is_gone_and_the_name_with_the_last()
    {
        string name = Expect.NewName();
        using (Broadcast one = Broadcast.Register(name))
        {
            one.Send(1);
            using Broadcast late = Broadcast.Register(name);
            Assert.False(late.TryReceive(out _));
            one.Send(2);
            Assert.True(late.TryReceive(out BroadcastMessage message));
            Assert.Equal(2, message.First);
            Expect.Refusal(FailureReason.WrongKind, 6, () => SharedEvent.Open(name));
        }
        using SharedEvent other = SharedEvent.Create(name, EventResetMode.AutoReset);
        Expect.Refusal(FailureReason.WrongKind, 6, () => Broadcast.Register(name));
    }

    [Fact]
    public void W40_Who_lags_misses_the_oldest_and_knows_how_many()
    {
        string name = Expect.NewName();
        using Broadcast sender = Broadcast.Register(name), listener = Broadcast.Register(name);
        for (int i = 0; i < 1_900; i++)
            sender.Send(i);
        for (int i = 0; i < 1_900; i++)
        {
            Assert.True(listener.TryReceive(out BroadcastMessage message));
            Assert.Equal(i, message.First);
        }
        const int Sent = 100_000;
        for (int i = 0; i < Sent; i++)
            sender.Send(i);
        long received = 0;
        for (; listener.TryReceive(out BroadcastMessage message); received++)
            Assert.Equal(message.First, received + listener.Missed);
        Assert.Equal(Sent, received + listener.Missed);
        Assert.True(received >= 1_900);
    }

    [Fact]
    public void W40_Any_thread_may_send()
    {
        string name = Expect.NewName();
        using Broadcast sender = Broadcast.Register(name), listener = Broadcast.Register(name);
        const int Each = 400;
        Task<bool>[] threads = [.. Enumerable.Range(0, 4).Select(t => Expect.Begin(() =>
        {
            for (int i = 0; i < Each; i++)
                sender.Send(t, i);
            return true;
        }))];
        var next = new long[4];
        for (int i = 0; i < 4 * Each; i++)
        {
            Assert.True(listener.TryReceive(Peers.Peer.Patience, out BroadcastMessage message, Token));
            Assert.Equal(next[message.First]++, message.Second);
        }
        Assert.All(threads, t => Assert.True(Expect.Result(t)));
        Assert.Equal(0, listener.Missed);
    }
}
