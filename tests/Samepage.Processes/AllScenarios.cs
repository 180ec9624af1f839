namespace Samepage.Processes;

/// <summary>Deaths while all of several are taken: afterwards all were, or none.</summary>
internal static class AllScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    // Objects are taken in the order of their files: the death at the nth is at one of each kind in turn.
    private static readonly string[] _undecided =
    [
        "MutexPending", "MutexTaken", "MutexLinked",
        .. Each("AllClaimed"), .. Each("AllRecorded"), .. Each("AllWithheld"), "MutexPending:5", "MutexTaken:5", "MutexLinked:5",
    ];

    private static readonly string[] _decided = ["AllDecided", .. Each("AllConfirmed"), "AllFinished", "MutexReleased", "MutexReleased:2", "MutexReleased:4"];

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("take all", [.. _undecided, .. _decided], Take),
        new("take all while others wait", [.. Each("AllWithheld"), "AllDecided", .. Each("AllConfirmed")], TakeWhileOthersWait),
        new("give back what was not all", [.. Each("AllGivenBack", 5), "MutexReleased"], GiveBack),
        new("take an abandoned mutex among all", [.. Each("AllWithheld"), "AllDecided"], TakeAbandoned),
        new("give back a mutex", ["MutexSetFree", "MutexPassedOn"], GiveBackMutex),
        new("settle for the dead", ["AllSettled"], (name, point) => Settle(name, point, mutexOnly: false)),
        new("settle a mutex for the dead", ["MutexSetFree", "MutexPassedOn"], (name, point) => Settle(name, point, mutexOnly: true)),
        new("be woken while waiting for all", ["SeveralMarked", "SeveralWoken"], BeWoken),
        new("leave a mutex while waiting for all", ["SeveralWoken", "MutexPassedOn"], LeaveMutex),
    ];

    private static string[] Each(string point, int count = 4) => [point, .. Enumerable.Range(2, count - 1).Select(n => $"{point}:{n}")];

    private static void Take(string name, string point)
    {
        using var four = new Four(name);
        using Peer peer = four.Opened();
        peer.Do($"arm {point}");
        peer.Begin($"all -1 {four.Names}");
        peer.AssertDiedAtPoint(point);
        // What it decided outlives it, as long as somebody needs to know.
        SharedObjects.RemoveOrphans();
        four.AssertTaken(_decided.Contains(point));
    }

    /// <summary>Who sleeps on one of the objects gets what the dead did not take.</summary>
    private static void TakeWhileOthersWait(string name, string point)
    {
        using var four = new Four(name);
        four.Auto.Reset();
        using Peer dying = four.Opened();
        dying.Do($"arm {point}");
        dying.Begin($"all -1 {four.Names}");
        dying.AssertAsleep();
        using Peer waiter = four.Opened();
        waiter.Begin($"any -1 {four.Never.Name} {four.Auto.Name}");
        waiter.AssertAsleep();
        four.Auto.Set();
        // Either the waiter was faster, and the other sleeps on; or it died, and the signal is taken or the waiter's.
        bool died = dying.DiedOrSleeps();
        if (!died)
        {
            Assert.Equal("Signaled 1", waiter.Answer());
            four.Auto.Set();
            dying.AssertDiedAtPoint(point);
            four.AssertTaken(_decided.Contains(point));
            return;
        }
        if (_decided.Contains(point))
        {
            waiter.AssertAsleep();
            four.Auto.Set();
            Assert.Equal("Signaled 1", waiter.Answer());
            four.AssertTaken(true);
            return;
        }
        Assert.Equal("Signaled 1", waiter.Answer());
        four.Auto.Set();
        four.AssertTaken(false);
    }

    /// <summary>While it is stopped with all claimed and nothing withheld yet, somebody takes the last permit.</summary>
    private static void GiveBack(string name, string point)
    {
        using var four = new Four(name, permits: 1);
        using Peer peer = four.Opened();
        peer.Do($"arm {point}");
        peer.Do("stop-at AllClaimed:4");
        peer.Begin($"all -1 {four.Names}");
        peer.AssertStopped();
        Assert.Equal(WaitResult.Signaled, four.Semaphore.Wait(TimeSpan.Zero));
        peer.Continue();
        // How many had been withheld before the semaphore's turn depends on the files.
        if (!peer.DiedOrSleeps())
            peer.Kill();
        Assert.Equal(0, four.Semaphore.Release());
        four.AssertTaken(false);
    }

    /// <summary>As before, where the mutex comes before what is taken meanwhile. Who sleeps for the mutex gets it.</summary>
    private static void GiveBackMutex(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "-semaphore", 1, 1);
        using SharedEvent last = SharedEvent.Create(name + "-event", EventResetMode.ManualReset, initiallySet: true);
        using var peer = new Peer();
        peer.Do($"open mutex {name}");
        peer.Do($"open semaphore {semaphore.Name}");
        peer.Do($"open event {last.Name}");
        peer.Do($"arm {point}");
        peer.Do("stop-at AllClaimed:3");
        peer.Begin($"all -1 {name} {semaphore.Name} {last.Name}");
        peer.AssertStopped();
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        peer.Continue();
        peer.AssertDiedAtPoint(point);
        Assert.Equal(WaitResult.Signaled, mutex.Wait(_bound));
        mutex.Release();
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    private static void TakeAbandoned(string name, string point)
    {
        using var four = new Four(name);
        using (Peer owner = four.Opened())
        {
            owner.Do($"wait {four.Mutex.Name} -1");
            owner.Kill();
        }
        using Peer peer = four.Opened();
        peer.Do($"arm {point}");
        peer.Begin($"all -1 {four.Names}");
        peer.AssertDiedAtPoint(point);
        four.AssertTaken(_decided.Contains(point), wasAbandoned: true);
    }

    /// <summary>One dies with an object withheld, and the one who settles it dies as well.</summary>
    private static void Settle(string name, string point, bool mutexOnly)
    {
        foreach ((string death, bool taken) in new[] { ("AllWithheld:4", false), ("AllDecided", true) })
        {
            using var four = new Four($"{name}-{death}");
            using Peer first = four.Opened();
            first.Do($"arm {death}");
            first.Begin($"all -1 {four.Names}");
            first.AssertDiedAtPoint(death);
            foreach (SharedWaitable one in mutexOnly ? [four.Mutex] : four.All)
            {
                using Peer second = four.Opened();
                second.Do($"arm {point}");
                second.Begin($"wait {one.Name} 0");
                second.AssertDiedAtPoint(point);
            }
            four.AssertTaken(taken);
        }
    }

    private static void BeWoken(string name, string point)
    {
        using var four = new Four(name);
        four.Auto.Reset();
        using Peer first = four.Opened();
        first.Do($"arm {point}");
        first.Begin($"all -1 {four.Names}");
        if (point == "SeveralMarked")
            first.AssertDiedAtPoint(point);
        else
            first.AssertAsleep();
        using Peer second = four.Opened();
        second.Begin($"wait {four.Auto.Name} -1");
        second.AssertAsleep();
        four.Auto.Set();
        first.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", second.Answer());
        four.Auto.Set();
        four.AssertTaken(false);
    }

    /// <summary>It is woken for the mutex, and something else is missing: the next one gets the mutex, though the first dies.</summary>
    private static void LeaveMutex(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using SharedEvent signal = SharedEvent.Create(name + "-event", EventResetMode.AutoReset);
        using var first = new Peer();
        first.Do($"open mutex {name}");
        first.Do($"open event {signal.Name}");
        first.Do($"arm {point}");
        first.Begin($"all -1 {name} {signal.Name}");
        first.AssertAsleep();
        using var second = new Peer();
        second.Do($"open mutex {name}");
        second.Begin($"wait {name} -1");
        second.AssertAsleep();
        mutex.Release();
        first.AssertDiedAtPoint(point);
        Assert.Equal("Signaled", second.Answer());
    }

    /// <summary>One of each kind, all signalled.</summary>
    private sealed class Four(string name, int permits = 2) : IDisposable
    {
        public SharedEvent Auto { get; } = SharedEvent.Create(name + "-auto", EventResetMode.AutoReset, initiallySet: true);
        public SharedEvent Manual { get; } = SharedEvent.Create(name + "-manual", EventResetMode.ManualReset, initiallySet: true);
        public SharedSemaphore Semaphore { get; } = SharedSemaphore.Create(name + "-semaphore", permits, permits);
        public SharedMutex Mutex { get; } = SharedMutex.Create(name + "-mutex");
        public SharedEvent Never { get; } = SharedEvent.Create(name + "-never", EventResetMode.AutoReset);

        public SharedWaitable[] All => [Auto, Manual, Semaphore, Mutex];

        public string Names => string.Join(' ', All.Select(o => o.Name));

        public Peer Opened()
        {
            var peer = new Peer();
            peer.Do($"open event {Auto.Name}");
            peer.Do($"open event {Manual.Name}");
            peer.Do($"open semaphore {Semaphore.Name}");
            peer.Do($"open mutex {Mutex.Name}");
            peer.Do($"open event {Never.Name}");
            return peer;
        }

        /// <summary>All is as one that took all and died leaves it, or as if it had never come.</summary>
        public void AssertTaken(bool taken, bool wasAbandoned = false)
        {
            Assert.Equal(taken ? WaitResult.TimedOut : WaitResult.Signaled, Auto.Wait(TimeSpan.Zero));
            Assert.Equal(taken || wasAbandoned ? WaitResult.Abandoned : WaitResult.Signaled, Mutex.Wait(_bound));
            Mutex.Release();
            for (int i = taken ? 1 : 0; i < permits; i++)
                Assert.Equal(WaitResult.Signaled, Semaphore.Wait(TimeSpan.Zero));
            Assert.Equal(WaitResult.TimedOut, Semaphore.Wait(TimeSpan.Zero));
            Assert.Equal(WaitResult.Signaled, Manual.Wait(TimeSpan.Zero));
            Manual.Reset();
            Assert.Equal(WaitResult.TimedOut, Manual.Wait(TimeSpan.Zero));
            // Usable, by another one that wants all of them.
            Manual.Set();
            Auto.Set();
            Semaphore.Release(permits);
            using Peer next = Opened();
            Assert.Equal("Signaled -1", next.Do($"all -1 {Names}"));
            next.Do($"release {Mutex.Name}");
        }

        public void Dispose()
        {
            Never.Dispose();
            foreach (SharedWaitable one in All)
                one.Dispose();
        }
    }
}
