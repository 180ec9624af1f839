using System.Runtime.CompilerServices;

namespace Samepage.Processes;

/// <summary>Processes that end while their flows hold a lock, or wait for it: W31.</summary>
public class FlowLockTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("wait", true)]
    [InlineData("wait", false)]
    [InlineData("any", true)]
    [InlineData("all", false)]
    [InlineData("any-async", false)]
    [InlineData("all-async", true)]
    public async Task W31_When_the_holder_ends_one_waiter_gets_it_and_is_told(string way, bool killed)
    {
        string name = $"flow-end-{way}-{killed}";
        using SharedLock held = SharedLock.Create(name);
        // On Windows a thread may wait for it as for a mutex.
        using SharedMutex? mutex = OperatingSystem.IsWindows() ? SharedMutex.Open(name) : null;
        for (int waiter = 0; waiter < 3; waiter++)
        {
            using var owner = new Peer();
            owner.Do($"lock {name}");
            Assert.StartsWith("Signaled", owner.Do(way == "wait" ? $"wait {name} -1" : $"{way} -1 {name}"), StringComparison.Ordinal);
            Assert.Equal(WaitResult.TimedOut, held.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
            Task<WaitResult> wait = waiter switch
            {
                0 => held.WaitAsync(_bound, TestContext.Current.CancellationToken).AsTask(),
                1 => OnThread(() => held.Wait(_bound)),
                _ when mutex is not null => OnThread(() =>
                {
                    WaitResult result = mutex.Wait(_bound);
                    mutex.Release();
                    return result;
                }),
                _ => SharedWait.AnyAsync([held], _bound, TestContext.Current.CancellationToken).AsTask().ContinueWith(t => t.Result.Result, TaskScheduler.Default),
            };
            Assert.False(wait.IsCompleted);
            // Who sleeps is all that keeps the watch of the holder.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (killed)
                owner.Kill();
            else
                owner.Leave();
            Assert.Equal(WaitResult.Abandoned, await wait);
            if (waiter < 2 || mutex is null)
                held.Release();
            Assert.Equal(WaitResult.Signaled, held.Wait(_bound, TestContext.Current.CancellationToken));
            held.Release();
        }
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("any-async")]
    [InlineData("all-async")]
    public async Task W31_A_killed_waiter_takes_nothing_with_it(string way)
    {
        string name = $"flow-waiter-{way}";
        using SharedLock held = SharedLock.Create(name);
        using SharedSemaphore permits = SharedSemaphore.Create(name + "-permits", 1, 1);
        for (int round = 0; round < 3; round++)
        {
            held.Wait(TestContext.Current.CancellationToken);
            using var waiter = new Peer();
            waiter.Do($"lock {name}");
            waiter.Do($"open semaphore {permits.Name}");
            waiter.Begin(way == "wait" ? $"wait {name} -1" : way == "any-async" ? $"any-async -1 {name}" : $"all-async -1 {name} {permits.Name}");
            Task<WaitResult> here = held.WaitAsync(_bound, TestContext.Current.CancellationToken).AsTask();
            waiter.Kill();
            held.Release();
            Assert.Equal(WaitResult.Signaled, await here);
            held.Release();
            Assert.Equal(1, permits.Info.State!.Count);
        }
    }

    [Fact]
    public void W31_A_holder_that_closed_its_handle_holds_it_until_it_ends()
    {
        const string Name = "flow-closed";
        using SharedLock held = SharedLock.Create(Name);
        using var owner = new Peer();
        owner.Do($"lock {Name}");
        owner.Do($"any-async -1 {Name}");
        owner.Do($"close {Name}");
        Assert.Equal(WaitResult.TimedOut, held.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
        owner.Do($"lock {Name}");
        owner.Do($"release {Name}");
        Assert.Equal(WaitResult.Signaled, held.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
        held.Release();
        owner.Do($"wait {Name} -1");
        owner.Do($"close {Name}");
        Assert.Equal(WaitResult.TimedOut, held.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
        owner.Kill();
        Assert.Equal(WaitResult.Abandoned, held.Wait(_bound, TestContext.Current.CancellationToken));
        held.Release();
    }

    [Fact]
    public async Task A_lock_that_was_waited_for_and_collected_is_left_alone_when_its_holder_ends()
    {
        using var owner = new Peer();
        using SharedLock kept = SharedLock.Create("flow-kept");
        owner.Do($"lock {kept.Name}");
        owner.Do($"wait {kept.Name} -1");
        // Collected once, and finalized: whatever tracks what is finalized still knows it.
        foreach (string name in Enumerable.Range(0, 20).Select(i => $"flow-collected-{i}"))
            WaitInVain(owner, name);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Task<WaitResult> wait = OnThread(() => kept.Wait(_bound));
        owner.Kill();
        Assert.Equal(WaitResult.Abandoned, await wait);
        kept.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WaitInVain(Peer owner, string name)
    {
        using SharedLock held = SharedLock.Create(name);
        owner.Do($"lock {name}");
        owner.Do($"wait {name} -1");
        Assert.Equal(WaitResult.TimedOut, held.Wait(TimeSpan.Zero));
    }

    private static Task<WaitResult> OnThread(Func<WaitResult> wait) =>
        Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
