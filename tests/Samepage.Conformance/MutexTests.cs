using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>The mutex, W30, and what becomes of it when its owner ends, W31.</summary>
public sealed class MutexTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void W30_A_mutex_keeps_every_other_thread_and_process_out()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        Assert.Equal(WaitResult.Signaled, mutex.Wait());
        Assert.Equal("TimedOut", peer.Do("wait", "m", 0));
        Assert.Equal("TimedOut", peer.Do("wait", "m", 50));
        Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(_shortly)));
        mutex.Release();
        Assert.Equal("Signaled", peer.Do("wait", "m", 0));
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        peer.Do("release-mutex", "m");
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        mutex.Release();
    }

    [Fact]
    public void W30_The_owning_thread_takes_it_again_and_releases_as_often()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedMutex same = SharedMutex.Open(name);
        for (int i = 0; i < 10; i++)
            Assert.Equal(WaitResult.Signaled, (i % 2 == 0 ? mutex : same).Wait(TimeSpan.Zero));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)));
            (i % 3 == 0 ? mutex : same).Release();
        }
        Expect.OnAnotherThread(() =>
        {
            Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
            mutex.Release();
        });
    }

    [Fact]
    public void W30_Only_the_owner_releases_it()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        var never = Assert.Throws<InvalidOperationException>(mutex.Release);
        Assert.Equal(unchecked((int)0x80070000) | 288, never.HResult);
        Assert.Contains(mutex.Name, never.Message, StringComparison.Ordinal);
        mutex.Wait();
        Expect.OnAnotherThread(() => Assert.Throws<InvalidOperationException>(mutex.Release));
        // The refusal changed nothing: it is still owned here, once.
        Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)));
        mutex.Release();
        Assert.Throws<InvalidOperationException>(mutex.Release);
    }

    [Fact]
    public void W30_Another_process_cannot_release_it()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        Assert.StartsWith(nameof(InvalidOperationException),
            Assert.Throws<PeerRefusedException>(() => peer.Do("release-mutex", "m")).Message, StringComparison.Ordinal);
        Assert.Equal("TimedOut", peer.Do("wait", "m", 0));
        mutex.Release();
    }

    [Fact]
    public void W30_Initially_owned_it_is_its_creators()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name, initiallyOwned: true);
        Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)));
        mutex.Release();
        Assert.Throws<InvalidOperationException>(mutex.Release);
        using SharedMutex free = SharedMutex.Create(name + "free");
        Assert.Throws<InvalidOperationException>(free.Release);
    }

    [Fact]
    public void W30_Initially_owned_means_nothing_when_the_mutex_exists()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedMutex same = SharedMutex.CreateOrOpen(name, out bool created, initiallyOwned: true);
        Assert.False(created);
        Assert.Throws<InvalidOperationException>(same.Release);
        using SharedMutex fresh = SharedMutex.CreateOrOpen(name + "x", out created, initiallyOwned: true);
        Assert.True(created);
        fresh.Release();
    }

    [Fact]
    public void W30_A_wait_ends_when_its_time_has_run_out()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName(), initiallyOwned: true);
        (WaitResult result, TimeSpan lasted) = Expect.OnAnotherThread(() =>
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            WaitResult r = mutex.Wait(TimeSpan.FromMilliseconds(200));
            return (r, watch.Elapsed);
        });
        Assert.Equal(WaitResult.TimedOut, result);
        // Not earlier, but for the coarseness of a system's clock.
        Assert.True(lasted >= TimeSpan.FromMilliseconds(180), $"{lasted}");
        Assert.Throws<ArgumentOutOfRangeException>(() => mutex.Wait(TimeSpan.FromMilliseconds(-2)));
        mutex.Release();
    }

    [Fact]
    public void W30_A_scope_releases_at_its_end_also_by_exception()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        try
        {
            using SharedMutex.Scope scope = mutex.EnterScope();
            Assert.False(scope.WasAbandoned);
            throw new InvalidDataException();
        }
        catch (InvalidDataException)
        {
            Assert.Throws<InvalidOperationException>(mutex.Release);
        }
    }

    [Fact]
    public void W30_Two_processes_never_hold_it_at_once()
    {
        string name = Expect.NewName();
        const int Times = 20_000;
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        using SharedMemory section = SharedMemory.Create(name, 8);
        using MemoryView view = section.Map();
        using Peer one = Peer.Start(), other = Peer.Start();
        foreach (Peer peer in new[] { one, other })
        {
            peer.Do("open-mutex", "m", name + "m");
            peer.Do("open-section", "s", name);
            peer.Do("map", "v", "s", 0, 0);
            peer.Begin("count", "m", "v", Times);
        }
        for (int i = 0; i < Times; i++)
        {
            using (mutex.EnterScope())
                view.GetReference<long>()++;
        }
        one.End();
        other.End();
        Assert.Equal(3L * Times, view.GetReference<long>());
    }

    [Fact]
    public void W31_A_mutex_whose_process_was_killed_goes_to_the_next_who_is_told()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        peer.Do("wait", "m", -1);
        peer.Do("wait", "m", -1);
        peer.Kill();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
        // Told once: the next owner finds a mutex like any other.
        mutex.Release();
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        mutex.Release();
        Assert.Equal(WaitResult.Signaled, Expect.OnAnotherThread(() =>
        {
            WaitResult result = mutex.Wait(TimeSpan.Zero);
            mutex.Release();
            return result;
        }));
    }

    [Fact]
    public void W31_The_value_of_the_result_is_that_of_WAIT_ABANDONED() =>
        Assert.Equal((0, 0x80, 0x102), ((int)WaitResult.Signaled, (int)WaitResult.Abandoned, (int)WaitResult.TimedOut));

    [Fact]
    public void W31_Who_waits_already_gets_it_at_the_owners_death()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        for (int round = 0; round < 5; round++)
        {
            using Peer owner = Peer.Start(), waiter = Peer.Start();
            owner.Do("open-mutex", "m", name);
            owner.Do("wait", "m", -1);
            waiter.Do("open-mutex", "m", name);
            waiter.Begin("wait", "m", -1);
            Task<WaitResult> here = Expect.Begin(() =>
            {
                WaitResult result = mutex.Wait();
                mutex.Release();
                return result;
            });
            owner.Kill();
            // One of the two is told; the other gets the mutex after it, as from anyone.
            string there = waiter.End();
            waiter.Do("release-mutex", "m");
            string both = string.Join(',', new[] { there, Expect.Result(here).ToString() }.Order());
            Assert.Equal("Abandoned,Signaled", both);
        }
    }

    [Fact]
    public void W31_A_thread_that_ends_without_releasing_abandons_it()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        Expect.OnAnotherThread(() => mutex.Wait());
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
        mutex.Release();
        Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
        mutex.Release();
    }

    [Fact]
    public void W31_A_thread_of_another_process_that_ends_abandons_it_too()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        peer.Do("abandon-mutex", "m");
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
        Assert.Equal("TimedOut", peer.Do("wait", "m", 0));
        mutex.Release();
        Assert.Equal("Signaled", peer.Do("wait", "m", 0));
    }

    [Fact]
    public void W31_A_scope_tells_of_the_abandonment()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        Expect.OnAnotherThread(() => mutex.Wait());
        using (SharedMutex.Scope scope = mutex.EnterScope())
            Assert.True(scope.WasAbandoned);
        using (SharedMutex.Scope scope = mutex.EnterScope())
            Assert.False(scope.WasAbandoned);
    }

    [Fact]
    public void W31_All_of_many_mutexes_of_one_owner_are_abandoned_together()
    {
        string name = Expect.NewName();
        SharedMutex[] mutexes = [.. Enumerable.Range(0, 50).Select(i => SharedMutex.Create($"{name}{i}"))];
        using Peer peer = Peer.Start();
        for (int i = 0; i < mutexes.Length; i++)
        {
            peer.Do("open-mutex", $"m{i}", $"{name}{i}");
            peer.Do("wait", $"m{i}", -1);
        }
        // Given back out of order, so that what is left is not just the latest.
        foreach (int i in new[] { 0, 17, 30, 49 })
            peer.Do("release-mutex", $"m{i}");
        peer.Kill();
        for (int i = 0; i < mutexes.Length; i++)
        {
            WaitResult expected = i is 0 or 17 or 30 or 49 ? WaitResult.Signaled : WaitResult.Abandoned;
            Assert.Equal((i, expected), (i, mutexes[i].Wait(Peer.Patience)));
            mutexes[i].Release();
            mutexes[i].Dispose();
        }
    }

    [Fact]
    public void W31_A_process_that_leaves_in_good_order_without_releasing_abandons_it()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        peer.Do("wait", "m", -1);
        peer.Leave();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
        mutex.Release();
    }

    [Fact]
    public void W31_An_owner_that_closed_its_handle_still_owns_it_until_it_ends()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        peer.Do("wait", "m", -1);
        peer.Do("dispose", "m");
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(_shortly));
        peer.Do("open-mutex", "m", name);
        peer.Do("release-mutex", "m");
        Assert.Equal(WaitResult.Signaled, mutex.Wait(Peer.Patience));
        mutex.Release();
        peer.Do("wait", "m", -1);
        peer.Do("dispose", "m");
        peer.Kill();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
        mutex.Release();
    }
}
