using Samepage.Platform.Linux.Watching;
using Samepage.Tests.Support;

namespace Samepage.Tests.Inspection;

/// <summary>How many sleep on an object, and who: for all the ways in which the library sleeps.</summary>
public sealed class WaiterTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("0", "1")]
    [InlineData("0", "0")]
    public void Waiters_are_counted_however_they_sleep(string ring, string waitV) =>
        Child.Do(AreCounted, variables: [$"SAMEPAGE_IO_URING={ring}", $"SAMEPAGE_FUTEX_WAITV={waitV}"]);

    [Fact]
    public void Nobody_waits_for_what_nobody_waits_for()
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        Assert.Equal(0, mutex.Info.State!.WaiterCount);
        SharedObjectState state = SharedObjects.Find(name, withHolders: true)!.State!;
        Assert.Equal(0, state.WaiterCount);
        Assert.Empty(state.Waiters!);
        Assert.Null(SharedObjects.Find(name)!.State!.Waiters);
        mutex.Release();
    }

    [Fact]
    public void Counting_keeps_no_signal_from_a_waiter()
    {
        const int Waiters = 4;
        const int Rounds = 500;
        string name = Scene.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, Waiters * Rounds);
        using var done = new CancellationTokenSource();
        Thread[] onlookers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!done.IsCancellationRequested)
                Assert.NotNull(SharedObjects.Find(name));
        }))];
        Thread[] waiters = [.. Enumerable.Range(0, Waiters).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < Rounds; i++)
                Assert.Equal(WaitResult.Signaled, semaphore.Wait(_patience));
        }))];
        foreach (Thread thread in onlookers.Concat(waiters))
            thread.Start();
        for (int i = 0; i < Waiters * Rounds; i++)
            semaphore.Release();
        foreach (Thread waiter in waiters)
            Assert.True(waiter.Join(_patience));
        done.Cancel();
        foreach (Thread onlooker in onlookers)
            onlooker.Join();
        Assert.Equal(0, semaphore.Info.State!.WaiterCount);
        Assert.Equal(0, semaphore.Info.State!.Count);
    }

    [ChildPart]
    private static void AreCounted()
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using var token = new CancellationTokenSource();
        Thread[] threads =
        [
            new(() => signal.Wait()),
            new(() => signal.Wait()),
            new(() => signal.Wait(_patience, token.Token)),
            new(() => SharedWait.Any([other, signal])),
            new(() => SharedWait.All([signal, other])),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        // However many of one process wait without a thread: one sleeps for them.
        Task[] pending = [.. Enumerable.Range(0, 3).Select(_ => signal.WaitAsync().AsTask())];
        Assert.True(SpinWait.SpinUntil(() => signal.Info.State!.WaiterCount == 6, _patience), $"counted: {signal.Info.State!.WaiterCount}");
        SharedObjectState state = SharedObjects.Find(name, withHolders: true)!.State!;
        Assert.Equal(6, state.WaiterCount);
        // A ring does not tell for what it sleeps.
        Assert.Equal(RingSleeper.IsSupported ? 5 : 6, state.Waiters!.Count);
        Assert.All(state.Waiters, w => Assert.Equal(Environment.ProcessId, w.ProcessId));
        Assert.Equal(1, SharedObjects.Find(other.Name!)!.State!.WaiterCount);

        signal.Set();
        other.Set();
        Assert.True(Task.WaitAll(pending, _patience));
        Assert.True(SpinWait.SpinUntil(() => threads.Count(t => t.IsAlive) < 2, _patience));
        other.Set();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(_patience));
        Assert.True(SpinWait.SpinUntil(() => signal.Info.State!.WaiterCount == 0, _patience));
    }
}
