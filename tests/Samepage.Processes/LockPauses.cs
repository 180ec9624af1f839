using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while a mutex or a lock is taken, waited for and released: it is its holder's, stopped or not.</summary>
internal static class LockPauses
{
    // At these the stopped one does not have it, and anybody may.
    private static readonly string[] _free =
    [
        "MutexPending", "MutexReleased", "MutexHandedOver", "MutexWaitersCleared", "MutexWoken",
        "LockPlaceTaken", "LockReleased", "LockHandedOver", "LockWoken",
    ];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("take a mutex", ["MutexPending", "MutexTaken", "MutexLinked", "MutexEntered"], (name, point) => Take(new(name, "mutex"), point)),
        new("release a mutex", ["MutexLeaving", "MutexUnlinked", "MutexReleased"], (name, point) => Release(new(name, "mutex"), point)),
        new("begin to wait for a mutex", ["MutexWaitersMarked"], (name, point) => BeginToWait(new(name, "mutex"), point)),
        new("be woken for a mutex", ["MutexWoken", "MutexTaken", "MutexLinked", "MutexEntered"], (name, point) => BeWoken(new(name, "mutex"), point)),
        new("release a mutex to a waiter", ["MutexLeaving", "MutexUnlinked", "MutexHandedOver", "MutexReleased"], (name, point) => ReleaseToWaiter(new(name, "mutex"), point)),
        new("release a mutex to nobody any more", ["MutexHandedOver", "MutexWaitersCleared"], (name, point) => ReleaseToNobody(new(name, "mutex"), point)),
        new("take a lock", ["LockPlaceTaken", "LockTaken"], (name, point) => Take(new(name, "lock"), point)),
        new("release a lock", ["LockReleased"], (name, point) => Release(new(name, "lock"), point)),
        new("begin to wait for a lock", ["LockMarked"], (name, point) => BeginToWait(new(name, "lock"), point)),
        new("be woken for a lock", ["LockWoken", "LockTaken"], (name, point) => BeWoken(new(name, "lock"), point)),
        new("release a lock to a waiter", ["LockHandedOver"], (name, point) => ReleaseToWaiter(new(name, "lock"), point)),
        new("take a lock from the dead", ["LockHealed"], TakeFromTheDead),
        new("be told of a holder's death", ["LockUnmarked"], BeTold),
    ];

    private static void Take(Locked one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            peer.StopAt(point, $"wait {one.Name} -1");
            one.AssertIsFree(_free.Contains(point));
            Assert.Equal("Signaled", peer.GoOn());
            Assert.Equal(WaitResult.TimedOut, one.Object.Wait(TimeSpan.Zero));
            peer.Do($"release {one.Name}");
            one.AssertIsFree(true);
        }
    }

    private static void Release(Locked one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            peer.Do($"wait {one.Name} -1");
            peer.StopAt(point, $"release {one.Name}");
            one.AssertIsFree(_free.Contains(point));
            peer.GoOn();
            one.AssertIsFree(true);
        }
    }

    private static void BeginToWait(Locked one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            Assert.Equal(WaitResult.Signaled, one.Object.Wait());
            peer.StopAt(point, $"wait {one.Name} -1");
            one.Release();
            one.AssertIsFree(true);
            Assert.Equal("Signaled", peer.GoOn());
            peer.Do($"release {one.Name}");
            one.AssertIsFree(true);
        }
    }

    private static void BeWoken(Locked one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            Assert.Equal(WaitResult.Signaled, one.Object.Wait());
            peer.Do($"stop-at {point}");
            peer.Begin($"wait {one.Name} -1");
            peer.AssertAsleep();
            one.Release();
            peer.AssertStopped();
            one.AssertIsFree(_free.Contains(point));
            Assert.Equal("Signaled", peer.GoOn());
            peer.Do($"release {one.Name}");
            one.AssertIsFree(true);
        }
    }

    private static void ReleaseToWaiter(Locked one, string point)
    {
        using (one)
        using (Peer owner = one.Opened(), waiter = one.Opened())
        {
            owner.Do($"wait {one.Name} -1");
            waiter.Begin($"wait {one.Name} -1");
            waiter.AssertAsleep();
            owner.StopAt(point, $"release {one.Name}");
            if (!_free.Contains(point))
            {
                waiter.AssertSilent();
                owner.GoOn();
                Assert.Equal("Signaled", waiter.Answer());
            }
            else
            {
                Assert.Equal("Signaled", waiter.Answer());
                owner.GoOn();
            }
            waiter.Do($"release {one.Name}");
            one.AssertIsFree(true);
        }
    }

    private static void ReleaseToNobody(Locked one, string point)
    {
        using (one)
        using (Peer owner = one.Opened())
        {
            owner.Do($"wait {one.Name} -1");
            Assert.Equal(WaitResult.TimedOut, one.Object.Wait(TimeSpan.FromMilliseconds(20)));
            owner.StopAt(point, $"release {one.Name}");
            one.AssertIsFree(true);
            owner.GoOn();
            one.AssertIsFree(true);
        }
    }

    /// <summary>It is free, and whoever comes first is told of the death.</summary>
    private static void TakeFromTheDead(string name, string point)
    {
        using var one = new Locked(name, "lock");
        using Peer owner = one.Opened(), next = one.Opened();
        owner.Do($"wait {name} -1");
        owner.Kill();
        next.StopAt(point, $"wait {name} -1");
        Assert.Equal(WaitResult.Abandoned, one.Object.Wait(Bound));
        one.Release();
        Assert.Equal("Signaled", next.GoOn());
        next.Do($"release {name}");
        one.AssertIsFree(true);
    }

    private static void BeTold(string name, string point)
    {
        using var one = new Locked(name, "lock");
        using Peer owner = one.Opened(), next = one.Opened();
        owner.Do($"wait {name} -1");
        next.Do($"stop-at {point}");
        next.Begin($"wait {name} -1");
        next.AssertAsleep();
        owner.Kill();
        next.AssertStopped();
        // Its threads stop one after the other: the one that was woken may have been faster.
        bool took = one.Object.Wait(Moment) is WaitResult.Abandoned;
        if (took)
            one.Release();
        Assert.Equal(took ? "Signaled" : "Abandoned", next.GoOn());
        next.Do($"release {name}");
        one.AssertIsFree(true);
    }

    private sealed class Locked(string name, string kind) : IDisposable
    {
        public SharedWaitable Object { get; } = kind == "mutex" ? SharedMutex.Create(name) : SharedLock.Create(name);

        public string Name => name;

        public Peer Opened() => PauseScenario.Opened((kind, name));

        public void Release()
        {
            if (Object is SharedMutex mutex)
                mutex.Release();
            else
                ((SharedLock)Object).Release();
        }

        public void AssertIsFree(bool free)
        {
            Assert.Equal(free ? WaitResult.Signaled : WaitResult.TimedOut, Object.Wait(free ? Bound : Moment));
            if (free)
                Release();
        }

        public void Dispose() => Object.Dispose();
    }
}
