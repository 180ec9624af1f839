using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Samepage.Channels;
using Samepage.Conformance.Peers;
using PipeOptions = Samepage.Channels.PipeOptions;

namespace Samepage.Conformance;

/// <summary>W46: a connection as a stream, and as a duplex pipe.</summary>
public sealed class PipeStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (Stream Client, Stream Server) Streams(PipeOptions? options = null)
    {
        (PipeConnection client, PipeConnection server) = PipeTests.Pair(options);
        return (client.AsStream(), server.AsStream());
    }

    [Theory]
    [InlineData(1, WaitStrategy.SpinThenBlock)]
    [InlineData(2, WaitStrategy.Block)]
    [InlineData(3, WaitStrategy.SpinThenBlock)]
    public void W46_Bytes_arrive_as_they_were_written_whatever_the_pieces(int seed, WaitStrategy strategy)
    {
        (Stream client, Stream server) = Streams(new PipeOptions { Capacity = 65536, Strategy = strategy });
        using (client)
        using (server)
        {
            byte[] there = new byte[3_000_000], back = new byte[3_000_000];
            new Random(seed).NextBytes(there);
            new Random(seed + 100).NextBytes(back);
            Task<bool>[] all =
            [
                Expect.Begin(() => Send(client, there, new Random(seed))), Expect.Begin(() => Receive(server, there, new Random(seed + 1))),
                Expect.Begin(() => Send(server, back, new Random(seed + 2))), Expect.Begin(() => Receive(client, back, new Random(seed + 3))),
            ];
            Assert.All(all, task => Assert.True(Expect.Result(task)));
        }
    }

    private static bool Send(Stream to, byte[] bytes, Random random)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            int count = Math.Min(Piece(random), bytes.Length - sent);
            to.Write(bytes, sent, count);
            sent += count;
        }
        return true;
    }

    private static bool Receive(Stream from, byte[] expected, Random random)
    {
        byte[] received = new byte[expected.Length];
        for (int count = 0; count < received.Length;)
        {
            int read = from.Read(received.AsSpan(count, Math.Min(Piece(random), received.Length - count)));
            Assert.True(read > 0);
            count += read;
        }
        return received.AsSpan().SequenceEqual(expected);
    }

    /// <summary>Mostly small, sometimes more than the pipe holds.</summary>
    private static int Piece(Random random) => 1 + random.Next(1 << random.Next(1, 18));

    [Fact]
    public async Task W46_Bytes_arrive_asynchronously_both_ways()
    {
        (Stream client, Stream server) = Streams(new PipeOptions { Capacity = 65536 });
        await using (client)
        await using (server)
        {
            byte[] bytes = new byte[2_000_000];
            new Random(4).NextBytes(bytes);
            Task sending = client.WriteAsync(bytes, Token).AsTask();
            Task echoing = Task.Run(async () =>
            {
                byte[] buffer = new byte[10_007];
                for (int done = 0; done < bytes.Length;)
                {
                    int count = await server.ReadAsync(buffer, Token);
                    await server.WriteAsync(buffer.AsMemory(0, count), Token);
                    done += count;
                }
            }, Token);
            byte[] returned = new byte[bytes.Length];
            await client.ReadExactlyAsync(returned, Token).AsTask().WaitAsync(Peer.Patience, Token);
            await sending;
            await echoing;
            Assert.True(bytes.AsSpan().SequenceEqual(returned));
        }
    }

    [Fact]
    public void W46_Half_closed_it_is_read_to_the_end_and_written_the_other_way()
    {
        (PipeConnection client, PipeConnection server) = PipeTests.Pair();
        using Stream ours = client.AsStream(), theirs = server.AsStream();
        ours.Write("question"u8);
        client.CompleteWriting();
        client.CompleteWriting();
        Assert.Throws<InvalidOperationException>(() => ours.WriteByte(0));
        byte[] buffer = new byte[20];
        Assert.Equal(8, theirs.Read(buffer));
        Assert.Equal(0, theirs.Read(buffer));
        Assert.Equal(0, theirs.Read(default));
        Assert.Equal(0, theirs.Read(buffer));
        theirs.Write("answer"u8);
        Assert.Equal(6, ours.Read(buffer));
    }

    [Fact]
    public void W46_What_was_written_before_a_close_is_read_and_then_the_end()
    {
        (Stream client, Stream server) = Streams();
        using (server)
        {
            client.Write(new byte[100_000]);
            client.Dispose();
            Assert.Throws<ObjectDisposedException>(() => client.ReadByte());
            Assert.Throws<ObjectDisposedException>(() => client.WriteByte(1));
            byte[] buffer = new byte[60_000];
            Assert.Equal(60_000, server.Read(buffer));
            Expect.Refusal(FailureReason.PeerClosed, 232, () => server.WriteByte(1));
            Assert.Equal(40_000, server.Read(buffer));
            Assert.Equal(0, server.Read(buffer));
        }
    }

    [Fact]
    public void W46_Who_waits_for_bytes_or_room_is_told_of_a_close_at_once()
    {
        (Stream client, Stream server) = Streams();
        Task<int> reading = Expect.Begin(() => server.Read(new byte[1]));
        Task<bool> writing = Expect.Begin(() =>
        {
            Expect.Refusal(FailureReason.PeerClosed, 232, () => server.Write(new byte[1 << 20]));
            return true;
        });
        Assert.False(Task.WaitAny([reading, writing], TimeSpan.FromMilliseconds(100)) >= 0);
        client.Dispose();
        Assert.Equal(0, Expect.Result(reading));
        Assert.True(Expect.Result(writing));
        server.Dispose();
    }

    [Fact]
    public async Task W46_A_read_of_no_bytes_waits_for_some_and_takes_none()
    {
        (Stream client, Stream server) = Streams();
        await using (client)
        await using (server)
        {
            Task<int> nothing = server.ReadAsync(Memory<byte>.Empty, Token).AsTask();
            Assert.False(nothing.IsCompleted);
            client.Write("x"u8);
            Assert.Equal(0, await nothing.WaitAsync(Peer.Patience, Token));
            Assert.Equal('x', server.ReadByte());
        }
    }

    [Fact]
    public void W46_A_stream_times_out_and_goes_on()
    {
        (Stream client, Stream server) = Streams(new PipeOptions { Capacity = 65536 });
        using (client)
        using (server)
        {
            Assert.True(client.CanTimeout && client.CanRead && client.CanWrite && !client.CanSeek);
            server.ReadTimeout = client.WriteTimeout = 30;
            Assert.Throws<TimeoutException>(() => server.ReadByte());
            Assert.Throws<TimeoutException>(() => client.Write(new byte[1 << 20]));
            Assert.Equal(0, server.ReadByte());
            Assert.Throws<ArgumentOutOfRangeException>(() => server.ReadTimeout = 0);
            Assert.Throws<NotSupportedException>(() => server.Seek(0, SeekOrigin.Begin));
        }
    }

    [Fact]
    public async Task W46_A_cancelled_read_takes_nothing()
    {
        (Stream client, Stream server) = Streams();
        await using (client)
        await using (server)
        {
            using var source = new CancellationTokenSource();
            Task<int> reading = server.ReadAsync(new byte[4], source.Token).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            client.Write("four"u8);
            byte[] read = new byte[4];
            await server.ReadExactlyAsync(read, Token);
            Assert.Equal("four"u8, read);
        }
    }

    [Fact]
    public async Task W46_A_duplex_pipe_carries_lines_and_completes()
    {
        (PipeConnection client, PipeConnection server) = PipeTests.Pair();
        await using (client)
        await using (server)
        {
            Task serving = Task.Run(async () =>
            {
                while (true)
                {
                    ReadResult result = await server.Input.ReadAsync(Token);
                    if (result.Buffer.PositionOf((byte)'\n') is { } end)
                    {
                        string line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                        await server.Output.WriteAsync(Encoding.UTF8.GetBytes(line.ToUpperInvariant()), Token);
                        server.Input.AdvanceTo(result.Buffer.GetPosition(1, end));
                        continue;
                    }
                    server.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    if (result.IsCompleted)
                        break;
                }
                await server.Output.CompleteAsync();
            }, Token);
            string text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n"));
            await client.Output.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
            await client.Output.CompleteAsync();
            var got = new StringBuilder();
            while (true)
            {
                ReadResult result = await client.Input.ReadAsync(Token).AsTask().WaitAsync(Peer.Patience, Token);
                got.Append(Encoding.UTF8.GetString(result.Buffer));
                client.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }
            await serving.WaitAsync(Peer.Patience, Token);
            Assert.Equal(text.ToUpperInvariant().Replace("\n", "", StringComparison.Ordinal), got.ToString());
        }
    }

    [Fact]
    public void W46_Who_stops_reading_tells_who_writes()
    {
        (PipeConnection client, PipeConnection server) = PipeTests.Pair();
        using Stream ours = client.AsStream(), theirs = server.AsStream();
        client.Input.Complete();
        Expect.Refusal(FailureReason.PeerClosed, 232, () => theirs.WriteByte(1));
        ours.Write("still written"u8);
        Assert.Equal(13, theirs.Read(new byte[20]));
    }
}
