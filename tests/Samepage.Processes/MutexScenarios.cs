namespace Samepage.Processes;

/// <summary>Deaths while a mutex is taken, waited for and released.</summary>
/// <remarks>The peer holds it with a thread; <see cref="FlowLockScenarios"/> has it held by a flow.</remarks>
internal static class MutexScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    // From the moment at which the word names the owner until it no longer does.
    private static readonly string[] _owning = ["MutexTaken", "MutexLinked", "MutexEntered", "MutexLeaving", "MutexUnlinked"];

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("take", ["MutexPending", "MutexTaken", "MutexLinked", "MutexEntered"], Take),
        new("release", ["MutexLeaving", "MutexUnlinked", "MutexReleased"], Release),
        new("begin to wait", ["MutexWaitersMarked"], BeginToWait),
        new("be woken", ["MutexWoken", "MutexTaken", "MutexLinked", "MutexEntered"], BeWoken),
        new("release to a waiter", ["MutexLeaving", "MutexUnlinked", "MutexHandedOver", "MutexReleased"], ReleaseToWaiter),
        new("release to nobody any more", ["MutexHandedOver", "MutexWaitersCleared", "MutexReleased"], ReleaseToNobody),
    ];

    private static void Take(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using var peer = new Peer();
        peer.Do($"open mutex {name}");
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        AssertUsable(mutex, abandoned: _owning.Contains(point));
    }

    private static void Release(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using var peer = new Peer();
        peer.Do($"open mutex {name}");
        peer.Do($"wait {name} -1");
        peer.Do($"arm {point}");
        peer.Begin($"release {name}");
        peer.AssertDiedAtPoint(point);
        AssertUsable(mutex, abandoned: _owning.Contains(point));
    }

    private static void BeginToWait(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using var peer = new Peer();
        peer.Do($"open mutex {name}");
        peer.Do($"arm {point}");
        peer.Begin($"wait {name} -1");
        peer.AssertDiedAtPoint(point);
        mutex.Release();
        AssertUsable(mutex, abandoned: false);
    }

    /// <summary>Of two sleepers the first is woken and dies; the second must not sleep on.</summary>
    private static void BeWoken(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using var first = new Peer();
        using var second = new Peer();
        first.Do($"open mutex {name}");
        second.Do($"open mutex {name}");
        first.Do($"arm {point}");
        first.Begin($"wait {name} -1");
        first.AssertAsleep();
        second.Begin($"wait {name} -1");
        second.AssertAsleep();
        mutex.Release();
        first.AssertDiedAtPoint(point);
        Assert.Equal(_owning.Contains(point) ? "Abandoned" : "Signaled", second.Answer());
        second.Do($"release {name}");
        AssertUsable(mutex, abandoned: false);
    }

    private static void ReleaseToWaiter(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using var owner = new Peer();
        using var waiter = new Peer();
        owner.Do($"open mutex {name}");
        waiter.Do($"open mutex {name}");
        owner.Do($"wait {name} -1");
        waiter.Begin($"wait {name} -1");
        waiter.AssertAsleep();
        owner.Do($"arm {point}");
        owner.Begin($"release {name}");
        owner.AssertDiedAtPoint(point);
        Assert.Equal(_owning.Contains(point) ? "Abandoned" : "Signaled", waiter.Answer());
        waiter.Do($"release {name}");
        AssertUsable(mutex, abandoned: false);
    }

    private static void ReleaseToNobody(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using var owner = new Peer();
        owner.Do($"open mutex {name}");
        owner.Do($"wait {name} -1");
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.FromMilliseconds(20)));
        Assert.True(mutex.Info.State!.HasWaiters);
        owner.Do($"arm {point}");
        owner.Begin($"release {name}");
        owner.AssertDiedAtPoint(point);
        AssertUsable(mutex, abandoned: false);
    }

    private static void AssertUsable(SharedMutex mutex, bool abandoned)
    {
        Assert.Equal(abandoned ? WaitResult.Abandoned : WaitResult.Signaled, mutex.Wait(_bound));
        mutex.Release();
        Assert.Equal(WaitResult.Signaled, mutex.Wait(_bound));
        mutex.Release();
        Assert.True(mutex.Info.State!.IsSignaled);
    }
}
