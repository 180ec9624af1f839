using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses around waits for any or all of several.</summary>
internal static class SeveralPauses
{
    // From here on one object, or both, are withheld; the event is the first to be, and the last that is confirmed.
    private static readonly string[] _withholding = ["AllWithheld", "AllWithheld:2", "AllDecided", "AllConfirmed"];

    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("begin to wait for any", ["SeveralMarked", "SeveralMarked:2"], BeginAny),
        new("be woken among several", ["SeveralWoken", "EventTaken"], BeWoken),
        new("set an event that one waits for among several", ["EventBroadcast"], (name, point) => Signal(name, point, $"set {name}", "1", isWoken: true)),
        new("release a semaphore that one waits for among several", ["SemaphoreAnnounced", "SemaphoreReleased"],
            (name, point) => Signal(name, point, $"release {name}-permits", "0", isWoken: point == "SemaphoreReleased")),
        new("take all", ["AllClaimed", "AllClaimed:2", "AllRecorded", .. _withholding, "AllFinished"], TakeAll),
        new("give back what was not all", ["AllGivenBack"], GiveBack),
        new("settle for the dead", ["AllSettled"], Settle),
        new("settle a mutex for the dead", ["MutexSetFree", "MutexPassedOn"], SettleMutex),
        new("settle a lock for the dead", ["LockMarkedDied", "LockSetFree"], SettleLock),
    ];

    private static void BeginAny(string name, string point)
    {
        using var two = new Two(name, permits: 0);
        using Peer peer = two.Opened();
        peer.StopAt(point, $"any -1 {two.Names}");
        two.Signal.Set();
        Assert.Equal("Signaled 1", peer.GoOn());
        two.AssertEmpty();
    }

    private static void BeWoken(string name, string point)
    {
        using var two = new Two(name, permits: 0);
        using Peer peer = two.Opened();
        peer.Do($"stop-at {point}");
        peer.Begin($"any -1 {two.Names}");
        peer.AssertAsleep();
        two.Signal.Set();
        peer.AssertStopped();
        Assert.Equal(point == "EventTaken" ? WaitResult.TimedOut : WaitResult.Signaled, two.Signal.Wait(Moment));
        if (point != "EventTaken")
            two.Permits.Release();
        Assert.Equal(point == "EventTaken" ? "Signaled 1" : "Signaled 0", peer.GoOn());
        two.AssertEmpty();
    }

    private static void Signal(string name, string point, string command, string index, bool isWoken)
    {
        using var two = new Two(name, permits: 0);
        using Peer giver = two.Opened(), waiter = two.Opened();
        waiter.Begin($"any -1 {two.Names}");
        waiter.AssertAsleep();
        giver.StopAt(point, command);
        if (isWoken)
        {
            Assert.Equal("Signaled " + index, waiter.Answer());
            giver.GoOn();
        }
        else
        {
            waiter.AssertSilent();
            giver.GoOn();
            Assert.Equal("Signaled " + index, waiter.Answer());
        }
        two.AssertEmpty();
    }

    /// <summary>What is not withheld yet is anybody's; who meets what is waits until it is decided.</summary>
    private static void TakeAll(string name, string point)
    {
        using var two = new Two(name, permits: 1);
        two.Signal.Set();
        using Peer peer = two.Opened();
        peer.StopAt(point, $"all -1 {two.Names}");
        if (_withholding.Contains(point))
        {
            Task<WaitResult> waiting = Task.Run(() => two.Signal.Wait(TimeSpan.Zero));
            AssertWaits(waiting);
            Assert.Equal("Signaled -1", peer.GoOn());
            Assert.Equal(WaitResult.TimedOut, Within(waiting));
        }
        else
        {
            bool taken = point == "AllFinished";
            Assert.Equal(taken ? WaitResult.TimedOut : WaitResult.Signaled, two.Signal.Wait(Moment));
            if (!taken)
                two.Signal.Set();
            Assert.Equal("Signaled -1", peer.GoOn());
        }
        two.AssertEmpty();
    }

    /// <summary>While it is stopped with all claimed the permit goes; then it is stopped again, with what it has given back.</summary>
    private static void GiveBack(string name, string point)
    {
        using var two = new Two(name, permits: 1);
        using SharedEvent last = SharedEvent.Create(name + "-last", EventResetMode.ManualReset, initiallySet: true);
        two.Signal.Set();
        using Peer peer = two.Opened();
        peer.Do($"open event {last.Name}");
        peer.StopAt($"AllClaimed:3,{point}", $"all -1 {two.Names} {last.Name}");
        Assert.Equal(WaitResult.Signaled, two.Permits.Wait(TimeSpan.Zero));
        peer.Continue();
        peer.AssertStopped();
        Assert.Equal(WaitResult.Signaled, two.Signal.Wait(Moment));
        two.Signal.Set();
        two.Permits.Release();
        Assert.Equal("Signaled -1", peer.GoOn());
        two.AssertEmpty();
    }

    private static void Settle(string name, string point)
    {
        using var two = new Two(name, permits: 1);
        two.Signal.Set();
        using Peer dead = two.Opened(), peer = two.Opened();
        Decide(dead, two.Names);
        peer.StopAt(point, $"wait {two.Signal.Name} 0");
        Assert.Equal(WaitResult.TimedOut, two.Signal.Wait(Moment));
        Assert.Equal(WaitResult.TimedOut, two.Permits.Wait(Moment));
        Assert.Equal("TimedOut", peer.GoOn());
        two.AssertEmpty();
    }

    /// <summary>It is free for anybody, and whoever comes first is told of the death.</summary>
    private static void SettleMutex(string name, string point)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent signal = SharedEvent.Create(name + "-signal", EventResetMode.AutoReset, initiallySet: true);
        using Peer dead = PauseScenario.Opened(("mutex", name), ("event", signal.Name)), peer = PauseScenario.Opened(("mutex", name));
        Decide(dead, $"{name} {signal.Name}");
        peer.StopAt(point, $"wait {name} -1");
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Bound));
        mutex.Release();
        Assert.Equal("Signaled", peer.GoOn());
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(Moment));
        peer.Do($"release {name}");
        Assert.Equal(WaitResult.Signaled, mutex.Wait(Bound));
        mutex.Release();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    /// <summary>Who meets it waits until it is settled; then one of the two has it, and is told of the death.</summary>
    private static void SettleLock(string name, string point)
    {
        using SharedLock one = SharedLock.Create(name);
        using SharedEvent signal = SharedEvent.Create(name + "-signal", EventResetMode.AutoReset, initiallySet: true);
        using Peer dead = PauseScenario.Opened(("lock", name), ("event", signal.Name)), peer = PauseScenario.Opened(("lock", name));
        Decide(dead, $"{name} {signal.Name}");
        peer.StopAt(point, $"wait {name} -1");
        Task<WaitResult> waiting = Task.Run(() => one.Wait(TimeSpan.Zero));
        AssertWaits(waiting);
        peer.Continue();
        bool mine = Within(waiting) == WaitResult.Abandoned;
        if (mine)
            one.Release();
        Assert.Equal(mine ? "Signaled" : "Abandoned", peer.Answer());
        peer.Do($"release {name}");
        Assert.Equal(WaitResult.Signaled, one.Wait(Bound));
        one.Release();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    /// <summary>Dies as soon as all are taken, and before anybody can see it.</summary>
    private static void Decide(Peer dead, string names)
    {
        dead.Do("arm AllDecided");
        dead.Begin($"all -1 {names}");
        dead.AssertDiedAtPoint("AllDecided");
    }

    /// <summary>An event, claimed first, and a semaphore.</summary>
    private sealed class Two(string name, int permits) : IDisposable
    {
        public SharedEvent Signal { get; } = SharedEvent.Create(name, EventResetMode.AutoReset);

        public SharedSemaphore Permits { get; } = SharedSemaphore.Create(name + "-permits", permits, 5);

        public string Names => $"{Permits.Name} {Signal.Name}";

        public Peer Opened() => PauseScenario.Opened(("event", Signal.Name), ("semaphore", Permits.Name));

        public void AssertEmpty()
        {
            Assert.Equal(WaitResult.TimedOut, Signal.Wait(TimeSpan.Zero));
            Assert.Equal(WaitResult.TimedOut, Permits.Wait(TimeSpan.Zero));
            using Peer next = Opened();
            next.Begin($"all -1 {Names}");
            Signal.Set();
            Permits.Release();
            Assert.Equal("Signaled -1", next.Answer());
        }

        public void Dispose()
        {
            Signal.Dispose();
            Permits.Dispose();
        }
    }
}
