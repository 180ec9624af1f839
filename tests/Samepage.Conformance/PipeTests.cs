using System.Text;
using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>W41, W46: who listens, who connects, and what either learns of the other.</summary>
public sealed class PipeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static (PipeConnection Client, PipeConnection Server) Pair(PipeOptions? options = null)
    {
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name, options);
        Task<PipeConnection> client = Expect.Begin(() => PipeConnection.Connect(name, Peer.Patience, options?.Strategy ?? WaitStrategy.SpinThenBlock, Token));
        PipeConnection server = listener.Accept(Token);
        return (Expect.Result(client), server);
    }

    [Fact]
    public void W41_A_second_listener_is_refused_and_another_may_follow()
    {
        string name = Expect.NewName();
        using (PipeListener.Create(name))
            Expect.Refusal(FailureReason.AlreadyExists, 183, () => PipeListener.Create(name));
        using PipeListener next = PipeListener.Create(name);
        Assert.Equal((name, SharedObjectKind.Pipe), (next.Name, next.Info.Kind));
    }

    [Fact]
    public void W41_A_name_of_another_kind_is_refused()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        Expect.Refusal(FailureReason.WrongKind, 6, () => PipeListener.Create(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => PipeConnection.Connect(name, TimeSpan.Zero, cancellationToken: Token));
    }

    [Fact]
    public void W21_Who_listens_who_is_connected_and_what_is_unread_is_seen_from_aside()
    {
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name, new PipeOptions { Mode = PipeMode.Messages, Backlog = 3 });
        Task<PipeConnection> connecting = Expect.Begin(() => PipeConnection.Connect(name, Peer.Patience, cancellationToken: Token));
        using PipeConnection server = listener.Accept(Token);
        using PipeConnection client = Expect.Result(connecting);
        Assert.True(client.TryWrite("one"u8) && client.TryWrite("two"u8) && server.TryWrite("back"u8));
        ChannelInfo info = ChannelInspector.Find(name)!;
        int here = Environment.ProcessId;
        Assert.Equal((SharedObjectKind.Pipe, PipeMode.Messages, 1, 3), (info.Kind, info.PipeMode, info.MaxWriters, info.MaxReaders));
        Assert.Equal((here, true), (Assert.Single(info.Writers).ProcessId, info.Writers[0].IsAlive));
        Assert.Empty(info.Readers);
        Assert.Equal(new PipeConnectionInfo(here, here, 32, 32, 16, 16), Assert.Single(info.Connections));
        Assert.Equal(["0 one", "0 two", "1 back"], ChannelInspector.Peek(name, 10, 10).Select(m => $"{m.Lane} {Encoding.UTF8.GetString(m.Beginning.Span)}"));

        client.Dispose();
        Assert.Equal((0, here), (ChannelInspector.Find(name)!.Connections[0].ClientProcessId, ChannelInspector.Find(name)!.Connections[0].ServerProcessId));
        server.Dispose();
        Assert.Empty(ChannelInspector.Find(name)!.Connections);
    }

    [Fact]
    public void W41_Only_the_listener_is_listed()
    {
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name);
        Task<PipeConnection> connecting = Expect.Begin(() => PipeConnection.Connect(name, Token));
        using PipeConnection server = listener.Accept(Token);
        using PipeConnection client = Expect.Result(connecting);
        SharedObjectInfo[] listed = [.. SharedObjects.List().Where(o => o.Kind == SharedObjectKind.Pipe)];
        Assert.Single(listed, o => o.Name == name);
        Assert.DoesNotContain(listed, o => o.Name!.StartsWith("samepage.part.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void W41_Connecting_times_out_where_nobody_listens_and_where_nobody_accepts(int milliseconds)
    {
        string name = Expect.NewName();
        var time = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Throws<TimeoutException>(() => PipeConnection.Connect(name, time, cancellationToken: Token));
        using PipeListener listener = PipeListener.Create(name);
        Assert.Throws<TimeoutException>(() => PipeConnection.Connect(name, time, cancellationToken: Token));
        // What it asked it has taken back.
        Assert.False(listener.TryAccept(out _));
        Assert.Equal(WaitResult.TimedOut, listener.Acceptable.Wait(TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task W41_Connecting_and_accepting_end_when_they_are_cancelled()
    {
        string name = Expect.NewName();
        using var source = new CancellationTokenSource();
        Task connecting = PipeConnection.ConnectAsync(name, source.Token).AsTask();
        using PipeListener other = PipeListener.Create(Expect.NewName());
        Task accepting = other.AcceptAsync(source.Token).AsTask();
        Assert.False(connecting.IsCompleted || accepting.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
    }

    [Fact]
    public async Task W41_Who_connects_waits_for_the_listener()
    {
        string name = Expect.NewName();
        Task<PipeConnection> first = PipeConnection.ConnectAsync(name, Token).AsTask();
        Task<PipeConnection> second = Expect.Begin(() => PipeConnection.Connect(name, Token));
        using PipeListener listener = PipeListener.Create(name);
        using PipeConnection one = await listener.AcceptAsync(Token).AsTask().WaitAsync(Peer.Patience, Token);
        using PipeConnection two = await listener.AcceptAsync(Token).AsTask().WaitAsync(Peer.Patience, Token);
        using PipeConnection a = await first.WaitAsync(Peer.Patience, Token);
        using PipeConnection b = await second.WaitAsync(Peer.Patience, Token);
        Assert.True(a.IsConnected && b.IsConnected && one.IsConnected && two.IsConnected);
    }

    [Fact]
    public async Task W41_Who_connects_goes_on_to_the_next_listener()
    {
        string name = Expect.NewName();
        PipeListener first = PipeListener.Create(name);
        Task<PipeConnection> connecting = PipeConnection.ConnectAsync(name, Token).AsTask();
        Assert.Equal(WaitResult.Signaled, first.Acceptable.Wait(Peer.Patience, Token));
        first.Dispose();
        using PipeListener second = PipeListener.Create(name);
        using PipeConnection server = await second.AcceptAsync(Token).AsTask().WaitAsync(Peer.Patience, Token);
        using PipeConnection client = await connecting.WaitAsync(Peer.Patience, Token);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task W41_Connections_outlive_the_listener()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            await client.AsStream(leaveOpen: true).WriteAsync("still here"u8.ToArray(), Token);
            byte[] read = new byte[10];
            await server.AsStream(leaveOpen: true).ReadExactlyAsync(read, Token);
            Assert.Equal("still here"u8, read);
        }
    }

    [Fact]
    public void W46_Many_clients_come_to_one_name()
    {
        const int Clients = 24;
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name, new PipeOptions { Backlog = 5 });
        Task<int>[] clients = [.. Enumerable.Range(0, Clients).Select(i => Expect.Begin(() =>
        {
            using PipeConnection connection = PipeConnection.Connect(name, Token);
            using Stream stream = connection.AsStream();
            stream.WriteByte((byte)i);
            return stream.ReadByte();
        }))];
        for (int i = 0; i < Clients; i++)
        {
            Assert.True(listener.TryAccept(Peer.Patience, out PipeConnection? server, Token));
            using Stream stream = server.AsStream();
            stream.WriteByte((byte)(stream.ReadByte() + 100));
        }
        Assert.Equal(Enumerable.Range(100, Clients), clients.Select(Expect.Result));
    }

    [Fact]
    public void W41_Another_process_connects_and_its_death_is_told_after_what_it_wrote()
    {
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name);
        using Peer peer = Peer.Start();
        peer.Begin("pipe-connect", "p", name);
        using PipeConnection server = listener.Accept(Token);
        peer.End();
        using Stream stream = server.AsStream();
        peer.Do("pipe-write", "p", 100_000);
        Task<(int, FailureReason)> reading = Expect.Begin(() =>
        {
            int count = 0;
            byte[] buffer = new byte[70_000];
            try
            {
                while (stream.Read(buffer) is > 0 and var read)
                    count += read;
                return (count, FailureReason.Unknown);
            }
            catch (SharedObjectException e)
            {
                return (count, e.Reason);
            }
        });
        peer.Kill();
        Assert.Equal((100_000, FailureReason.PeerDied), Expect.Result(reading));
        Expect.Refusal(FailureReason.PeerDied, 109, () => stream.WriteByte(1));
        Assert.Equal(WaitResult.Signaled, server.Writable.Wait(TimeSpan.Zero, Token));
    }

    [Fact]
    public void W41_Who_waits_for_room_is_told_when_its_reader_dies()
    {
        string name = Expect.NewName();
        using PipeListener listener = PipeListener.Create(name);
        using Peer peer = Peer.Start();
        peer.Begin("pipe-connect", "p", name);
        using PipeConnection server = listener.Accept(Token);
        peer.End();
        using Stream stream = server.AsStream();
        Task<bool> writing = Expect.Begin(() =>
        {
            Expect.Refusal(FailureReason.PeerDied, 109, () => stream.Write(new byte[1 << 20]));
            return true;
        });
        Assert.False(writing.Wait(TimeSpan.FromMilliseconds(100), Token));
        peer.Kill();
        Assert.True(Expect.Result(writing));
    }

    [Fact]
    public void W41_The_listeners_death_frees_the_name_for_who_waits()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        peer.Do("pipe-listen", "l", name);
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => PipeListener.Create(name));
        Task<PipeConnection> connecting = PipeConnection.ConnectAsync(name, Token).AsTask();
        peer.Do("pipe-acceptable", "l");
        peer.Kill();
        PipeListener? next = null;
        Expect.Eventually(() =>
        {
            try
            {
                next = PipeListener.Create(name);
                return true;
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.AlreadyExists)
            {
                return false;
            }
        }, "the name is free");
        using (next)
        using (PipeConnection server = next!.Accept(Token))
        using (PipeConnection client = Expect.Result(connecting))
            Assert.True(client.IsConnected);
    }

    [Fact]
    public void W41_A_pair_passes_to_a_child()
    {
        using PipeConnection parent = PipeConnection.CreatePair(out string handle);
        Assert.False(parent.IsConnected);
        using Stream stream = parent.AsStream();
        stream.Write("before"u8);
        using Peer child = Peer.Start();
        child.Do("pipe-open", "p", handle);
        Assert.True(parent.IsConnected);
        Assert.Equal("before", child.Do("pipe-read", "p", 6));
        child.Do("pipe-write", "p", 3);
        Assert.Equal(3, stream.Read(new byte[10]));
        Expect.Refusal(FailureReason.NotFound, 2, () => PipeConnection.OpenHandle(handle));
        child.Kill();
        Expect.Refusal(FailureReason.PeerDied, 109, () => stream.ReadByte());
    }

    [Fact]
    public void W41_A_handle_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PipeConnection.OpenHandle("nonsense"));
        Expect.Refusal(FailureReason.NotFound, 2, () => PipeConnection.OpenHandle(new string('0', 32)));
        PipeConnection.CreatePair(out string handle).Dispose();
        Expect.Refusal(FailureReason.NotFound, 2, () => PipeConnection.OpenHandle(handle));
    }

    [Fact]
    public void W41_An_option_that_cannot_be_is_refused()
    {
        foreach (PipeOptions options in new PipeOptions[] { new() { Capacity = 0 }, new() { Capacity = 1L << 30 }, new() { Backlog = 0 }, new() { Backlog = 1024 }, new() { Mode = (PipeMode)7 } })
            Assert.ThrowsAny<ArgumentException>(() => PipeListener.Create(Expect.NewName(), options));
    }

    [Fact]
    public void W35_A_wait_ends_when_its_own_end_is_disposed()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (server)
        {
            Stream stream = client.AsStream();
            Task<bool> reading = Expect.Begin(() =>
            {
                Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
                return true;
            });
            Assert.False(reading.Wait(TimeSpan.FromMilliseconds(100), Token));
            client.Dispose();
            Assert.True(Expect.Result(reading));
        }
    }
}
