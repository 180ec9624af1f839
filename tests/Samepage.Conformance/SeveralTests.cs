using System.Diagnostics;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Waiting for any and for all of several: W34.</summary>
public sealed class SeveralTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void W34_Any_takes_the_lowest_that_is_signalled_and_nothing_else()
    {
        using var mix = new Mix(Expect.NewName());
        foreach (int lowest in Enumerable.Range(0, Mix.Count))
        {
            for (int i = lowest; i < Mix.Count; i++)
                mix.Signal(i);
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, lowest), Expect.OnAnotherThread(() =>
            {
                SharedWaitResult result = SharedWait.Any(mix.All);
                if (result.Index == Mix.Mutex)
                    mix.MutexOf.Release();
                return result;
            }));
            // The higher ones are as they were: taken one by one here, they are all there, once.
            for (int i = lowest + 1; i < Mix.Count; i++)
                Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any([mix.All[i]], TimeSpan.Zero));
            mix.Quiet();
        }
    }

    [Fact]
    public void W34_Any_is_ended_by_whichever_is_signalled_from_another_process()
    {
        string name = Expect.NewName();
        using var mix = new Mix(name);
        using Peer peer = Peer.Start();
        Mix.Open(peer, name);
        foreach (int signalled in new[] { Mix.Auto, Mix.Mutex, Mix.Semaphore, Mix.Manual, Mix.Mutex, Mix.Auto })
        {
            peer.Begin("any", [-1, .. Mix.Labels]);
            Assert.False(peer.IsDoneWithin(_shortly));
            mix.Signal(signalled);
            Assert.Equal($"Signaled {signalled}", peer.End());
            if (signalled == Mix.Mutex)
            {
                // The other one owns it now, and nobody else.
                Assert.Equal(WaitResult.TimedOut, mix.MutexOf.Wait(TimeSpan.Zero));
                peer.Do("release-mutex", Mix.Labels[Mix.Mutex]);
                Assert.Equal(WaitResult.Signaled, mix.MutexOf.Wait(TimeSpan.Zero));
            }
            Assert.Equal(signalled == Mix.Manual, mix.ManualOf.Info.State!.IsSignaled);
            mix.ManualOf.Reset();
            // Taken once: nothing is left of it.
            Assert.Equal("TimedOut -1", peer.Do("any", [0, .. Mix.Labels]));
        }
    }

    [Fact]
    public void W34_All_is_ended_by_the_last_that_another_process_signals_and_takes_nothing_before()
    {
        string name = Expect.NewName();
        using var mix = new Mix(name);
        using Peer peer = Peer.Start();
        Mix.Open(peer, name);
        for (int last = 0; last < Mix.Count; last++)
        {
            peer.Begin("all", [-1, .. Mix.Labels]);
            Assert.False(peer.IsDoneWithin(TimeSpan.FromMilliseconds(20)));
            for (int i = 0; i < Mix.Count; i++)
            {
                if (i != last)
                    mix.Signal(i);
            }
            Assert.False(peer.IsDoneWithin(_shortly));
            // All but one: none of them was taken, each can still be had by somebody else.
            for (int i = 0; i < Mix.Count; i++)
                Assert.Equal((i, i != last), (i, mix.All[i].Info.State!.IsSignaled));
            for (int i = 0; i < Mix.Count; i++)
            {
                if (i != last && i != Mix.Mutex)
                {
                    Assert.Equal((i, WaitResult.Signaled), (i, mix.All[i].Wait(TimeSpan.Zero)));
                    mix.Signal(i);
                }
            }
            mix.Signal(last);
            Assert.Equal("Signaled -1", peer.End());
            Assert.False(mix.All[Mix.Auto].Info.State!.IsSignaled);
            Assert.True(mix.ManualOf.Info.State!.IsSignaled);
            Assert.Equal(0, mix.SemaphoreOf.Info.State!.Count);
            Assert.Equal(WaitResult.TimedOut, mix.MutexOf.Wait(TimeSpan.Zero));
            peer.Do("release-mutex", Mix.Labels[Mix.Mutex]);
            Assert.Equal(WaitResult.Signaled, mix.MutexOf.Wait(TimeSpan.Zero));
            mix.ManualOf.Reset();
        }
    }

    [Fact]
    public void W34_One_wait_takes_one_signal()
    {
        string name = Expect.NewName();
        using SharedEvent auto = SharedEvent.Create(name + "a", EventResetMode.AutoReset, initiallySet: true);
        using SharedEvent manual = SharedEvent.Create(name + "m", EventResetMode.ManualReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 3, 5);
        SharedWaitable[] all = [manual, auto, semaphore];
        int[] taken = [.. Enumerable.Range(0, 5).Select(_ => SharedWait.Any(all, TimeSpan.Zero).Index)];
        Assert.Equal([1, 2, 2, 2, -1], taken);
        manual.Set();
        Assert.Equal([0, 0], Enumerable.Range(0, 2).Select(_ => SharedWait.Any(all, TimeSpan.Zero).Index));
        Assert.True(manual.Info.State!.IsSignaled);
        semaphore.Release(2);
        auto.Set();
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), SharedWait.All(all, TimeSpan.Zero));
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.All(all, TimeSpan.Zero));
        Assert.Equal((true, false, 1), (manual.Info.State!.IsSignaled, auto.Info.State!.IsSignaled, semaphore.Info.State!.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_A_mutex_belongs_to_the_thread_that_waited_as_often_as_it_took_it(bool forAll)
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent set = SharedEvent.Create(name + "e", EventResetMode.ManualReset, initiallySet: forAll);
        SharedWaitable[] both = [set, mutex];
        var expected = new SharedWaitResult(WaitResult.Signaled, forAll ? -1 : 1);
        // The second and third time it is the owner who waits.
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected, forAll ? SharedWait.All(both) : SharedWait.Any(both));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)));
            Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => (forAll ? SharedWait.All(both, TimeSpan.Zero) : SharedWait.Any(both, TimeSpan.Zero)).Result));
            mutex.Release();
        }
        Assert.Throws<InvalidOperationException>(mutex.Release);
        Assert.Equal(WaitResult.Signaled, Expect.OnAnotherThread(() =>
        {
            WaitResult result = mutex.Wait(TimeSpan.Zero);
            mutex.Release();
            return result;
        }));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void W34_An_abandoned_mutex_is_told_with_its_index(bool forAll, bool byThread)
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent set = SharedEvent.Create(name + "e", EventResetMode.AutoReset, initiallySet: forAll);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", forAll ? 1 : 0, 1);
        SharedWaitable[] all = [semaphore, set, mutex];
        if (byThread)
            Expect.OnAnotherThread(() => mutex.Wait());
        else
        {
            using Peer peer = Peer.Start();
            peer.Do("open-mutex", "m", name);
            peer.Do("wait", "m", -1);
            peer.Kill();
        }
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 2), forAll ? SharedWait.All(all, Peer.Patience) : SharedWait.Any(all, Peer.Patience));
        // It is owned, and told once.
        mutex.Release();
        set.Set();
        Assert.Equal(1, SharedWait.Any(all, TimeSpan.Zero).Index);
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 2), SharedWait.Any(all, TimeSpan.Zero));
        mutex.Release();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_Who_sleeps_gets_a_mutex_at_its_owners_death(bool forAll)
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", forAll ? 1 : 0, 1);
        using Peer owner = Peer.Start();
        owner.Do("open-mutex", "m", name);
        owner.Do("wait", "m", -1);
        SharedWaitable[] both = [semaphore, mutex];
        Task<SharedWaitResult> waiter = Expect.Begin(() =>
        {
            SharedWaitResult result = forAll ? SharedWait.All(both) : SharedWait.Any(both);
            mutex.Release();
            return result;
        });
        Assert.False(IsDoneWithin(waiter, _shortly));
        owner.Kill();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 1), Expect.Result(waiter));
        Assert.Equal(0, semaphore.Info.State!.Count);
    }

    [Fact]
    public void W34_All_of_several_mutexes_tells_that_one_was_abandoned()
    {
        string name = Expect.NewName();
        SharedMutex[] mutexes = [.. Enumerable.Range(0, 4).Select(i => SharedMutex.Create($"{name}{i}"))];
        // Owned here before: that one cannot be the one that was abandoned.
        mutexes[0].Wait();
        Expect.OnAnotherThread(() => mutexes[2].Wait());
        // Which one it was Windows tells only where the wait took one mutex alone.
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, OperatingSystem.IsWindows() ? -1 : 2), SharedWait.All(mutexes, Peer.Patience));
        foreach (SharedMutex mutex in mutexes)
            mutex.Release();
        Expect.OnAnotherThread(() => mutexes[3].Wait());
        SharedMutex[] two = [mutexes[0], mutexes[3]];
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 1), SharedWait.All(two, Peer.Patience));
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), SharedWait.All(two, TimeSpan.Zero));
        foreach (SharedMutex mutex in (SharedMutex[])[.. two, .. two, mutexes[0]])
            mutex.Release();
        foreach (SharedMutex mutex in mutexes)
        {
            Assert.Throws<InvalidOperationException>(mutex.Release);
            mutex.Dispose();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void W34_A_wait_whose_time_has_run_out_has_taken_nothing(int milliseconds)
    {
        string name = Expect.NewName();
        using SharedSemaphore one = SharedSemaphore.Create(name + "1", 1, 1), other = SharedSemaphore.Create(name + "2", 0, 1);
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using var cancellation = new CancellationTokenSource();
        var time = TimeSpan.FromMilliseconds(milliseconds);
        foreach (CancellationToken token in new[] { CancellationToken.None, cancellation.Token })
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any([other, signal], time, token));
            Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.All([one, other], time, token));
            // Not earlier, but for the coarseness of a system's clock.
            Assert.True(watch.Elapsed >= time * 1.6, $"{watch.Elapsed}");
            Assert.Equal((1, 0, false), (one.Info.State!.Count, other.Info.State!.Count, signal.Info.State!.IsSignaled));
        }
        Assert.Equal(0, SharedWait.Any([one, other], TimeSpan.Zero).Index);
        Assert.Equal(0, one.Info.State!.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_A_token_that_was_cancelled_before_ends_the_wait_at_its_beginning(bool forAll)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 1, 1);
        var token = new CancellationToken(canceled: true);
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.Zero })
        {
            var cancelled = Assert.Throws<OperationCanceledException>(() => forAll ? SharedWait.All([semaphore], time, token) : SharedWait.Any([semaphore], time, token));
            Assert.Equal(token, cancelled.CancellationToken);
        }
        Assert.Equal(1, semaphore.Info.State!.Count);
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    [InlineData(true, 63)]
    [InlineData(false, 63)]
    [InlineData(false, 128)]
    public void W34_A_wait_can_be_cancelled_and_takes_nothing(bool forAll, int count)
    {
        using var several = new Semaphores(Expect.NewName(), count);
        // All but the last of those that must all be signalled are.
        if (forAll)
        {
            foreach (SharedSemaphore semaphore in several.All[..^1])
                semaphore.Release();
        }
        for (int round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            using var begun = new ManualResetEventSlim();
            Task<SharedWaitResult> waiter = Expect.Begin(() =>
            {
                begun.Set();
                return forAll ? SharedWait.All(several.All, cancellation.Token) : SharedWait.Any(several.All, cancellation.Token);
            });
            begun.Wait();
            if (round % 2 == 0)
                Assert.False(IsDoneWithin(waiter, TimeSpan.FromMilliseconds(10)));
            cancellation.Cancel();
            var cancelled = Assert.Throws<OperationCanceledException>(() => Expect.Result(waiter));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
            Assert.Equal(forAll ? count - 1 : 0, several.Sum());
        }
        several.All[^1].Release();
        Assert.Equal(WaitResult.Signaled, (forAll ? SharedWait.All(several.All, TimeSpan.Zero) : SharedWait.Any(several.All, TimeSpan.Zero)).Result);
        Assert.Equal(0, several.Sum());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_Cancelled_and_signalled_at_once_a_wait_takes_what_it_says(bool forAll)
    {
        const int Rounds = 150;
        using var several = new Semaphores(Expect.NewName(), 3);
        using var turn = new Barrier(2);
        CancellationTokenSource cancellation = new();
        // One thread for all rounds: what one cancellation left behind would end a later wait.
        Task<int> waiter = Expect.Begin(() =>
        {
            int succeeded = 0;
            for (int round = 0; round < Rounds; round++)
            {
                turn.SignalAndWait();
                int taken = 0;
                try
                {
                    SharedWaitResult result = forAll ? SharedWait.All(several.All, cancellation.Token) : SharedWait.Any(several.All, cancellation.Token);
                    Assert.Equal(WaitResult.Signaled, result.Result);
                    taken = forAll ? 3 : 1;
                    succeeded++;
                }
                catch (OperationCanceledException)
                {
                }
                turn.SignalAndWait();
                Assert.Equal((round, 3 - taken), (round, several.Sum()));
                while (several.Sum() > 0)
                    _ = SharedWait.Any(several.All, TimeSpan.Zero);
                turn.SignalAndWait();
            }
            return succeeded;
        });
        for (int round = 0; round < Rounds; round++)
        {
            turn.SignalAndWait();
            // Both orders, and at once.
            Task? cancel = round % 3 == 0 ? null : Task.Run(cancellation.Cancel);
            if (round % 3 == 2)
                cancel!.Wait();
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            cancel?.Wait();
            turn.SignalAndWait();
            turn.SignalAndWait();
            if (cancel is not null)
            {
                cancellation.Dispose();
                cancellation = new CancellationTokenSource();
            }
        }
        // Those that nobody cancelled.
        Assert.True(Expect.Result(waiter) >= Rounds / 3);
        cancellation.Dispose();
    }

    [Fact]
    public void W34_All_refuses_an_object_that_is_there_twice_and_any_does_not()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 1, 2), other = SharedSemaphore.Create(name + "x", 1, 1);
        using SharedSemaphore same = SharedSemaphore.Open(@"Local\" + name);
        foreach (SharedWaitable[] twice in new SharedWaitable[][] { [semaphore, semaphore], [semaphore, same], [same, other, semaphore] })
        {
            Assert.Equal("waitables", Assert.Throws<ArgumentException>(() => SharedWait.All(twice, TimeSpan.Zero)).ParamName);
            Assert.Equal((1, 1), (semaphore.Info.State!.Count, other.Info.State!.Count));
        }
        semaphore.Release();
        // The lowest index; and one permit for each wait, whatever the number of handles.
        Assert.Equal(0, SharedWait.Any([semaphore, semaphore, other]).Index);
        Assert.Equal(0, SharedWait.Any([same, semaphore, same, other]).Index);
        Assert.Equal(0, semaphore.Info.State!.Count);
        Assert.Equal(2, SharedWait.Any([semaphore, same, other, other]).Index);
        using SharedEvent set = SharedEvent.Create(name + "e", EventResetMode.AutoReset, initiallySet: true);
        Assert.Equal(1, SharedWait.Any([semaphore, set, set, same, semaphore, set]).Index);
        Assert.Equal(-1, SharedWait.Any([semaphore, set, set, same], _shortly).Index);
        SharedWaitable[] often = [.. Enumerable.Repeat((SharedWaitable)semaphore, 200), set, .. Enumerable.Repeat((SharedWaitable)set, 50)];
        set.Set();
        Assert.Equal(200, SharedWait.Any(often).Index);
        Assert.Equal(-1, SharedWait.Any(often, _shortly).Index);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_What_cannot_be_waited_for_is_refused(bool forAll)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 1, 1);
        SharedEvent closed = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset, initiallySet: true);
        closed.Dispose();
        Assert.Equal("waitables", Assert.Throws<ArgumentException>(() => Wait([], TimeSpan.Zero)).ParamName);
        Assert.Equal("waitables", Assert.Throws<ArgumentException>(() => Wait([semaphore, null!], TimeSpan.Zero)).ParamName);
        Assert.Throws<ObjectDisposedException>(() => Wait([semaphore, closed], TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wait([semaphore], TimeSpan.FromTicks(-1)));
        Assert.Equal(1, semaphore.Info.State!.Count);

        SharedWaitResult Wait(SharedWaitable[] waitables, TimeSpan timeout) => forAll ? SharedWait.All(waitables, timeout) : SharedWait.Any(waitables, timeout);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(false, 100)]
    public void W34_A_very_long_wait_is_one_that_can_still_be_signalled(bool forAll, int count)
    {
        using var several = new Semaphores(Expect.NewName(), count);
        using var cancellation = new CancellationTokenSource();
        foreach (TimeSpan time in new[] { TimeSpan.MaxValue, TimeSpan.FromDays(10_000), TimeSpan.FromDays(50), Timeout.InfiniteTimeSpan })
        {
            foreach (CancellationToken token in new[] { CancellationToken.None, cancellation.Token })
            {
                Task<SharedWaitResult> waiter = Expect.Begin(() => forAll ? SharedWait.All(several.All, time, token) : SharedWait.Any(several.All, time, token));
                Assert.False(IsDoneWithin(waiter, TimeSpan.FromMilliseconds(20)));
                foreach (SharedSemaphore semaphore in forAll ? several.All : several.All[^1..])
                    semaphore.Release();
                Assert.Equal(WaitResult.Signaled, Expect.Result(waiter).Result);
                Assert.Equal(0, several.Sum());
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    public void W34_Any_of_many_says_which(int count)
    {
        using var several = new Semaphores(Expect.NewName(), count);
        using var cancellation = new CancellationTokenSource();
        int[] places = [.. new[] { 0, 1, count / 2, 61, 62, 63, 64, count - 1 }.Where(i => i < count).Distinct()];
        foreach (int place in places)
        {
            // Signalled before, with a higher one beside it: the lower is taken.
            several.All[place].Release();
            several.All[^1].Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, place), SharedWait.Any(several.All));
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, count - 1), SharedWait.Any(several.All, TimeSpan.Zero));
            Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any(several.All, TimeSpan.Zero));
            // Signalled while it sleeps.
            Task<SharedWaitResult> waiter = Expect.Begin(() => SharedWait.Any(several.All, place % 2 == 0 ? CancellationToken.None : cancellation.Token));
            Assert.False(IsDoneWithin(waiter, TimeSpan.FromMilliseconds(10)));
            several.All[place].Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, place), Expect.Result(waiter));
            Assert.Equal(0, several.Sum());
        }
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any(several.All, _shortly));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(64)]
    public void W34_All_of_many_takes_each_once(int count)
    {
        using var several = new Semaphores(Expect.NewName(), count);
        using var cancellation = new CancellationTokenSource();
        foreach (CancellationToken token in new[] { CancellationToken.None, cancellation.Token })
        {
            Task<SharedWaitResult> waiter = Expect.Begin(() => SharedWait.All(several.All, token));
            foreach (SharedSemaphore semaphore in several.All)
            {
                Assert.False(IsDoneWithin(waiter, TimeSpan.Zero));
                semaphore.Release(semaphore == several.All[0] ? 2 : 1);
            }
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), Expect.Result(waiter));
            Assert.Equal(1, several.Sum());
            Assert.Equal(0, SharedWait.Any(several.All).Index);
        }
    }

    [Fact]
    public void W34_More_than_64_for_all_are_taken_together_or_refused_with_the_reason()
    {
        string name = Expect.NewName();
        using var several = new Semaphores(name, 65);
        SharedMutex[] mutexes = [.. Enumerable.Range(0, 65).Select(i => SharedMutex.Create($"{name}m{i}"))];
        foreach (SharedSemaphore semaphore in several.All)
            semaphore.Release();
        if (OperatingSystem.IsWindows())
        {
            Assert.Contains("64", Expect.Refusal(FailureReason.LimitReached, 298, () => SharedWait.All(several.All)).Message, StringComparison.Ordinal);
            Assert.Contains("62", Expect.Refusal(FailureReason.LimitReached, 298, () => SharedWait.Any(mutexes)).Message, StringComparison.Ordinal);
            Assert.Equal(65, several.Sum());
        }
        else
        {
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), SharedWait.All(several.All));
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any(mutexes));
            mutexes[0].Release();
            Assert.Equal(0, several.Sum());
        }
        foreach (SharedMutex mutex in mutexes)
            mutex.Dispose();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(200)]
    public void W34_Of_signals_that_come_at_once_any_takes_one(int count)
    {
        const int AtOnce = 4;
        string name = Expect.NewName();
        SharedWaitable[] all =
        [
            .. Enumerable.Range(0, count).Select(i => i % 2 == 0
                ? (SharedWaitable)SharedSemaphore.Create($"{name}{i}", 0, 1)
                : SharedEvent.Create($"{name}{i}", EventResetMode.AutoReset)),
        ];
        using var together = new Barrier(AtOnce);
        for (int round = 0; round < 25; round++)
        {
            Task<SharedWaitResult> waiter = Expect.Begin(() => SharedWait.Any(all));
            Assert.False(IsDoneWithin(waiter, TimeSpan.FromMilliseconds(10)));
            // Far apart, so that different threads of the wait may take them, where it has some.
            int first = round % 2;
            Task<int>[] signallers =
            [
                .. Enumerable.Range(0, AtOnce).Select(i => Expect.Begin(() =>
                {
                    int place = (first + i * (count / AtOnce)) % count;
                    together.SignalAndWait();
                    WaitingTests.Signal(all[place]);
                    return place;
                })),
            ];
            int[] places = [.. signallers.Select(Expect.Result)];
            SharedWaitResult taken = Expect.Result(waiter);
            Assert.Equal(WaitResult.Signaled, taken.Result);
            Assert.Contains(taken.Index, places);
            // The others are all there.
            Assert.Equal(places.Where(p => p != taken.Index).Order(), Enumerable.Range(0, count).Where(i => all[i].Info.State!.IsSignaled));
            while (SharedWait.Any(all, TimeSpan.Zero).Index >= 0)
            {
            }
        }
        foreach (SharedWaitable waitable in all)
            waitable.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(150)]
    public void W34_A_death_is_told_whatever_else_is_signalled_at_once(int count)
    {
        string name = Expect.NewName();
        using var several = new Semaphores(name, count);
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        SharedWaitable[] all = [.. several.All, mutex];
        for (int round = 0; round < 120; round++)
        {
            using var owned = new ManualResetEventSlim();
            using var together = new Barrier(2);
            Task<WaitResult> owner = Expect.Begin(() =>
            {
                WaitResult result = mutex.Wait();
                owned.Set();
                together.SignalAndWait();
                return result;
            });
            owned.Wait();
            Task<SharedWaitResult> waiter = Expect.Begin(() =>
            {
                SharedWaitResult result = SharedWait.Any(all);
                if (result.Index == count)
                    mutex.Release();
                return result;
            });
            Assert.False(IsDoneWithin(waiter, TimeSpan.FromMilliseconds(10)));
            together.SignalAndWait();
            // A thread ends some time after its last line: the signal comes before that, after it, and at the same moment.
            long until = Stopwatch.GetTimestamp() + round % 40 * Stopwatch.Frequency / 50_000;
            while (Stopwatch.GetTimestamp() < until)
                Thread.SpinWait(1);
            several.All[^1].Release();
            // By now the owner has ended.
            Assert.Equal(WaitResult.Signaled, Expect.Result(owner));
            SharedWaitResult taken = Expect.Result(waiter);
            if (taken.Index == count)
                Assert.Equal((WaitResult.Abandoned, 1), (taken.Result, several.Sum()));
            else
            {
                Assert.Equal((new SharedWaitResult(WaitResult.Signaled, count - 1), 0), (taken, several.Sum()));
                Assert.Equal(WaitResult.Abandoned, mutex.Wait(Peer.Patience));
                mutex.Release();
            }
            _ = SharedWait.Any(several.All, TimeSpan.Zero);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    public void W34_A_wait_for_what_is_signalled_allocates_nothing(int count)
    {
        using var several = new Semaphores(Expect.NewName(), count);
        using var cancellation = new CancellationTokenSource();
        foreach (SharedSemaphore semaphore in several.All)
            semaphore.Release(100);
        // Once before, so that what is made once is there.
        Wait(5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Wait(20);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Wait(int times)
        {
            for (int i = 0; i < times; i++)
            {
                _ = SharedWait.Any(several.All);
                _ = SharedWait.Any(several.All, Peer.Patience, cancellation.Token);
                _ = SharedWait.All(several.All, TimeSpan.Zero);
                _ = SharedWait.All(several.All, cancellation.Token);
            }
        }
    }

    [Fact]
    public void W34_Among_very_many_a_mutex_belongs_to_the_thread_that_waited()
    {
        string name = Expect.NewName();
        using var several = new Semaphores(name, 130);
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        SharedWaitable[] all = [.. several.All, mutex];
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 130), SharedWait.Any(all));
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name + "m");
        Assert.Equal("TimedOut", peer.Do("wait", "m", 0));
        Task<(SharedWaitResult, bool)> waiter = Expect.Begin(() =>
        {
            SharedWaitResult result = SharedWait.Any(all);
            bool others = Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)) == WaitResult.Signaled;
            mutex.Release();
            return (result, others);
        });
        Assert.False(IsDoneWithin(waiter, _shortly));
        mutex.Release();
        Assert.Equal((new SharedWaitResult(WaitResult.Signaled, 130), false), Expect.Result(waiter));
        // And from the dead.
        peer.Do("wait", "m", -1);
        Task<SharedWaitResult> told = Expect.Begin(() => SharedWait.Any(all));
        Assert.False(IsDoneWithin(told, _shortly));
        peer.Kill();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 130), Expect.Result(told));
        Assert.Equal(0, several.Sum());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    public void W34_What_several_waiters_take_by_any_adds_up(int count)
    {
        const int Waiters = 4, Each = 60;
        string name = Expect.NewName();
        using var several = new Semaphores(name, count);
        Task<int[]>[] waiters =
        [
            .. Enumerable.Range(0, Waiters).Select(w => Expect.Begin(() =>
            {
                // Each in another order.
                int[] order = [.. Enumerable.Range(0, count).Select(i => (i * (w % 2 == 0 ? 1 : count - 1) + w) % count)];
                SharedWaitable[] mine = [.. order.Select(i => several.All[i])];
                int[] taken = new int[count];
                for (int i = 0; i < Each; i++)
                    taken[order[SharedWait.Any(mine).Index]]++;
                return taken;
            })),
        ];
        int[] given = new int[count];
        for (int i = 0; i < Waiters * Each; i++)
        {
            int place = i * 7 % count;
            given[place]++;
            several.All[place].Release();
        }
        int[][] all = [.. waiters.Select(Expect.Result)];
        Assert.Equal(given, Enumerable.Range(0, count).Select(i => all.Sum(t => t[i])));
        Assert.Equal(0, several.Sum());
    }

    [Fact]
    public void W34_Waits_for_all_of_overlapping_sets_in_opposite_order_never_block_each_other()
    {
        const int Rounds = 400;
        string name = Expect.NewName();
        using var several = new Semaphores(name, 4);
        using Peer peer = Peer.Start();
        for (int i = 0; i < 4; i++)
        {
            several.All[i].Release();
            peer.Do("open-semaphore", $"s{i}", Semaphores.NameOf(name, i));
        }
        peer.Begin("all-many", Rounds, "s3", "s2", "s1");
        Task<int>[] here =
        [
            .. new int[][] { [0, 1, 2], [2, 1, 0], [1, 3] }.Select(set => Expect.Begin(() =>
            {
                SharedSemaphore[] mine = [.. set.Select(i => several.All[i])];
                for (int round = 0; round < Rounds; round++)
                {
                    Assert.Equal(WaitResult.Signaled, SharedWait.All(mine, Peer.Patience).Result);
                    foreach (SharedSemaphore semaphore in mine)
                        Assert.Equal(0, semaphore.Release());
                }
                return 0;
            })),
        ];
        foreach (Task<int> thread in here)
            Expect.Result(thread);
        peer.End();
        Assert.All(several.All, s => Assert.Equal(1, s.Info.State!.Count));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(80)]
    public void W34_Any_waiters_that_are_killed_strand_nobody(int count)
    {
        string name = Expect.NewName();
        using var several = new Semaphores(name, count);
        using SharedSemaphore report = SharedSemaphore.Create(name + "r", 0, 100);
        object[] labels = [.. Enumerable.Range(0, count).Select(i => $"s{i}")];
        for (int round = 0; round < 3; round++)
        {
            using Peer victim = Peer.Start(), survivor = Peer.Start();
            foreach (Peer peer in new[] { victim, survivor })
            {
                for (int i = 0; i < count; i++)
                    peer.Do("open-semaphore", $"s{i}", Semaphores.NameOf(name, i));
                peer.Do("open-semaphore", "r", name + "r");
            }
            // It sleeps before the others do, and is the first in every queue.
            victim.Begin("any", [-1, .. labels]);
            Assert.False(victim.IsDoneWithin(_shortly));
            survivor.Begin("any-many", [4, "r", .. labels]);
            Task<SharedWaitResult> here = Expect.Begin(() => SharedWait.Any(several.All));
            // Killed before anything is signalled: it takes nothing with it, on any system.
            victim.Kill();
            for (int i = 0; i < 5; i++)
                several.All[(round + i * 31) % count].Release();
            survivor.End();
            Assert.Equal(WaitResult.Signaled, Expect.Result(here).Result);
            for (int i = 0; i < 4; i++)
                Assert.Equal(WaitResult.Signaled, report.Wait(Peer.Patience));
            Assert.Equal(0, several.Sum());
        }
    }

    [Fact]
    public void W34_An_all_waiter_that_is_killed_takes_nothing()
    {
        string name = Expect.NewName();
        using var several = new Semaphores(name, 3);
        for (int round = 0; round < 5; round++)
        {
            using (Peer victim = Peer.Start())
            {
                for (int i = 0; i < 3; i++)
                    victim.Do("open-semaphore", $"s{i}", Semaphores.NameOf(name, i));
                victim.Begin("all", -1, "s0", "s1", "s2");
                several.All[0].Release();
                several.All[1].Release();
                if (round % 2 == 0)
                    Assert.False(victim.IsDoneWithin(TimeSpan.FromMilliseconds(20)));
                victim.Kill();
            }
            several.All[2].Release();
            Assert.Equal(3, several.Sum());
            Assert.Equal(WaitResult.Signaled, SharedWait.All(several.All, TimeSpan.Zero).Result);
        }
    }

    private static bool IsDoneWithin(Task task, TimeSpan time) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(time);

    /// <summary>One of each kind, none of them signalled: the mutex is the creating thread's.</summary>
    private sealed class Mix(string name) : IDisposable
    {
        public const int Semaphore = 0, Mutex = 1, Manual = 2, Auto = 3, Count = 4;
        public static readonly string[] Labels = ["s", "m", "e", "a"];

        public SharedSemaphore SemaphoreOf { get; } = SharedSemaphore.Create(name + Labels[Semaphore], 0, 5);

        public SharedMutex MutexOf { get; } = SharedMutex.Create(name + Labels[Mutex], initiallyOwned: true);

        public SharedEvent ManualOf { get; } = SharedEvent.Create(name + Labels[Manual], EventResetMode.ManualReset);

        private SharedEvent AutoOf { get; } = SharedEvent.Create(name + Labels[Auto], EventResetMode.AutoReset);

        public SharedWaitable[] All => [SemaphoreOf, MutexOf, ManualOf, AutoOf];

        public static void Open(Peer peer, string name)
        {
            foreach ((string label, string verb) in Labels.Zip(["open-semaphore", "open-mutex", "open-event", "open-event"]))
                peer.Do(verb, label, name + label);
        }

        public void Signal(int which) => WaitingTests.Signal(All[which]);

        /// <summary>As at the beginning.</summary>
        public void Quiet()
        {
            ManualOf.Reset();
            if (MutexOf.Info.State!.IsSignaled)
                Assert.Equal(WaitResult.Signaled, MutexOf.Wait(TimeSpan.Zero));
            Assert.All(All, w => Assert.False(w.Info.State!.IsSignaled));
        }

        public void Dispose()
        {
            foreach (SharedWaitable waitable in All)
                waitable.Dispose();
        }
    }

    /// <summary>So many semaphores without a permit.</summary>
    private sealed class Semaphores(string name, int count) : IDisposable
    {
        public SharedSemaphore[] All { get; } = [.. Enumerable.Range(0, count).Select(i => SharedSemaphore.Create(NameOf(name, i), 0, 100_000))];

        public static string NameOf(string name, int index) => $"{name}-{index}";

        public int Sum() => All.Sum(s => s.Info.State!.Count);

        public void Dispose()
        {
            foreach (SharedSemaphore semaphore in All)
                semaphore.Dispose();
        }
    }
}
