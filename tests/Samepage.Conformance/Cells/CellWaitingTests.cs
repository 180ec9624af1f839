using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance.Cells;

/// <summary>Waiting until a cell has another value.</summary>
public sealed class CellWaitingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_is_told_of_the_next_value()
    {
        using Cell<long> cell = Cell<long>.Create(Expect.NewName()), other = Cell<long>.Open(cell.Name);
        Assert.False(other.WaitForChange(0, TimeSpan.Zero, Token));
        Assert.False(other.WaitForChange(0, TimeSpan.FromMilliseconds(5), Token));
        Assert.False(await other.WaitForChangeAsync(0, TimeSpan.FromMilliseconds(5), Token));
        for (ulong i = 0; i < 50; i++)
        {
            ulong known = i;
            Task<bool> waits = Expect.Begin(() => other.WaitForChange(known, Peer.Patience, Token));
            Task<bool> also = Expect.Begin(() => other.WaitForChange(known, Peer.Patience, Token));
            Task awaits = other.WaitForChangeAsync(known, Token).AsTask();
            cell.Write((long)i);
            Assert.True(Expect.Result(waits));
            Assert.True(Expect.Result(also));
            await awaits.WaitAsync(Peer.Patience, Token);
            Assert.True(other.TryRead(out long value, out ulong number));
            Assert.Equal(((long)i, i + 1), (value, number));
        }
        Assert.True(other.WaitForChange(3, TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using Cell cell = Cell.Create(Expect.NewName());
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
        Assert.ThrowsAny<OperationCanceledException>(() => cell.WaitForChange(0, Peer.Patience, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cell.WaitForChangeAsync(0, Peer.Patience, cancelled.Token));
        cell.Write("1"u8);
        Assert.True(cell.WaitForChange(0, TimeSpan.Zero, Token));
    }

    [Fact]
    public void A_change_is_waited_for_beside_other_things()
    {
        using Cell<int> cell = Cell<int>.Create(Expect.NewName()), other = Cell<int>.Open(cell.Name);
        using SharedEvent bell = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        Assert.Equal(WaitResult.TimedOut, SharedWait.Any([bell, other.Changed], TimeSpan.FromMilliseconds(5)).Result);
        for (int i = 0; i < 50; i++)
        {
            Task<int> waits = Expect.Begin(() => SharedWait.Any([bell, other.Changed], Peer.Patience).Index);
            cell.Value = i;
            Assert.Equal(1, Expect.Result(waits));
            Assert.Equal(WaitResult.Signaled, other.Changed.Wait(TimeSpan.Zero));
            Assert.Equal(i, other.Value);
            Assert.Equal(WaitResult.TimedOut, other.Changed.Wait(TimeSpan.Zero));
        }
        bell.Set();
        Assert.Equal(0, SharedWait.Any([bell, other.Changed], Peer.Patience).Index);
    }

    [Fact]
    public void Who_waits_while_another_disposes_is_told()
    {
        for (int round = 0; round < 20; round++)
        {
            Cell cell = Cell.Create(Expect.NewName());
            Task<bool> waits = Expect.Begin(() => cell.WaitForChange(0, Peer.Patience, Token));
            if (round % 2 == 0)
                Expect.Eventually(() => SharedObjects.Find(cell.Name) is not null, "it is there");
            cell.Dispose();
            Assert.Throws<ObjectDisposedException>(() => Expect.Result(waits));
        }
    }

    /// <summary>Two hand a number to each other, each waiting for the other's.</summary>
    [Fact]
    public void No_change_is_missed()
    {
        const int Turns = 2_000;
        using Cell<int> ping = Cell<int>.Create(Expect.NewName()), pong = Cell<int>.Create(Expect.NewName("back"));
        Task<int> plays = Expect.Begin(() => Play(pong, ping, 0));
        Assert.Equal(Turns, Play(ping, pong, 1));
        Assert.Equal(Turns, Expect.Result(plays));

        static int Play(Cell<int> to, Cell<int> from, int serves)
        {
            if (serves == 1)
                to.Write(1);
            for (int turn = 1; turn <= Turns; turn++)
            {
                Assert.True(from.WaitForChange((ulong)turn - 1, Peer.Patience, Token));
                Assert.Equal(turn, from.Value);
                if (turn + serves <= Turns)
                    to.Write(turn + serves);
            }
            return from.Value;
        }
    }
}
