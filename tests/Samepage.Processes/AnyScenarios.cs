namespace Samepage.Processes;

/// <summary>Deaths around waits for any of several: those who signal what such a waiter sleeps on, and the waiters themselves.</summary>
internal static class AnyScenarios
{
    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("set an event that one waits for among several", ["EventPending", "EventBroadcast"], Set),
        new("release a semaphore that one waits for among several", ["SemaphorePending", "SemaphoreAnnounced", "SemaphoreReleased"], Release),
        new("begin to wait for any", ["SeveralMarked", "MutexWaitersMarked"], Begin),
        new("be woken by an event among several", ["SeveralWoken"], BeWokenByEvent),
        new("take an event among several", ["SeveralWoken", "EventTaken"], TakeEvent),
        new("be woken by a permit among several", ["SeveralWoken", "SemaphoreTaken"], BeWokenByPermit),
        new("be woken by a mutex among several", ["SeveralWoken", "MutexTaken", "MutexLinked", "MutexEntered"], BeWokenByMutex),
        new("be woken by the death of an owner among several", ["SeveralWoken", "MutexTaken"], BeWokenByDeath),
        new("leave a mutex for an event", ["SeveralWoken", "EventTaken", "MutexPassedOn"], LeaveMutex),
        new("die as a sentinel", ["SeveralWoken", "MutexPassedOn"], DieAsSentinel),
    ];

    private static void Set(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.ManualReset);
        using var setter = Opened(("event", name));
        using Peer first = AsleepOnAny(("event", name), ("event", other.Name));
        using Peer second = AsleepOn("event", name);
        setter.Do($"arm {point}");
        setter.Begin($"set {name}");
        setter.AssertDiedAtPoint(point);
        if (point == "EventPending")
            signal.Set();
        (Peer released, Peer waiting) = Peer.FirstToAnswer(first, second);
        Assert.StartsWith("Signaled", released.Answer(), StringComparison.Ordinal);
        waiting.AssertAsleep();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        signal.Set();
        Assert.StartsWith("Signaled", waiting.Answer(), StringComparison.Ordinal);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    /// <summary>Announced is not released: a releaser that dies before it gave the permits gave none.</summary>
    private static void Release(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.ManualReset);
        using var releaser = Opened(("semaphore", name));
        using Peer first = AsleepOnAny(("event", other.Name), ("semaphore", name));
        using Peer second = AsleepOn("semaphore", name);
        releaser.Do($"arm {point}");
        releaser.Begin($"release {name} 2");
        releaser.AssertDiedAtPoint(point);
        if (point != "SemaphoreReleased")
        {
            first.AssertAsleep();
            second.AssertAsleep();
            Assert.Equal(0, semaphore.Release(2));
        }
        Assert.Equal("Signaled 1", first.Answer());
        Assert.Equal("Signaled", second.Answer());
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    private static void Begin(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMutex mutex = SharedMutex.Create(name + "-mutex", initiallyOwned: true);
        using Peer peer = Opened(("event", name), ("mutex", mutex.Name));
        peer.Do($"arm {point}");
        peer.Begin($"any -1 {name} {mutex.Name}");
        peer.AssertDiedAtPoint(point);
        using Peer forEvent = AsleepOn("event", name);
        using Peer forMutex = AsleepOn("mutex", mutex.Name);
        signal.Set();
        Assert.Equal("Signaled", forEvent.Answer());
        mutex.Release();
        Assert.Equal("Signaled", forMutex.Answer());
    }

    private static void BeWokenByEvent(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using Peer first = Opened(("event", name), ("event", other.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {other.Name} {name}");
        first.AssertAsleep();
        using Peer second = AsleepOn("event", name);
        using Peer third = AsleepOnAny(("event", name), ("event", other.Name));
        signal.Set();
        first.AssertDiedAtPoint(point);
        (Peer released, Peer waiting) = Peer.FirstToAnswer(second, third);
        Assert.StartsWith("Signaled", released.Answer(), StringComparison.Ordinal);
        waiting.AssertAsleep();
        signal.Set();
        Assert.StartsWith("Signaled", waiting.Answer(), StringComparison.Ordinal);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    private static void TakeEvent(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using Peer first = Opened(("event", name), ("event", other.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {other.Name} {name}");
        first.AssertAsleep();
        signal.Set();
        first.AssertDiedAtPoint(point);
        Assert.Equal(point == "EventTaken" ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        using Peer second = AsleepOn("event", name);
        signal.Set();
        Assert.Equal("Signaled", second.Answer());
    }

    private static void BeWokenByPermit(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using Peer first = Opened(("semaphore", name), ("event", other.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {name} {other.Name}");
        first.AssertAsleep();
        using Peer second = AsleepOn("semaphore", name);
        Assert.Equal(0, semaphore.Release(2));
        first.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", second.Answer());
        Assert.Equal(point == "SemaphoreTaken" ? WaitResult.TimedOut : WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
    }

    /// <summary>The kernel wakes the sleepers in their order: the first is woken, and dies.</summary>
    private static void BeWokenByMutex(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using Peer first = Opened(("mutex", name), ("event", other.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {other.Name} {name}");
        first.AssertAsleep();
        using Peer second = AsleepOn("mutex", name);
        mutex.Release();
        first.AssertDiedAtPoint(point);
        Assert.Equal(point == "SeveralWoken" ? "Signaled" : "Abandoned", second.Answer());
    }

    /// <summary>An owner is killed, and so is the one whom the kernel woke in its stead.</summary>
    private static void BeWokenByDeath(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent other = SharedEvent.Create(name + "-other", EventResetMode.AutoReset);
        using Peer owner = Opened(("mutex", name));
        owner.Do($"wait {name} -1");
        using Peer first = Opened(("mutex", name), ("event", other.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {other.Name} {name}");
        first.AssertAsleep();
        using Peer second = AsleepOnAny(("mutex", name), ("event", other.Name));
        owner.Kill();
        first.AssertDiedAtPoint(point);
        Assert.Equal("Abandoned 0", second.Answer());
    }

    /// <summary>Woken by the event, it goes away from the mutex; whoever sleeps there must get it when it is released.</summary>
    private static void LeaveMutex(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using SharedEvent signal = SharedEvent.Create(name + "-event", EventResetMode.AutoReset);
        using Peer first = Opened(("mutex", name), ("event", signal.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {name} {signal.Name}");
        first.AssertAsleep();
        using Peer second = AsleepOn("mutex", name);
        signal.Set();
        first.AssertDiedAtPoint(point);
        Assert.Equal(point == "SeveralWoken" ? WaitResult.Signaled : WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        mutex.Release();
        Assert.Equal("Signaled", second.Answer());
    }

    /// <summary>With two mutexes each has a thread that sleeps for the waiter; the one that is woken dies with its process.</summary>
    private static void DieAsSentinel(string name, string point)
    {
        using SharedMutex one = SharedMutex.Create(name, initiallyOwned: true);
        using SharedMutex two = SharedMutex.Create(name + "-two", initiallyOwned: true);
        using Peer first = Opened(("mutex", name), ("mutex", two.Name));
        first.Do($"arm {point}");
        first.Begin($"any -1 {name} {two.Name}");
        Assert.True(SpinWait.SpinUntil(() => one.Info.State!.HasWaiters && two.Info.State!.HasWaiters, TimeSpan.FromSeconds(20)));
        using Peer second = AsleepOn("mutex", name);
        using Peer third = AsleepOn("mutex", two.Name);
        one.Release();
        first.AssertDiedAtPoint(point);
        // The sentinels pass on when the waiter has what it came for.
        Assert.Equal(point == "SeveralWoken" ? "Signaled" : "Abandoned", second.Answer());
        two.Release();
        Assert.Equal("Signaled", third.Answer());
    }

    private static Peer Opened(params (string Kind, string Name)[] objects)
    {
        var peer = new Peer();
        foreach ((string kind, string name) in objects)
            peer.Do($"open {kind} {name}");
        return peer;
    }

    private static Peer AsleepOn(string kind, string name)
    {
        Peer peer = Opened((kind, name));
        peer.Begin($"wait {name} -1");
        peer.AssertAsleep();
        return peer;
    }

    private static Peer AsleepOnAny(params (string Kind, string Name)[] objects)
    {
        Peer peer = Opened(objects);
        peer.Begin("any -1 " + string.Join(' ', objects.Select(o => o.Name)));
        peer.AssertAsleep();
        return peer;
    }
}
