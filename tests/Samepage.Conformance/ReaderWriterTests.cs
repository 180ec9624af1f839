using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Locks for many readers or one writer, held by flows: W30, W31, W35.</summary>
public sealed class ReaderWriterTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task W30_Many_read_or_one_writes(bool waits)
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName()), other = SharedReaderWriterLock.Open(one.Name);
        Assert.Equal(WaitResult.Signaled, await Read(one, waits));
        Assert.Equal(WaitResult.Signaled, await Read(other, waits));
        Assert.Equal(WaitResult.Signaled, await Read(one, waits));
        Assert.Equal(WaitResult.TimedOut, await Write(other, waits, _shortly));
        one.ExitRead();
        other.ExitRead();
        Assert.Equal(WaitResult.TimedOut, await Write(other, waits, TimeSpan.Zero));
        Expect.OnAnotherThread(one.ExitRead);
        Assert.Equal(WaitResult.Signaled, await Write(other, waits));
        Assert.Equal(WaitResult.TimedOut, await Read(one, waits, _shortly));
        Assert.Equal(WaitResult.TimedOut, await Write(one, waits, TimeSpan.Zero));
        Expect.OnAnotherThread(other.ExitWrite);
        Assert.Equal(WaitResult.Signaled, await Read(one, waits));
        one.ExitRead();
    }

    [Fact]
    public async Task W35_A_writer_that_waits_is_not_starved_by_readers()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName()), other = SharedReaderWriterLock.Open(one.Name);
        one.EnterRead();
        Task<WaitResult> writer = one.EnterWriteAsync().AsTask();
        // As soon as the writer has the turn, nobody new comes in, though there are readers still.
        Expect.Eventually(() =>
        {
            if (other.EnterRead(TimeSpan.Zero) == WaitResult.TimedOut)
                return true;
            other.ExitRead();
            return false;
        }, "new readers are kept out");
        Task<WaitResult> reader = other.EnterReadAsync().AsTask();
        Assert.False(writer.IsCompleted || reader.IsCompleted);
        one.ExitRead();
        Assert.Equal(WaitResult.Signaled, await writer);
        Assert.False(reader.IsCompleted);
        one.ExitWrite();
        Assert.Equal(WaitResult.Signaled, await reader);
        other.ExitRead();
    }

    [Fact]
    public async Task W35_A_wait_that_ends_without_the_lock_leaves_nothing_behind()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName()), other = SharedReaderWriterLock.Open(one.Name);
        one.EnterRead();
        Assert.Equal(WaitResult.TimedOut, await other.EnterWriteAsync(_shortly));
        using var cancellation = new CancellationTokenSource(_shortly);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.EnterWriteAsync(cancellation.Token).AsTask());
        Assert.ThrowsAny<OperationCanceledException>(() => other.EnterWrite(cancellation.Token));
        Assert.Equal(WaitResult.Signaled, other.EnterRead(TimeSpan.Zero));
        other.ExitRead();
        one.ExitRead();
        Assert.Equal(WaitResult.Signaled, one.EnterWrite(TimeSpan.Zero));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.EnterReadAsync(cancellation.Token).AsTask());
        one.ExitWrite();
        Assert.Throws<InvalidOperationException>(one.ExitRead);
        Assert.Throws<InvalidOperationException>(one.ExitWrite);
        Assert.Throws<ArgumentOutOfRangeException>(() => one.EnterRead(TimeSpan.FromMilliseconds(-2)));
    }

    [Fact]
    public async Task W30_Flows_and_threads_exclude_each_other()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName()), other = SharedReaderWriterLock.Open(one.Name);
        int rounds = Expect.IsWine ? 20 : 200;
        int readers = 0, writers = 0;
        long written = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(flow => Task.Run(async () =>
        {
            SharedReaderWriterLock mine = flow % 2 == 0 ? one : other;
            for (int round = 0; round < rounds; round++)
            {
                bool waits = flow % 4 < 2;
                if ((flow + round) % 3 == 0)
                {
                    Assert.Equal(WaitResult.Signaled, await Write(mine, waits));
                    Assert.Equal((1, 0), (Interlocked.Increment(ref writers), Volatile.Read(ref readers)));
                    written++;
                    await Task.Yield();
                    Interlocked.Decrement(ref writers);
                    mine.ExitWrite();
                }
                else
                {
                    Assert.Equal(WaitResult.Signaled, await Read(mine, waits));
                    Interlocked.Increment(ref readers);
                    Assert.Equal(0, Volatile.Read(ref writers));
                    await Task.Yield();
                    Interlocked.Decrement(ref readers);
                    mine.ExitRead();
                }
            }
        })));
        Assert.Equal(Enumerable.Range(0, 8).Sum(flow => Enumerable.Range(0, rounds).Count(round => (flow + round) % 3 == 0)), written);
    }

    [Fact]
    public async Task W31_Who_dies_reading_holds_up_nobody()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName());
        using Peer peer = Peer.Start();
        peer.Do("open-reader-writer", "l", one.Name);
        Assert.Equal("Signaled", peer.Do("enter-read", "l", -1));
        Assert.Equal(WaitResult.Signaled, one.EnterRead(TimeSpan.Zero));
        one.ExitRead();
        Task<WaitResult> writer = one.EnterWriteAsync().AsTask();
        Assert.False(writer.Wait(_shortly, TestContext.Current.CancellationToken));
        peer.Kill();
        Assert.Equal(WaitResult.Signaled, await writer);
        one.ExitWrite();
    }

    [Fact]
    public async Task W31_Of_one_who_died_writing_all_are_told_until_a_writer_has_left()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName()), other = SharedReaderWriterLock.Open(one.Name);
        using Peer peer = Peer.Start();
        peer.Do("open-reader-writer", "l", one.Name);
        Assert.Equal("Signaled", peer.Do("enter-write", "l", -1));
        Task<WaitResult> reader = one.EnterReadAsync().AsTask();
        Assert.False(reader.Wait(_shortly, TestContext.Current.CancellationToken));
        peer.Kill();
        Assert.Equal(WaitResult.Abandoned, await reader);
        Assert.Equal(WaitResult.Abandoned, other.EnterRead());
        one.ExitRead();
        other.ExitRead();
        Assert.Equal(WaitResult.Abandoned, one.EnterWrite());
        one.ExitWrite();
        Assert.Equal(WaitResult.Signaled, other.EnterWrite());
        other.ExitWrite();
    }

    [Fact]
    public void W19_What_is_held_when_its_handle_is_disposed_stays_held()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName());
        SharedReaderWriterLock reader = SharedReaderWriterLock.Open(one.Name);
        reader.EnterRead();
        reader.Dispose();
        Assert.Equal(WaitResult.TimedOut, one.EnterWrite(_shortly));
        Assert.Equal(WaitResult.Signaled, one.EnterRead(TimeSpan.Zero));
        one.ExitRead();
        Assert.Throws<ObjectDisposedException>(reader.ExitRead);
        Assert.Throws<ObjectDisposedException>(() => reader.EnterRead());
    }

    [Fact]
    public async Task W19_A_wait_through_a_handle_that_is_disposed_gives_the_turn_back()
    {
        using SharedReaderWriterLock one = SharedReaderWriterLock.Create(Expect.NewName());
        foreach (bool writes in new[] { false, true })
        {
            one.EnterWrite();
            SharedReaderWriterLock other = SharedReaderWriterLock.Open(one.Name);
            Task<WaitResult> wait = writes ? other.EnterWriteAsync().AsTask() : other.EnterReadAsync().AsTask();
            Assert.False(wait.IsCompleted);
            other.Dispose();
            one.ExitWrite();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
            Assert.Equal(WaitResult.Signaled, one.EnterWrite(Peer.Patience));
            one.ExitWrite();
        }
    }

    [Fact]
    public void W07_It_is_of_the_one_namespace()
    {
        string name = Expect.NewName();
        using SharedReaderWriterLock one = SharedReaderWriterLock.CreateOrOpen(name, out bool created);
        Assert.True(created);
        Assert.Equal((name, SharedObjectKind.ReaderWriterLock), (one.Name, one.Info.Kind));
        using SharedReaderWriterLock again = SharedReaderWriterLock.CreateOrOpen(name, out created);
        Assert.False(created);
        Assert.True(SharedReaderWriterLock.Exists(name));
        Assert.False(SharedMemory.Exists(name));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedReaderWriterLock.Create(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMemory.Open(name));
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.Open(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedReaderWriterLock.Open(name + "x"));
        using SharedMemory section = SharedMemory.Create(name + "s", 100);
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedReaderWriterLock.Open(name + "s"));
        // What it is made of is nobody's business.
        Assert.Equal([name, name + "s"], SharedObjects.List().Select(o => o.Name).Where(n => n!.Contains(name, StringComparison.Ordinal) || n.StartsWith("samepage.part.", StringComparison.Ordinal)).Order());
    }

    private static ValueTask<WaitResult> Read(SharedReaderWriterLock one, bool waits, TimeSpan? time = null) =>
        waits ? ValueTask.FromResult(one.EnterRead(time ?? Peer.Patience)) : one.EnterReadAsync(time ?? Peer.Patience);

    private static ValueTask<WaitResult> Write(SharedReaderWriterLock one, bool waits, TimeSpan? time = null) =>
        waits ? ValueTask.FromResult(one.EnterWrite(time ?? Peer.Patience)) : one.EnterWriteAsync(time ?? Peer.Patience);
}
