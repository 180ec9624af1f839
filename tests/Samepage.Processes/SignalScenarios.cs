namespace Samepage.Processes;

/// <summary>Deaths while events and semaphores are signalled and waited for. No signal may vanish with the dead.</summary>
internal static class SignalScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("set an auto-reset event", ["EventPending", "EventSet"], (name, point) => SetWithoutWaiters(name, point, EventResetMode.AutoReset)),
        new("set a manual-reset event", ["EventSet"], (name, point) => SetWithoutWaiters(name, point, EventResetMode.ManualReset)),
        new("set an auto-reset event that two wait for", ["EventSet", "EventWoke"], SetAutoForTwo),
        new("set a manual-reset event that two wait for", ["EventBroadcast"], SetManualForTwo),
        new("reset an event", ["EventReset"], Reset),
        new("take an event", ["EventPending", "EventTaken"], TakeEvent),
        new("begin to wait for an event", ["SignalWaitersMarked"], BeginToWaitForEvent),
        new("be woken by an event", ["SignalWoken", "EventTaken"], BeWokenByEvent),
        new("release a semaphore", ["SemaphorePending", "SemaphoreReleased"], ReleaseWithoutWaiters),
        new("release a semaphore that two wait for", ["SemaphoreReleased", "SemaphoreWoke"], ReleaseForTwo),
        new("take a permit", ["SemaphorePending", "SemaphoreTaken"], TakePermit),
        new("begin to wait for a permit", ["SignalWaitersMarked"], BeginToWaitForPermit),
        new("be woken by a semaphore", ["SignalWoken", "SemaphoreTaken", "SemaphoreHandedOn"], BeWokenBySemaphore),
    ];

    private static void SetWithoutWaiters(string name, string point, EventResetMode mode)
    {
        using SharedEvent signal = SharedEvent.Create(name, mode);
        using var peer = Opened("event", name);
        peer.Do($"arm {point}");
        peer.Begin($"set {name}");
        peer.AssertDiedAtPoint(point);
        Assert.Equal(point == "EventPending" ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        AssertUsable(signal);
    }

    /// <summary>A setter that died after it woke one had the kernel wake the other as well: either may take the signal, one does.</summary>
    private static void SetAutoForTwo(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using var setter = Opened("event", name);
        using var first = Asleep("event", name);
        using var second = Asleep("event", name);
        setter.Do($"arm {point}");
        setter.Begin($"set {name}");
        setter.AssertDiedAtPoint(point);
        (Peer released, Peer waiting) = Peer.FirstToAnswer(first, second);
        Assert.Equal("Signaled", released.Answer());
        waiting.AssertAsleep();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        signal.Set();
        Assert.Equal("Signaled", waiting.Answer());
        AssertUsable(signal);
    }

    private static void SetManualForTwo(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        using var setter = Opened("event", name);
        using var first = Asleep("event", name);
        using var second = Asleep("event", name);
        setter.Do($"arm {point}");
        setter.Begin($"set {name}");
        setter.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", first.Answer());
        Assert.Equal("Signaled", second.Answer());
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        AssertUsable(signal);
    }

    private static void Reset(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset, initiallySet: true);
        using var peer = Opened("event", name);
        peer.Do($"arm {point}");
        peer.Begin($"reset {name}");
        peer.AssertDiedAtPoint(point);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        AssertUsable(signal);
    }

    private static void TakeEvent(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset, initiallySet: true);
        using var peer = Opened("event", name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        Assert.Equal(point == "EventTaken" ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        AssertUsable(signal);
    }

    private static void BeginToWaitForEvent(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using var peer = Opened("event", name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertUsable(signal);
    }

    /// <summary>The kernel wakes the sleepers in their order: the first is woken, and dies.</summary>
    private static void BeWokenByEvent(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using var first = Opened("event", name);
        first.Do($"arm {point}");
        first.Begin($"wait {name} -1");
        first.AssertAsleep();
        using var second = Asleep("event", name);
        signal.Set();
        first.AssertDiedAtPoint(point);
        if (point == "EventTaken")
            signal.Set();
        Assert.Equal("Signaled", second.Answer());
        AssertUsable(signal);
    }

    private static void ReleaseWithoutWaiters(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using var peer = Opened("semaphore", name);
        peer.Do($"arm {point}");
        peer.Begin($"release {name} 2");
        peer.AssertDiedAtPoint(point);
        AssertPermits(semaphore, point == "SemaphorePending" ? 0 : 2);
    }

    private static void ReleaseForTwo(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using var releaser = Opened("semaphore", name);
        using var first = Asleep("semaphore", name);
        using var second = Asleep("semaphore", name);
        releaser.Do($"arm {point}");
        releaser.Begin($"release {name} 3");
        releaser.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", first.Answer());
        Assert.Equal("Signaled", second.Answer());
        AssertPermits(semaphore, 1);
    }

    private static void TakePermit(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 2, 10);
        using var peer = Opened("semaphore", name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertPermits(semaphore, point == "SemaphoreTaken" ? 1 : 2);
    }

    private static void BeginToWaitForPermit(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using var peer = Opened("semaphore", name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        semaphore.Release();
        AssertPermits(semaphore, 1);
    }

    private static void BeWokenBySemaphore(string name, string point)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using var first = Opened("semaphore", name);
        first.Do($"arm {point}");
        first.Begin($"wait {name} -1");
        first.AssertAsleep();
        using var second = Asleep("semaphore", name);
        semaphore.Release(2);
        first.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", second.Answer());
        AssertPermits(semaphore, point == "SignalWoken" ? 1 : 0);
    }

    private static Peer Opened(string kind, string name)
    {
        var peer = new Peer();
        peer.Do($"open {kind} {name}");
        return peer;
    }

    private static Peer Asleep(string kind, string name)
    {
        Peer peer = Opened(kind, name);
        peer.Begin($"wait {name} -1");
        peer.AssertAsleep();
        return peer;
    }

    /// <summary>A waiter that comes now gets the next signal, and exactly one.</summary>
    private static void AssertUsable(SharedEvent signal)
    {
        signal.Reset();
        using Peer waiter = Asleep("event", signal.Name);
        signal.Set();
        Assert.Equal("Signaled", waiter.Answer());
        Assert.Equal(signal.Mode == EventResetMode.AutoReset ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
    }

    private static void AssertPermits(SharedSemaphore semaphore, int permits)
    {
        for (int i = 0; i < permits; i++)
            Assert.Equal(WaitResult.Signaled, semaphore.Wait(_bound));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
        using Peer waiter = Asleep("semaphore", semaphore.Name);
        Assert.Equal(0, semaphore.Release());
        Assert.Equal("Signaled", waiter.Answer());
    }
}
