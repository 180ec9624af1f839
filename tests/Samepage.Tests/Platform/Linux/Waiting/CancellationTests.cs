using Samepage.Platform.Linux.Waiting;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Waiting;

/// <summary>Cancellation where the kernel can wait for two words, and where it cannot.</summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void Waits_are_cancelled_with_and_without_futex_waitv(string waitV) =>
        Child.Do(IsCancelled, [waitV], variables: $"SAMEPAGE_FUTEX_WAITV={waitV}");

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void A_token_that_is_cancelled_just_before_the_wait_registers_ends_it(string waitV) =>
        Child.Do(RegistersTooLate, [waitV], variables: $"SAMEPAGE_FUTEX_WAITV={waitV}");

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void Cancellation_at_any_moment_takes_no_signal_and_hangs_nobody(string waitV) =>
        Child.Do(IsCancelledAtAnyMoment, [waitV], variables: $"SAMEPAGE_FUTEX_WAITV={waitV}");

    [ChildPart]
    private static void IsCancelled(string waitV)
    {
        if (waitV == "0")
            Assert.False(Futex.HasWaitV);
        string name = Guid.NewGuid().ToString("N");
        using SharedMutex mutex = SharedMutex.Create(name + "m", initiallyOwned: true);
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 0, 1);
        foreach (SharedWaitable awaited in new SharedWaitable[] { mutex, signal, semaphore })
        {
            using var cancellation = new CancellationTokenSource();
            Exception?[] faults = new Exception?[3];
            Thread[] waiters = [.. Enumerable.Range(0, 3).Select(i => new Thread(() =>
                faults[i] = Record.Exception(() => awaited.Wait(i < 2 ? cancellation.Token : new CancellationTokenSource(2_000).Token))))];
            foreach (Thread waiter in waiters)
                waiter.Start();
            Assert.True(SpinWait.SpinUntil(() => awaited.Info.State!.HasWaiters, TimeSpan.FromSeconds(30)));
            cancellation.Cancel();
            foreach (Thread waiter in waiters)
                Assert.True(waiter.Join(TimeSpan.FromSeconds(30)));
            Assert.All(faults, f => Assert.IsType<OperationCanceledException>(f));
        }
        // Nothing was taken, nobody is forgotten.
        mutex.Release();
        signal.Set();
        semaphore.Release();
        using var never = new CancellationTokenSource();
        foreach (SharedWaitable awaited in new SharedWaitable[] { mutex, signal, semaphore })
            Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.FromSeconds(30), never.Token));
    }

    [ChildPart]
    private static unsafe void RegistersTooLate(string waitV)
    {
        Assert.Equal(waitV == "0", !Futex.HasWaitV);
        uint word = 0;
        var registered = new ManualResetEventSlim();
        var waiter = new Thread(() =>
        {
            uint* address = &*(uint*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(4);
            // As when the token is cancelled between the first look at it and the registration: the callback runs on this very thread.
            using WaitCancellation? cancellation = WaitCancellation.For(address, new CancellationToken(canceled: true));
            word = cancellation!.Wait(address, 0, Deadline.After(Timeout.InfiniteTimeSpan)) == Sleep.Cancelled ? 1u : 2u;
            registered.Set();
        })
        { IsBackground = true };
        waiter.Start();
        Assert.True(registered.Wait(TimeSpan.FromSeconds(10)), "The registration waits for itself.");
        Assert.Equal(1u, word);
    }

    [ChildPart]
    private static void IsCancelledAtAnyMoment(string waitV)
    {
        Assert.Equal(waitV == "0", !Futex.HasWaitV);
        using SharedSemaphore semaphore = SharedSemaphore.Create(Guid.NewGuid().ToString("N"), 0, 1_000_000);
        int taken = 0, released = 0;
        for (int round = 0; round < 3_000; round++)
        {
            using var cancellation = new CancellationTokenSource();
            using var start = new Barrier(3);
            bool got = false;
            var waiter = new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    got = semaphore.Wait(cancellation.Token) == WaitResult.Signaled;
                }
                catch (OperationCanceledException)
                {
                }
            });
            var releaser = new Thread(() =>
            {
                start.SignalAndWait();
                if (round % 2 == 0)
                    semaphore.Release();
            });
            waiter.Start();
            releaser.Start();
            start.SignalAndWait();
            Thread.SpinWait(round % 100 * 20);
            cancellation.Cancel();
            Assert.True(waiter.Join(TimeSpan.FromSeconds(30)), $"round {round}");
            releaser.Join();
            taken += got ? 1 : 0;
            released += round % 2 == 0 ? 1 : 0;
        }
        while (semaphore.Wait(TimeSpan.Zero) == WaitResult.Signaled)
            taken++;
        Assert.Equal(released, taken);
    }
}
