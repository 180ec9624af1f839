namespace Samepage.Processes;

/// <summary>Deaths of processes whose one thread sleeps for all their asynchronous waits.</summary>
internal static class AsyncScenarios
{
    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("begin to wait asynchronously", ["SeveralMarked", "SeveralMarked:2"], Begin),
        new("be woken while waiting asynchronously", ["EventTaken"], BeWoken),
        new("be woken by a permit while waiting asynchronously", ["SemaphoreTaken"], BeWokenByPermit),
        new("take all for an asynchronous wait", ["AllClaimed:2", "AllWithheld", "AllWithheld:2", "AllDecided", "AllConfirmed", "AllFinished"], TakeAll),
    ];

    private static void Begin(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "-permits", 0, 5);
        using Peer peer = Opened(signal, semaphore);
        peer.Do($"arm {point}");
        peer.Begin($"any-async -1 {name} {semaphore.Name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(signal, semaphore);
    }

    private static void BeWoken(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "-permits", 0, 5);
        using Peer first = Opened(signal, semaphore);
        first.Do($"arm {point}");
        first.Begin($"any-async -1 {semaphore.Name} {name}");
        AssertMarked(signal, semaphore);
        signal.Set();
        first.AssertDiedAtPoint(point);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        AssertUsable(signal, semaphore);
    }

    private static void BeWokenByPermit(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "-permits", 0, 5);
        using Peer first = Opened(signal, semaphore);
        first.Do($"arm {point}");
        first.Begin($"any-async -1 {semaphore.Name} {name}");
        AssertMarked(signal, semaphore);
        using Peer second = Opened(signal, semaphore);
        second.Begin($"any-async -1 {name} {semaphore.Name}");
        Assert.Equal(0, semaphore.Release(2));
        first.AssertDiedAtPoint(point);
        Assert.Equal("Signaled 1", second.Answer());
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
        AssertUsable(signal, semaphore);
    }

    private static void TakeAll(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "-permits", 1, 5);
        using Peer peer = Opened(signal, semaphore);
        peer.Do($"arm {point}");
        peer.Begin($"all-async -1 {name} {semaphore.Name}");
        Assert.True(SpinWait.SpinUntil(() => signal.Info.State!.HasWaiters, TimeSpan.FromSeconds(20)));
        signal.Set();
        peer.AssertDiedAtPoint(point);
        bool taken = point is "AllDecided" or "AllConfirmed" or "AllFinished";
        Assert.Equal(taken ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        Assert.Equal(taken ? WaitResult.TimedOut : WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        AssertUsable(signal, semaphore);
    }

    private static Peer Opened(SharedEvent signal, SharedSemaphore semaphore)
    {
        var peer = new Peer();
        peer.Do($"open event {signal.Name}");
        peer.Do($"open semaphore {semaphore.Name}");
        return peer;
    }

    private static void AssertMarked(SharedEvent signal, SharedSemaphore semaphore) => Assert.True(
        SpinWait.SpinUntil(() => signal.Info.State!.HasWaiters && semaphore.Info.State!.HasWaiters, TimeSpan.FromSeconds(20)));

    private static void AssertUsable(SharedEvent signal, SharedSemaphore semaphore)
    {
        using Peer peer = Opened(signal, semaphore);
        peer.Begin($"any-async -1 {semaphore.Name} {signal.Name}");
        signal.Set();
        Assert.Equal("Signaled 1", peer.Answer());
        peer.Begin($"all-async -1 {semaphore.Name} {signal.Name}");
        signal.Set();
        semaphore.Release();
        Assert.Equal("Signaled -1", peer.Answer());
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }
}
