using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>W41: a pipe that carries messages.</summary>
public sealed class PipeMessageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (PipeConnection Client, PipeConnection Server) Pair(long capacity = 65536) =>
        PipeTests.Pair(new PipeOptions { Capacity = capacity, Mode = PipeMode.Messages });

    [Fact]
    public void W41_Messages_keep_their_bounds_and_are_read_in_place()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            Assert.Equal(PipeMode.Messages, client.Mode);
            Assert.True(client.TryWrite("one"u8) && client.TryWrite(default) && client.TryWrite("three"u8));
            Assert.True(server.TryRead(out PipeMessage first));
            Assert.Equal("one"u8, first.Span);
            Assert.True(server.TryRead(out PipeMessage second));
            Assert.Equal(0, second.Length);
            Assert.Throws<ObjectDisposedException>(() => first.Span.Length);
            using (PipeMessage third = server.Read(Token))
                Assert.Equal("three"u8, third.Span);
            Assert.False(server.TryRead(out _));
            Assert.False(server.IsCompleted);
        }
    }

    [Fact]
    public void W41_A_message_that_is_too_long_is_refused_and_the_next_is_not()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            Assert.Throws<ArgumentException>(() => client.TryWrite(new byte[client.LongestMessage + 1]));
            for (int i = 0; i < 5; i++)
            {
                client.Write(new byte[client.LongestMessage], Token);
                Assert.Equal(client.LongestMessage, server.Read(Token).Length);
            }
        }
    }

    [Fact]
    public async Task W41_A_full_pipe_says_so_and_takes_more_when_it_was_read()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            int written = 0;
            while (client.TryWrite(new byte[1000]))
                written++;
            Assert.InRange(written, 50, 66);
            Assert.False(client.WaitToWrite(TimeSpan.FromMilliseconds(20), Token));
            Assert.Equal(WaitResult.TimedOut, client.Writable.Wait(TimeSpan.Zero, Token));
            Task waiting = client.WriteAsync(new byte[1000], Token).AsTask();
            Assert.False(waiting.IsCompleted);
            for (int i = 0; i < written; i++)
                server.Read(Token).Dispose();
            await waiting.WaitAsync(Peer.Patience, Token);
            Assert.Equal(1000, server.Read(Token).Length);
        }
    }

    [Fact]
    public void W41_A_loan_is_written_in_place_or_not_at_all()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            Assert.True(client.TryLoan(100, out PipeLoan given));
            given.Dispose();
            Assert.True(client.TryLoan(100, out PipeLoan loan));
            "in place"u8.CopyTo(loan.Span);
            loan.Write(8);
            Assert.Equal("in place"u8, server.Read(Token).Span);
            Assert.True(client.TryLoan(1, out PipeLoan lost));
            client.Write("other"u8, Token);
            bool refused = false;
            try
            {
                lost.Write();
            }
            catch (InvalidOperationException)
            {
                refused = true;
            }
            Assert.True(refused);
            Assert.Equal("other"u8, server.Read(Token).Span);
            Assert.False(server.TryRead(out _));
        }
    }

    [Fact]
    public async Task W41_All_messages_are_read_to_the_end()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (server)
        {
            Task<bool> writing = Expect.Begin(() =>
            {
                for (int i = 0; i < 20_000; i++)
                    client.Write(BitConverter.GetBytes(i), Token);
                client.Dispose();
                return true;
            });
            int next = 0;
            await foreach (PipeMessage message in server.ReadAllAsync(Token))
                Assert.Equal(next++, BitConverter.ToInt32(message.Span));
            Assert.Equal(20_000, next);
            Assert.True(Expect.Result(writing));
            Assert.True(server.IsCompleted);
            Assert.False(server.TryRead(out _));
            Assert.False(await server.WaitToReadAsync(Token));
            Assert.Throws<EndOfStreamException>(() => server.Read(Token));
            await Assert.ThrowsAsync<EndOfStreamException>(async () => await server.ReadAsync(Token));
            Expect.Refusal(FailureReason.PeerClosed, 232, () => server.TryWrite("x"u8));
        }
    }

    [Fact]
    public void W34_Both_ends_are_waited_for_beside_other_things()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using SharedEvent other = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset);
        using (client)
        using (server)
        {
            Assert.Equal(-1, SharedWait.Any([other, server.Readable], TimeSpan.Zero, Token).Index);
            Task<int> waiting = Expect.Begin(() => SharedWait.Any([other, server.Readable], Peer.Patience, Token).Index);
            client.Write("x"u8, Token);
            Assert.Equal(1, Expect.Result(waiting));
            Assert.Equal(1, SharedWait.Any([other, client.Writable], Peer.Patience, Token).Index);
        }
    }

    [Fact]
    public void W41_Each_mode_refuses_the_others_members()
    {
        (PipeConnection client, PipeConnection server) = Pair();
        using (client)
        using (server)
        {
            Assert.Throws<InvalidOperationException>(() => client.AsStream());
            Assert.Throws<InvalidOperationException>(() => client.Input);
            Assert.Throws<InvalidOperationException>(() => client.Output);
        }
        using PipeConnection bytes = PipeConnection.CreatePair(out _);
        Assert.Throws<InvalidOperationException>(() => bytes.TryWrite("x"u8));
        Assert.Throws<InvalidOperationException>(() => bytes.TryRead(out _));
    }
}
