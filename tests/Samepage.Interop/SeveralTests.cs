namespace Samepage.Interop;

/// <summary>Waiting for several objects beside a Win32 program that does the same.</summary>
public sealed class SeveralTests
{
    [Fact]
    public void A_Win32_program_waits_for_any_and_all_of_ours_and_we_for_any_and_all_of_what_it_signals()
    {
        string name = Win32.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 0, 5);
        using SharedMutex mutex = SharedMutex.Create(name + "m", initiallyOwned: true);
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using var cancellation = new CancellationTokenSource();
        SharedWaitable[] all = [semaphore, mutex, signal];
        using ForeignProgram c = ForeignProgram.Start("several");
        c.Do($"semaphore {name + "s"}");
        c.Do($"mutex {name + "m"}");
        c.Do($"event {name + "e"}");

        // It waits; this side signals.
        Assert.Equal(Win32.TimedOut, c.Do($"any {0}"));
        c.Begin($"any {-1}");
        signal.Set();
        Assert.Equal("2", c.End());
        c.Begin($"any {-1}");
        mutex.Release();
        Assert.Equal("1", c.End());
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any(all, TimeSpan.Zero));
        c.Begin($"all {-1}");
        semaphore.Release();
        signal.Set();
        Assert.Equal(Win32.Signaled, c.End());
        Assert.Equal((0, false), (semaphore.Info.State!.Count, signal.Info.State!.IsSignaled));

        // This side waits; it signals. It owns the mutex twice.
        foreach ((int index, string verb) in new[] { (0, "post"), (2, "set") })
        {
            Task<SharedWaitResult> any = Begin(() => SharedWait.Any(all, ForeignProgram.Patience));
            c.Do($"{verb} {index}");
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, index), any.Result);
        }
        Task<SharedWaitResult> both = Begin(() =>
        {
            SharedWaitResult result = SharedWait.All(all, ForeignProgram.Patience, cancellation.Token);
            mutex.Release();
            return result;
        });
        c.Do($"release {1}");
        c.Do($"post {0}");
        c.Do($"set {2}");
        Assert.False(((IAsyncResult)both).AsyncWaitHandle.WaitOne(50));
        Assert.Equal((1, true), (semaphore.Info.State!.Count, signal.Info.State!.IsSignaled));
        c.Do($"release {1}");
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), both.Result);
        Assert.Equal((0, false), (semaphore.Info.State!.Count, signal.Info.State!.IsSignaled));

        // It dies with the mutex.
        c.Do($"post {0}");
        c.Do($"set {2}");
        Assert.Equal(Win32.Signaled, c.Do($"all {0}"));
        c.Kill();
        signal.Set();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 0), SharedWait.All([mutex, signal], ForeignProgram.Patience));
        mutex.Release();
    }

    private static Task<SharedWaitResult> Begin(Func<SharedWaitResult> wait) =>
        Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
