namespace Samepage.Processes;

/// <summary>Deaths while a flow takes a lock, waits for it and releases it.</summary>
internal static class FlowLockScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("take a lock", ["LockPlaceTaken", "LockTaken"], Take),
        new("release a lock", ["LockReleased"], Release),
        new("begin to wait for a lock", ["LockPlaceTaken", "LockMarked"], BeginToWait),
        new("be woken for a lock", ["LockWoken", "LockTaken"], (name, point) => BeWoken(name, point, $"wait {name} -1")),
        new("be woken for a lock asynchronously", ["LockTaken"], (name, point) => BeWoken(name, point, $"any-async -1 {name}")),
        new("release a lock to a waiter", ["LockHandedOver"], ReleaseToWaiter),
        new("take a lock from the dead", ["LockHealed", "LockTaken"], TakeFromTheDead),
        new("wait for a lock of one who dies", ["LockUnmarked", "LockWoken", "LockHealed", "LockTaken"], WaitForOneWhoDies),
        new("take all with a lock", ["AllWithheld", "AllWithheld:2", "AllDecided", "AllConfirmed", "AllFinished"], TakeAll),
        new("settle a lock for the dead", ["LockMarkedDied", "LockSetFree", "AllSettled"], Settle),
    ];

    private static void Take(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: point == "LockTaken");
    }

    private static void Release(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using Peer peer = Opened(name);
        peer.Do($"wait {name} -1");
        peer.Do($"arm {point}");
        peer.Begin($"release {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: false);
    }

    private static void BeginToWait(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        Assert.Equal(WaitResult.Signaled, one.Wait());
        using Peer peer = Opened(name);
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        one.Release();
        AssertUsable(one, abandoned: false);
    }

    /// <summary>Of two sleepers one is woken and dies; the other must not sleep on.</summary>
    private static void BeWoken(string name, string point, string wait)
    {
        using SharedLock one = SharedLock.Create(name);
        Assert.Equal(WaitResult.Signaled, one.Wait());
        using Peer first = Opened(name);
        first.Do($"arm {point}");
        first.Begin(wait);
        Assert.True(SpinWait.SpinUntil(() => one.Info.State!.WaiterCount == 1, _bound));
        using Peer second = Opened(name);
        second.Begin($"wait {name} -1");
        Assert.True(SpinWait.SpinUntil(() => one.Info.State!.WaiterCount == 2, _bound));
        one.Release();
        // All are woken: either may be the faster one. Who takes it after the death is told, and nobody else.
        string answer = second.Answer();
        if (point != "LockTaken")
            Assert.Equal("Signaled", answer);
        second.Do($"release {name}");
        first.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: point == "LockTaken" && answer == "Signaled");
    }

    private static void ReleaseToWaiter(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using Peer owner = Opened(name);
        using Peer waiter = Opened(name);
        owner.Do($"wait {name} -1");
        waiter.Begin($"wait {name} -1");
        waiter.AssertAsleep();
        owner.Do($"arm {point}");
        owner.Begin($"release {name}");
        owner.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", waiter.Answer());
        waiter.Do($"release {name}");
        AssertUsable(one, abandoned: false);
    }

    private static void TakeFromTheDead(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using Peer owner = Opened(name);
        owner.Do($"wait {name} -1");
        owner.Kill();
        using Peer next = Opened(name);
        next.Do($"arm {point}");
        next.Begin($"wait {name} -1");
        next.AssertDiedAtPoint(point);
        AssertUsable(one, abandoned: true);
    }

    /// <summary>Three wait; the holder dies, and so does one of those who are told.</summary>
    private static void WaitForOneWhoDies(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using Peer owner = Opened(name);
        owner.Do($"wait {name} -1");
        using Peer dying = Opened(name);
        dying.Do($"arm {point}");
        dying.Begin($"wait {name} -1");
        dying.AssertAsleep();
        Task<WaitResult> waiting = one.WaitAsync(_bound).AsTask();
        Assert.True(SpinWait.SpinUntil(() => one.Info.State!.WaiterCount == 2, _bound));
        owner.Kill();
        // Whoever comes first is told, and the other when that one has died, or after it.
        if (point is "LockWoken" or "LockUnmarked")
            dying.AssertDiedAtPoint(point);
        Assert.Equal(WaitResult.Abandoned, waiting.GetAwaiter().GetResult());
        one.Release();
        if (point != "LockHealed")
            dying.AssertDiedAtPoint(point);
        else
            dying.Kill();
        Assert.NotEqual(WaitResult.TimedOut, one.Wait(_bound));
        one.Release();
        AssertUsable(one, abandoned: false);
    }

    private static void TakeAll(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using SharedEvent signal = SharedEvent.Create(name + "-signal", EventResetMode.AutoReset, initiallySet: true);
        using Peer peer = Opened(name);
        peer.Do($"open event {signal.Name}");
        peer.Do($"arm {point}");
        peer.Begin($"all -1 {name} {signal.Name}");
        peer.AssertDiedAtPoint(point);
        bool taken = point is "AllDecided" or "AllConfirmed" or "AllFinished";
        Assert.Equal(taken ? WaitResult.TimedOut : WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        AssertUsable(one, abandoned: taken);
    }

    /// <summary>One dies with the lock and a signal, before anybody can see it; and so does the one who settles it.</summary>
    private static void Settle(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using SharedEvent signal = SharedEvent.Create(name + "-signal", EventResetMode.AutoReset, initiallySet: true);
        using Peer first = Opened(name), second = Opened(name);
        first.Do($"open event {signal.Name}");
        first.Do("arm AllDecided");
        first.Begin($"all -1 {name} {signal.Name}");
        first.AssertDiedAtPoint("AllDecided");
        second.Do($"arm {point}");
        second.Begin($"wait {name} -1");
        second.AssertDiedAtPoint(point);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        AssertUsable(one, abandoned: true);
    }

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"open lock {name}");
        return peer;
    }

    private static void AssertUsable(SharedLock one, bool abandoned)
    {
        Assert.Equal(abandoned ? WaitResult.Abandoned : WaitResult.Signaled, one.Wait(_bound));
        one.Release();
        Assert.Equal(WaitResult.Signaled, one.Wait(_bound));
        one.Release();
        Assert.True(one.Info.State!.IsSignaled);
    }
}
