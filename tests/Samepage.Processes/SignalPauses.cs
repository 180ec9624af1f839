using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while events and semaphores are signalled and waited for: a signal that is taken stays taken, one that is not is anybody's.</summary>
internal static class SignalPauses
{
    public static IEnumerable<PauseScenario> All { get; } =
    [
        .. Of("event", "Event", "EventSet"), .. Of("semaphore", "Semaphore", "SemaphoreReleased"),
        new("set a manual-reset event that one waits for", ["EventBroadcast"], Broadcast),
        new("reset an event", ["EventReset"], Reset),
    ];

    private static PauseScenario[] Of(string kind, string prefix, string given) =>
    [
        new($"signal {kind}", [prefix + "Pending", given], (name, point) => Give(new(name, kind), point, point == given)),
        new($"signal {kind} that one waits for", [prefix + "Pending", given, prefix + "Woke"], (name, point) => GiveToWaiter(new(name, kind), point)),
        new($"take {kind}", [prefix + "Pending", prefix + "Taken"], (name, point) => Take(new(name, kind), point)),
        new($"begin to wait for {kind}", ["SignalWaitersMarked"], (name, point) => BeginToWait(new(name, kind), point)),
        new($"be woken by {kind}", ["SignalWoken", prefix + "Taken"], (name, point) => BeWoken(new(name, kind), point)),
        .. kind == "semaphore" ? [new PauseScenario("hand on a permit", ["SemaphoreHandedOn"], HandOn)] : Array.Empty<PauseScenario>(),
    ];

    private static void Give(Signal one, string point, bool given)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            peer.StopAt(point, one.Giving);
            one.AssertHas(given);
            peer.GoOn();
            one.AssertHas(!given);
            one.AssertHas(false);
        }
    }

    private static void GiveToWaiter(Signal one, string point)
    {
        using (one)
        using (Peer giver = one.Opened(), waiter = one.Opened())
        {
            waiter.Begin(one.Waiting);
            waiter.AssertAsleep();
            giver.StopAt(point, one.Giving);
            // Before it was woken it sleeps on.
            if (!point.EndsWith("Woke", StringComparison.Ordinal))
            {
                waiter.AssertSilent();
                giver.GoOn();
                Assert.Equal("Signaled", waiter.Answer());
            }
            else
            {
                Assert.Equal("Signaled", waiter.Answer());
                giver.GoOn();
            }
            one.AssertHas(false);
        }
    }

    private static void Take(Signal one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            one.Give();
            peer.StopAt(point, one.Waiting);
            bool taken = point.EndsWith("Taken", StringComparison.Ordinal);
            one.AssertHas(!taken);
            if (!taken)
                one.Give();
            Assert.Equal("Signaled", peer.GoOn());
            one.AssertHas(false);
        }
    }

    private static void BeginToWait(Signal one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            peer.StopAt(point, one.Waiting);
            one.Give();
            one.AssertHas(true);
            one.Give();
            Assert.Equal("Signaled", peer.GoOn());
            one.AssertHas(false);
        }
    }

    private static void BeWoken(Signal one, string point)
    {
        using (one)
        using (Peer peer = one.Opened())
        {
            peer.Do($"stop-at {point}");
            peer.Begin(one.Waiting);
            peer.AssertAsleep();
            one.Give();
            peer.AssertStopped();
            bool taken = point.EndsWith("Taken", StringComparison.Ordinal);
            one.AssertHas(!taken);
            if (!taken)
                one.Give();
            Assert.Equal("Signaled", peer.GoOn());
            one.AssertHas(false);
        }
    }

    private static void HandOn(string name, string point)
    {
        using var one = new Signal(name, "semaphore");
        using Peer first = one.Opened(), second = one.Opened();
        first.Do($"stop-at {point}");
        first.Begin(one.Waiting);
        first.AssertAsleep();
        second.Begin(one.Waiting);
        second.AssertAsleep();
        ((SharedSemaphore)one.Object).Release(2);
        first.AssertStopped();
        Assert.Equal("Signaled", second.Answer());
        Assert.Equal("Signaled", first.GoOn());
        one.AssertHas(false);
    }

    private static void Broadcast(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        using Peer setter = Opened(("event", name)), waiter = Opened(("event", name));
        waiter.Begin($"wait {name} -1");
        waiter.AssertAsleep();
        setter.StopAt(point, $"set {name}");
        Assert.Equal("Signaled", waiter.Answer());
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        signal.Reset();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(Moment));
        setter.GoOn();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    private static void Reset(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset, initiallySet: true);
        using Peer peer = Opened(("event", name));
        peer.StopAt(point, $"reset {name}");
        Assert.Equal(WaitResult.TimedOut, signal.Wait(Moment));
        signal.Set();
        peer.GoOn();
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
    }

    /// <summary>An auto-reset event or a semaphore.</summary>
    private sealed class Signal(string name, string kind) : IDisposable
    {
        public SharedWaitable Object { get; } = kind == "event" ? SharedEvent.Create(name, EventResetMode.AutoReset) : SharedSemaphore.Create(name, 0, 10);

        public string Giving => kind == "event" ? $"set {name}" : $"release {name}";

        public string Waiting => $"wait {name} -1";

        public Peer Opened() => PauseScenario.Opened((kind, name));

        public void Give()
        {
            if (Object is SharedEvent signal)
                signal.Set();
            else
                ((SharedSemaphore)Object).Release();
        }

        /// <summary>And takes it.</summary>
        public void AssertHas(bool has) => Assert.Equal(has ? WaitResult.Signaled : WaitResult.TimedOut, Object.Wait(has ? Bound : Moment));

        public void Dispose() => Object.Dispose();
    }
}
