using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Events, W32, and semaphores, W33.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(EventResetMode.ManualReset, false)]
    [InlineData(EventResetMode.ManualReset, true)]
    [InlineData(EventResetMode.AutoReset, false)]
    [InlineData(EventResetMode.AutoReset, true)]
    public void W32_An_event_begins_as_it_was_asked_for(EventResetMode mode, bool set)
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, mode, set);
        using SharedEvent opened = SharedEvent.Open(name);
        Assert.Equal((mode, mode), (signal.Mode, opened.Mode));
        Assert.Equal(set ? WaitResult.Signaled : WaitResult.TimedOut, opened.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W32_A_manual_reset_event_stays_set_until_it_is_reset()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", name);
        signal.Set();
        signal.Set();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("Signaled", peer.Do("wait", "e", 0));
            Assert.Equal(WaitResult.Signaled, signal.Wait());
        }
        peer.Do("reset-event", "e");
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        signal.Reset();
        Assert.Equal("TimedOut", peer.Do("wait", "e", 20));
    }

    [Fact]
    public void W32_A_manual_reset_event_releases_every_waiter()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        Peer[] peers = [.. Enumerable.Range(0, 3).Select(_ => Peer.Start())];
        foreach (Peer peer in peers)
        {
            peer.Do("open-event", "e", name);
            peer.Begin("wait", "e", -1);
        }
        Task<WaitResult>[] threads = [.. Enumerable.Range(0, 4).Select(_ => Expect.Begin(() => signal.Wait()))];
        signal.Set();
        foreach (Peer peer in peers)
        {
            Assert.Equal("Signaled", peer.End());
            peer.Dispose();
        }
        foreach (Task<WaitResult> thread in threads)
            Assert.Equal(WaitResult.Signaled, Expect.Result(thread));
    }

    [Fact]
    public void W32_Setting_a_set_auto_reset_event_changes_nothing()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        signal.Set();
        signal.Set();
        signal.Set();
        Assert.Equal(WaitResult.Signaled, signal.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
        signal.Set();
        signal.Reset();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W32_An_auto_reset_event_releases_exactly_one_waiter_per_set()
    {
        string name = Expect.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore report = SharedSemaphore.Create(name + "r", 0, 100);
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", name);
        peer.Do("open-semaphore", "r", name + "r");
        const int Waiters = 6;
        peer.Begin("wait-many", "e", Waiters, "r");
        for (int i = 0; i < Waiters; i++)
        {
            signal.Set();
            Assert.Equal(WaitResult.Signaled, report.Wait(Peer.Patience));
            // One set, one report: what this set began has ended, and nothing else was begun.
            Assert.Equal(WaitResult.TimedOut, report.Wait(TimeSpan.FromMilliseconds(20)));
        }
        peer.End();
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W32_Sets_and_waits_of_two_processes_alternate_without_loss()
    {
        string name = Expect.NewName();
        using SharedEvent ping = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore pong = SharedSemaphore.Create(name + "p", 0, 1);
        using Peer peer = Peer.Start();
        peer.Do("open-event", "e", name);
        peer.Do("open-semaphore", "p", name + "p");
        for (int i = 0; i < 200; i++)
        {
            peer.Begin("wait", "e", -1);
            ping.Set();
            Assert.Equal("Signaled", peer.End());
            peer.Do("release-semaphore", "p", 1);
            Assert.Equal(WaitResult.Signaled, pong.Wait(Peer.Patience));
        }
    }

    [Fact]
    public void W32_The_existing_events_mode_and_state_win()
    {
        string name = Expect.NewName();
        using SharedEvent manual = SharedEvent.Create(name, EventResetMode.ManualReset);
        using SharedEvent same = SharedEvent.CreateOrOpen(name, EventResetMode.AutoReset, out bool created, initiallySet: true);
        Assert.False(created);
        Assert.Equal(EventResetMode.ManualReset, same.Mode);
        Assert.Equal(WaitResult.TimedOut, same.Wait(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedEvent.Create(name + "x", (EventResetMode)9));
    }

    [Fact]
    public void W33_A_semaphore_has_its_initial_count_and_each_wait_takes_one()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 3, 5);
        using Peer peer = Peer.Start();
        peer.Do("open-semaphore", "s", name);
        Assert.Equal("Signaled", peer.Do("wait", "s", 0));
        Assert.Equal(WaitResult.Signaled, semaphore.Wait());
        Assert.Equal("Signaled", peer.Do("wait", "s", 0));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal("TimedOut", peer.Do("wait", "s", 20));
    }

    [Fact]
    public void W33_Release_says_how_many_there_were_before()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using Peer peer = Peer.Start();
        peer.Do("open-semaphore", "s", name);
        Assert.Equal(0, semaphore.Release());
        Assert.Equal("1", peer.Do("release-semaphore", "s", 4));
        Assert.Equal(5, semaphore.Release(5));
        Assert.Equal(10, SharedObjects.Find(name)!.State!.Count);
    }

    [Fact]
    public void W33_Above_the_maximum_fails_with_298_and_changes_nothing()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 3, 5);
        SharedObjectException refused = Expect.Refusal(FailureReason.LimitReached, 298, () => semaphore.Release(3));
        Assert.Equal(semaphore.Name, refused.ObjectName);
        Expect.Refusal(FailureReason.LimitReached, 298, () => semaphore.Release(int.MaxValue));
        Assert.Equal(3, semaphore.Release(2));
        Expect.Refusal(FailureReason.LimitReached, 298, () => semaphore.Release());
        for (int i = 0; i < 5; i++)
            Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W33_The_largest_count_works()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), int.MaxValue - 1, int.MaxValue);
        Assert.Equal(int.MaxValue - 1, semaphore.Release());
        Expect.Refusal(FailureReason.LimitReached, 298, () => semaphore.Release());
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(int.MaxValue, semaphore.MaximumCount);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, -1)]
    public void W33_Counts_that_cannot_be_are_refused(int initial, int maximum) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedSemaphore.Create(Expect.NewName(), initial, maximum));

    [Fact]
    public void W33_Releasing_none_or_less_is_refused()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 0, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(-1));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W33_Releasing_n_lets_n_waiters_go()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 10);
        using SharedSemaphore report = SharedSemaphore.Create(name + "r", 0, 100);
        using Peer peer = Peer.Start();
        peer.Do("open-semaphore", "s", name);
        peer.Do("open-semaphore", "r", name + "r");
        peer.Begin("wait-many", "s", 7, "r");
        Task<WaitResult> here = Expect.Begin(() =>
        {
            WaitResult result = semaphore.Wait();
            report.Release();
            return result;
        });
        semaphore.Release(5);
        for (int i = 0; i < 5; i++)
            Assert.Equal(WaitResult.Signaled, report.Wait(Peer.Patience));
        Assert.Equal(WaitResult.TimedOut, report.Wait(TimeSpan.FromMilliseconds(50)));
        semaphore.Release(3);
        peer.End();
        Assert.Equal(WaitResult.Signaled, Expect.Result(here));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W33_The_existing_semaphores_counts_win()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 1, 2);
        using SharedSemaphore same = SharedSemaphore.CreateOrOpen(name, 50, 100, out bool created);
        Assert.False(created);
        Assert.Equal(2, same.MaximumCount);
        Assert.Equal(1, same.Release());
    }
}
