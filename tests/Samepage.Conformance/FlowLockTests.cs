using System.Diagnostics;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Locks that flows hold, not threads: W30, W31, W34, W35.</summary>
public sealed class FlowLockTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    public enum Form
    {
        Wait,
        Any,
        All,
        WaitAsync,
        AnyAsync,
        AllAsync,
    }

    public static TheoryData<Form> Forms() => [.. Enum.GetValues<Form>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W30_It_is_held_across_an_await_and_released_by_another_thread(Form form)
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name);
        using Peer peer = Peer.Start();
        peer.Do("open-lock", "l", name);
        for (int round = 0; round < 5; round++)
        {
            Assert.Equal(WaitResult.Signaled, await Begin(form, [held]));
            await Task.Yield();
            Assert.Equal("TimedOut", peer.Do("wait", "l", 0));
            Assert.False(held.Info.State!.IsSignaled);
            peer.Begin("wait", "l", -1);
            Expect.OnAnotherThread(held.Release);
            Assert.Equal("Signaled", peer.End());
            Task<WaitResult> next = Begin(form, [held]);
            await IsPending(next);
            peer.Do("release-lock", "l");
            Assert.Equal(WaitResult.Signaled, await Result(next));
            held.Release();
            // Released when the call returns, and seen so by others.
            Assert.Equal("Signaled", peer.Do("wait", "l", 0));
            peer.Do("release-lock", "l");
            Assert.True(held.Info.State!.IsSignaled);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W30_It_and_a_thread_that_has_the_mutex_exclude_each_other_where_they_are_one(Form form)
    {
        string name = Expect.NewName();
        if (!OperatingSystem.IsWindows())
        {
            using SharedMutex other = SharedMutex.Create(name);
            Expect.Refusal(FailureReason.WrongKind, 6, () => SharedLock.Open(name));
            return;
        }
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedLock held = SharedLock.Open(name);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name);
        Assert.Equal(WaitResult.Signaled, await Begin(form, [held]));
        Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => mutex.Wait(TimeSpan.Zero)));
        Assert.Equal("TimedOut", peer.Do("wait", "m", 0));
        Assert.Throws<InvalidOperationException>(() => Expect.OnAnotherThread(mutex.Release));
        held.Release();
        Expect.OnAnotherThread(() =>
        {
            Assert.Equal(WaitResult.Signaled, mutex.Wait(TimeSpan.Zero));
            // The same thread, too: a flow is not the thread that runs it.
            Assert.Equal(WaitResult.TimedOut, held.Wait(_shortly));
            Assert.Throws<InvalidOperationException>(held.Release);
            Task<WaitResult> wait = Begin(form, [held]);
            Assert.False(wait.Wait(_shortly));
            mutex.Release();
            Assert.Equal(WaitResult.Signaled, Expect.Result(wait));
        });
        held.Release();
        Assert.Equal("Signaled", peer.Do("wait", "m", 0));
        Task<WaitResult> after = Begin(form, [held]);
        await IsPending(after);
        peer.Do("release-mutex", "m");
        Assert.Equal(WaitResult.Signaled, await Result(after));
        held.Release();
    }

    [Fact]
    public async Task W30_Flows_of_one_process_exclude_each_other()
    {
        string name = Expect.NewName();
        int rounds = Expect.IsWine ? 200 : 2_000;
        using SharedLock one = SharedLock.Create(name), other = SharedLock.Open(name);
        using SharedLock third = SharedLock.Open(name);
        int inside = 0, entered = 0;
        Form[] forms = Enum.GetValues<Form>();
        Task<bool> thread = Expect.Begin(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                using SharedLock.Scope scope = third.EnterScope();
                Enter();
                Leave();
            }
            return true;
        });
        Task[] flows = [.. forms.Select((form, i) => Task.Run(async () =>
        {
            SharedLock mine = i % 2 == 0 ? one : other;
            for (int round = 0; round < rounds; round++)
            {
                Assert.Equal(WaitResult.Signaled, await Begin(form, [mine]));
                Enter();
                if (round % 8 == 0)
                    await Task.Yield();
                Leave();
                (round % 2 == 0 ? one : other).Release();
            }
        }))];
        await Result(Task.WhenAll(flows).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default));
        await Task.WhenAll(flows);
        Assert.True(await Result(thread));
        Assert.Equal((forms.Length + 1) * rounds, entered);
        Assert.True(one.Info.State!.IsSignaled);

        void Enter() => Assert.Equal(1, Interlocked.Increment(ref inside));

        void Leave()
        {
            entered++;
            Interlocked.Decrement(ref inside);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W30_Whoever_takes_it_twice_waits_for_itself(Form form)
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name), same = SharedLock.Open(name);
        foreach (Form first in Enum.GetValues<Form>())
        {
            Assert.Equal(WaitResult.Signaled, await Begin(first, [held]));
            Assert.Equal(WaitResult.TimedOut, await Begin(form, [held], TimeSpan.Zero));
            Assert.Equal(WaitResult.TimedOut, await Begin(form, [same], _shortly / 5));
            held.Release();
            Assert.Throws<InvalidOperationException>(same.Release);
        }
    }

    [Fact]
    public async Task W30_It_is_released_once_for_each_wait()
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name);
        var never = Assert.Throws<InvalidOperationException>(held.Release);
        Assert.Equal(unchecked((int)0x80070000) | 288, never.HResult);
        Assert.Contains(name, never.Message, StringComparison.Ordinal);
        Assert.Equal(WaitResult.Signaled, await held.WaitAsync(Peer.Patience));
        using (Peer peer = Peer.Start())
        {
            peer.Do("open-lock", "l", name);
            Assert.StartsWith(nameof(InvalidOperationException),
                Assert.Throws<PeerRefusedException>(() => peer.Do("release-lock", "l")).Message, StringComparison.Ordinal);
            Assert.Equal("TimedOut", peer.Do("wait", "l", 0));
        }
        held.Release();
        Assert.Throws<InvalidOperationException>(held.Release);
        // Many at once: one of them had it to release.
        held.Wait();
        int released = 0;
        Parallel.For(0, 8, _ =>
        {
            try
            {
                held.Release();
                Interlocked.Increment(ref released);
            }
            catch (InvalidOperationException)
            {
            }
        });
        Assert.Equal(1, released);
        Assert.Equal(WaitResult.Signaled, held.Wait(TimeSpan.Zero));
        held.Release();
    }

    [Fact]
    public async Task W30_Asynchronous_waits_get_it_in_the_order_in_which_they_came()
    {
        using SharedLock held = SharedLock.Create(Expect.NewName());
        held.Wait();
        Task<WaitResult>[] waits = [.. Enumerable.Range(0, 10).Select(_ => held.WaitAsync().AsTask())];
        for (int i = 0; i < waits.Length; i++)
        {
            Assert.DoesNotContain(waits.Skip(i), w => w.IsCompleted);
            held.Release();
            Assert.Equal(WaitResult.Signaled, await Result(waits[i]));
        }
        held.Release();
    }

    [Fact]
    public async Task W35_Each_of_many_asynchronous_waits_gets_it_once()
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name), same = SharedLock.Open(name);
        using var cancellation = new CancellationTokenSource();
        held.Wait();
        int inside = 0, gone = 0;
        Task[] waits = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 9 ? Cancelled() : Enter(i % 2 == 0 ? held : same))];
        cancellation.Cancel();
        held.Release();
        await Result(Task.WhenAll(waits).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default));
        await Task.WhenAll(waits);
        Assert.Equal(180, gone);
        Assert.True(held.Info.State!.IsSignaled);

        async Task Cancelled() => await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await held.WaitAsync(cancellation.Token));

        async Task Enter(SharedLock mine)
        {
            using (await mine.EnterScopeAsync())
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                gone++;
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W35_A_wait_whose_time_has_run_out_or_that_was_cancelled_has_taken_nothing(Form form)
    {
        using SharedLock held = SharedLock.Create(Expect.NewName());
        for (int round = 0; round < 6; round++)
        {
            held.Wait();
            var watch = Stopwatch.StartNew();
            Assert.Equal(WaitResult.TimedOut, await Begin(form, [held], _shortly));
            // Not earlier, but for the coarseness of a system's clock.
            Assert.True(watch.Elapsed >= _shortly * 0.8, $"{watch.Elapsed}");
            using var cancellation = new CancellationTokenSource();
            Task<WaitResult> wait = Begin(form, [held], round % 2 == 0 ? Timeout.InfiniteTimeSpan : Peer.Patience, cancellation.Token);
            await IsPending(wait);
            cancellation.Cancel();
            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Result(wait));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Begin(form, [held], Timeout.InfiniteTimeSpan, cancellation.Token));
            held.Release();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Begin(form, [held], Timeout.InfiniteTimeSpan, cancellation.Token));
            Assert.Equal(WaitResult.Signaled, held.Wait(TimeSpan.Zero));
            held.Release();
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => held.Wait(TimeSpan.FromMilliseconds(-2)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W35_Cancelled_and_released_at_once_a_wait_takes_what_it_says(Form form)
    {
        string name = Expect.NewName();
        int rounds = Expect.IsWine ? 100 : 1_000;
        using SharedLock other = SharedLock.Create(name), held = SharedLock.Open(name);
        using var turn = new Barrier(2);
        CancellationTokenSource? cancellation = null;
        Task<bool> owner = Expect.Begin(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                other.Wait();
                Meet(turn);
                Meet(turn);
                other.Release();
                Meet(turn);
                Meet(turn);
            }
            return true;
        });
        for (int round = 0; round < rounds; round++)
        {
            Meet(turn);
            cancellation = new CancellationTokenSource();
            Task<WaitResult> wait = Begin(form, [held], Timeout.InfiniteTimeSpan, cancellation.Token);
            Meet(turn);
            Thread.SpinWait(round % 20 * 500);
            cancellation.Cancel();
            bool taken = true;
            try
            {
                Assert.Equal(WaitResult.Signaled, await Result(wait));
            }
            catch (OperationCanceledException)
            {
                taken = false;
            }
            Meet(turn);
            Assert.Equal((round, taken), (round, !held.Info.State!.IsSignaled));
            if (taken)
                held.Release();
            Meet(turn);
            cancellation.Dispose();
        }
        await Result(owner);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W31_Cancelled_just_when_the_owner_ends_a_wait_leaves_it_abandoned_or_is_told(Form form)
    {
        string name = Expect.NewName();
        int rounds = !OperatingSystem.IsWindows() ? 20 : Expect.IsWine ? 50 : 500;
        using SharedLock held = SharedLock.Create(name);
        int told = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var turn = new Barrier(2);
            using var cancellation = new CancellationTokenSource();
            // Where a thread can have it, one that ends is enough.
            Task<WaitResult> owner = Expect.Begin(() =>
            {
                using SharedMutex? mutex = OperatingSystem.IsWindows() ? SharedMutex.Open(name) : null;
                using Peer? peer = mutex is null ? Peer.Start() : null;
                peer?.Do("open-lock", "l", name);
                WaitResult result = mutex?.Wait() ?? Enum.Parse<WaitResult>(peer!.Do("wait", "l", -1));
                Meet(turn);
                Meet(turn);
                peer?.Kill();
                return result;
            });
            Meet(turn);
            Task<WaitResult> wait = Begin(form, [held], Timeout.InfiniteTimeSpan, cancellation.Token);
            Meet(turn);
            Thread.SpinWait(round % 25 * (OperatingSystem.IsWindows() ? 20_000 : 400_000));
            cancellation.Cancel();
            Assert.Equal(WaitResult.Signaled, await Result(owner));
            try
            {
                Assert.Equal(WaitResult.Abandoned, await Result(wait));
                told++;
            }
            catch (OperationCanceledException)
            {
                Assert.Equal((round, WaitResult.Abandoned), (round, held.Wait(Peer.Patience)));
            }
            held.Release();
        }
        TestContext.Current.SendDiagnosticMessage("{0}: {1} of {2} waits were told.", form, told, rounds);
    }

    [Fact]
    public async Task W30_Closed_while_it_is_held_it_stays_held_and_is_released_through_another_handle()
    {
        string name = Expect.NewName();
        using SharedLock other = SharedLock.Create(name);
        foreach (Form form in Enum.GetValues<Form>())
        {
            using (SharedLock held = SharedLock.Open(name))
                Assert.Equal(WaitResult.Signaled, await Begin(form, [held]));
            Assert.Equal(WaitResult.TimedOut, other.Wait(_shortly));
            using (SharedLock later = SharedLock.CreateOrOpen(name, out bool created))
            {
                Assert.False(created);
                Assert.Equal(WaitResult.TimedOut, await later.WaitAsync(_shortly));
                later.Release();
            }
            Assert.Equal(WaitResult.Signaled, other.Wait(TimeSpan.Zero));
            other.Release();
        }
        // Where nobody else has a handle, the object goes with the last one, as a mutex does; on Windows the thread that holds it has one.
        if (!OperatingSystem.IsWindows())
            return;
        string alone = name + "alone";
        using (SharedLock held = SharedLock.Create(alone))
            held.Wait();
        Assert.True(SharedLock.Exists(alone));
        using (SharedLock later = SharedLock.Open(alone))
            later.Release();
        Expect.Eventually(() => !SharedLock.Exists(alone), "the lock is gone with the last who held it");
    }

    [Fact]
    public async Task W35_What_a_wait_took_through_a_closed_handle_is_released_through_another()
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        using (SharedLock.Create(name))
            peer.Do("open-lock", "l", name);
        Assert.Equal("Signaled", peer.Do("wait", "l", 0));
        SharedLock closed = SharedLock.Open(name);
        Task<WaitResult> wait = closed.WaitAsync().AsTask();
        await IsPending(wait);
        closed.Dispose();
        using SharedLock later = SharedLock.Open(name);
        Assert.Equal(WaitResult.TimedOut, later.Wait(TimeSpan.Zero));
        Assert.Throws<InvalidOperationException>(later.Release);
        peer.Do("release-lock", "l");
        Assert.Equal(WaitResult.Signaled, await Result(wait));
        later.Release();
        Assert.Equal("Signaled", peer.Do("wait", "l", 0));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W35_Disposing_the_handle_does_not_end_a_wait(Form form)
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name);
        for (int round = 0; round < 5; round++)
        {
            held.Wait();
            SharedLock closed = SharedLock.Open(name);
            Task<WaitResult> wait = Begin(form, [closed]);
            await IsPending(wait);
            closed.Dispose();
            held.Release();
            Assert.Equal(WaitResult.Signaled, await Result(wait));
            held.Release();
        }
    }

    [Fact]
    public async Task W30_Scopes_release_at_their_end_also_by_exception()
    {
        using SharedLock held = SharedLock.Create(Expect.NewName());
        using (SharedLock.Scope scope = held.EnterScope())
            Assert.False(scope.WasAbandoned);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            using SharedLock.Scope scope = await held.EnterScopeAsync();
            await Task.Yield();
            throw new InvalidDataException();
        });
        Assert.Throws<InvalidOperationException>(held.Release);
        held.Wait();
        Assert.ThrowsAny<OperationCanceledException>(() => held.EnterScope(new CancellationToken(canceled: true)));
        using var cancellation = new CancellationTokenSource(_shortly);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await held.EnterScopeAsync(cancellation.Token));
        held.Release();
        Assert.True(held.Info.State!.IsSignaled);
    }

    [Theory]
    [InlineData(Form.Any)]
    [InlineData(Form.AnyAsync)]
    public async Task W34_Any_takes_one_of_locks_events_and_semaphores(Form form)
    {
        string name = Expect.NewName();
        using SharedLock first = SharedLock.Create(name + "1"), second = SharedLock.Create(name + "2");
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using SharedSemaphore permits = SharedSemaphore.Create(name + "s", 0, 5);
        SharedWaitable[] all = [signal, first, permits, second];
        // Free, the lower lock is taken, and then the other.
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 1), await Several(form, all));
        Assert.True(second.Info.State!.IsSignaled);
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 3), await Several(form, all));
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), await Several(form, all, _shortly));
        for (int round = 0; round < 8; round++)
        {
            Task<SharedWaitResult> wait = Several(form, all);
            await IsPending(wait);
            Action[] signals = [signal.Set, first.Release, () => permits.Release(), second.Release];
            signals[round % 4]();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, round % 4), await Result(wait));
            Assert.DoesNotContain(all, w => w.Info.State!.IsSignaled);
        }
        first.Release();
        second.Release();
        // One object twice: taken once, and the first of the two is the answer.
        using SharedLock same = SharedLock.Open(name + "1");
        SharedWaitResult twice = await Several(form, [signal, first, same, first]);
        Assert.Equal(WaitResult.Signaled, twice.Result);
        Assert.InRange(twice.Index, 1, 2);
        first.Release();
        Assert.Throws<InvalidOperationException>(same.Release);
    }

    [Theory]
    [InlineData(Form.All)]
    [InlineData(Form.AllAsync)]
    public async Task W34_All_takes_locks_events_and_semaphores_together_or_nothing(Form form)
    {
        string name = Expect.NewName();
        using SharedLock first = SharedLock.Create(name + "1"), second = SharedLock.Create(name + "2"), same = SharedLock.Open(name + "1");
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset, initiallySet: true);
        SharedWaitable[] all = [signal, first, second];
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), await Several(form, all));
        Assert.DoesNotContain(all, w => w.Info.State!.IsSignaled);
        for (int round = 0; round < 4; round++)
        {
            Task<SharedWaitResult> wait = Several(form, all);
            (round % 2 == 0 ? first : second).Release();
            signal.Set();
            await IsPending(wait);
            // What is free is still everybody's.
            SharedLock free = round % 2 == 0 ? first : second;
            Assert.Equal(WaitResult.Signaled, await free.WaitAsync(Peer.Patience));
            (round % 2 == 0 ? second : first).Release();
            await IsPending(wait);
            free.Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), await Result(wait));
            Assert.DoesNotContain(all, w => w.Info.State!.IsSignaled);
        }
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), await Several(form, all, _shortly));
        // In whatever order.
        second.Release();
        first.Release();
        await Assert.ThrowsAsync<ArgumentException>(() => Several(form, [first, same]));
        Assert.True(first.Info.State!.IsSignaled && second.Info.State!.IsSignaled);
    }

    [Fact]
    public void W34_A_thread_waits_for_any_of_mutexes_and_locks()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        using SharedLock held = SharedLock.Create(name + "l");
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        using Peer peer = Peer.Start();
        peer.Do("open-mutex", "m", name + "m");
        peer.Do("open-lock", "l", name + "l");
        peer.Do("open-event", "e", name + "e");
        SharedWaitable[] all = [signal, held, mutex];
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 1), SharedWait.Any(all));
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 2), SharedWait.Any(all, TimeSpan.Zero));
        held.Release();
        mutex.Release();
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any([mutex, held], TimeSpan.Zero));
        Assert.True(held.Info.State!.IsSignaled);
        mutex.Release();
        peer.Do("wait", "m", 0);
        peer.Do("wait", "l", 0);
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any(all, TimeSpan.Zero));
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), SharedWait.Any(all, _shortly));
        using var cancellation = new CancellationTokenSource(_shortly);
        Assert.ThrowsAny<OperationCanceledException>(() => SharedWait.Any(all, cancellation.Token));
        Task<SharedWaitResult> wait = Begin(() => SharedWait.Any(all));
        peer.Do("release-lock", "l");
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 1), Expect.Result(wait));
        wait = Begin(() =>
        {
            SharedWaitResult result = SharedWait.Any(all);
            mutex.Release();
            return result;
        });
        peer.Do("release-mutex", "m");
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 2), Expect.Result(wait));
        held.Release();
    }

    [Fact]
    public void W31_Of_a_mutex_and_a_lock_whose_owner_died_any_tells_of_one_and_leaves_the_other_abandoned()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        using SharedLock held = SharedLock.Create(name + "l");
        for (int round = 0; round < 5; round++)
        {
            using Peer owner = Peer.Start();
            owner.Do("open-mutex", "m", name + "m");
            owner.Do("open-lock", "l", name + "l");
            owner.Do("wait", "m", 0);
            owner.Do("wait", "l", 0);
            Task<SharedWaitResult> wait = Expect.Begin(() =>
            {
                SharedWaitResult result = SharedWait.Any([mutex, held]);
                Assert.Equal(WaitResult.Abandoned, (result.Index == 0 ? held : (SharedWaitable)mutex).Wait(Peer.Patience));
                mutex.Release();
                return result;
            });
            owner.Kill();
            Assert.Equal(WaitResult.Abandoned, Expect.Result(wait).Result);
            held.Release();
        }
    }

    [Fact]
    public void W34_A_thread_waits_for_all_of_mutexes_and_locks_where_the_system_can()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name + "m");
        using SharedLock held = SharedLock.Create(name + "l");
        if (OperatingSystem.IsWindows())
        {
            Assert.Contains(name + "m", Assert.Throws<NotSupportedException>(() => SharedWait.All([mutex, held])).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(WaitResult.Signaled, SharedWait.All([mutex, held]).Result);
            mutex.Release();
            held.Release();
        }
        Assert.True(mutex.Info.State!.IsSignaled && held.Info.State!.IsSignaled);
    }

    [Fact]
    public async Task W34_Any_of_more_than_one_call_takes_has_locks_among_them()
    {
        string name = Expect.NewName();
        SharedSemaphore[] many = [.. Enumerable.Range(0, 100).Select(i => SharedSemaphore.Create($"{name}{i}", 0, 1))];
        using SharedLock held = SharedLock.Create(name);
        held.Wait();
        foreach (Form form in new[] { Form.Any, Form.AnyAsync })
        {
            Task<SharedWaitResult> wait = Several(form, [.. many, held]);
            await IsPending(wait);
            held.Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, many.Length), await Result(wait));
            wait = Several(form, [.. many, held]);
            await IsPending(wait);
            many[70].Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 70), await Result(wait));
        }
        held.Release();
        foreach (SharedSemaphore semaphore in many)
            semaphore.Dispose();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task W31_When_its_process_ends_the_next_gets_it_and_is_told(Form form)
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name);
        using SharedEvent never = SharedEvent.Create(name + "e", EventResetMode.AutoReset, initiallySet: true);
        for (int round = 0; round < 4; round++)
        {
            using Peer owner = Peer.Start();
            owner.Do("open-lock", "l", name);
            owner.Do(round < 2 ? "wait" : "wait-async", "l", -1);
            Task<SharedWaitResult>? wait = round % 2 == 0 ? BeginOne() : null;
            if (wait is not null)
                await IsPending(wait);
            if (round < 3)
                owner.Kill();
            else
                owner.Leave();
            Assert.Equal(WaitResult.Abandoned, (await Result(wait ?? BeginOne())).Result);
            held.Release();
            // Told once.
            Assert.Equal(WaitResult.Signaled, held.Wait(TimeSpan.Zero));
            held.Release();
            never.Set();
        }

        async Task<SharedWaitResult> BeginOne() => form switch
        {
            Form.Any or Form.AnyAsync => await Several(form, [held, held]),
            Form.All or Form.AllAsync => await Several(form, [held, never]),
            _ => new SharedWaitResult(await Begin(form, [held]), 0),
        };
    }

    [Fact]
    public async Task W31_A_scope_tells_of_the_abandonment()
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name);
        for (int round = 0; round < 2; round++)
        {
            using (Peer owner = Peer.Start())
            {
                owner.Do("open-lock", "l", name);
                owner.Do("wait", "l", -1);
                owner.Kill();
            }
            using (SharedLock.Scope scope = round == 0 ? held.EnterScope() : await held.EnterScopeAsync())
                Assert.True(scope.WasAbandoned);
            using (SharedLock.Scope scope = await held.EnterScopeAsync())
                Assert.False(scope.WasAbandoned);
        }
    }

    [Fact]
    public async Task W31_A_killed_process_takes_none_with_its_pending_waits()
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.Create(name), other = SharedLock.Create(name + "2");
        for (int round = 0; round < 3; round++)
        {
            held.Wait();
            using (Peer victim = Peer.Start())
            {
                victim.Do("open-lock", "l", name);
                victim.Do("open-lock", "o", name + "2");
                victim.Do("begin-async", "p", 5, "l");
                victim.Do("begin-async", "q", 2, "l", "o");
                victim.Kill();
            }
            Task<WaitResult> next = held.WaitAsync().AsTask();
            held.Release();
            Assert.Equal(WaitResult.Signaled, await Result(next));
            held.Release();
        }
        Assert.True(other.Info.State!.IsSignaled);
    }

    [Fact]
    public void W07_A_lock_is_of_the_one_namespace_and_on_Windows_a_mutex_to_others()
    {
        string name = Expect.NewName();
        using SharedLock held = SharedLock.CreateOrOpen(name, out bool created);
        Assert.True(created);
        Assert.True(SharedLock.Exists(name));
        Assert.Equal(OperatingSystem.IsWindows() ? SharedObjectKind.Mutex : SharedObjectKind.Lock, held.Info.Kind);
        if (OperatingSystem.IsWindows())
        {
            using SharedMutex mutex = SharedMutex.CreateOrOpen(name, out created);
            Assert.False(created);
        }
        else
            Expect.Refusal(FailureReason.WrongKind, 6, () => SharedMutex.Open(name));
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => SharedLock.Create(name));
        Expect.Refusal(FailureReason.NotFound, 2, () => SharedLock.Open(name + "x"));
        using SharedEvent signal = SharedEvent.Create(name + "e", EventResetMode.AutoReset);
        Expect.Refusal(FailureReason.WrongKind, 6, () => SharedLock.Open(name + "e"));
        Assert.False(SharedLock.TryOpen(name + "x", out _));
        SharedLock closed = SharedLock.Open(name);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => closed.Wait());
        Assert.Throws<ObjectDisposedException>(closed.Release);
    }

    /// <summary>The same wait in each of its forms, those of threads on a thread of their own.</summary>
    private static async Task<WaitResult> Begin(Form form, SharedLock[] one, TimeSpan? time = null, CancellationToken token = default) => form switch
    {
        Form.Wait => await Begin(() => one[0].Wait(time ?? Timeout.InfiniteTimeSpan, token)),
        Form.WaitAsync => await one[0].WaitAsync(time ?? Timeout.InfiniteTimeSpan, token),
        _ => (await Several(form, one, time, token)).Result,
    };

    private static async Task<SharedWaitResult> Several(Form form, SharedWaitable[] several, TimeSpan? time = null, CancellationToken token = default)
    {
        TimeSpan timeout = time ?? Timeout.InfiniteTimeSpan;
        return form switch
        {
            Form.Any => await Begin(() => SharedWait.Any(several, timeout, token)),
            Form.All => await Begin(() => SharedWait.All(several, timeout, token)),
            Form.AnyAsync => await SharedWait.AnyAsync(several, timeout, token),
            _ => await SharedWait.AllAsync(several, timeout, token),
        };
    }

    private static Task<T> Begin<T>(Func<T> wait) => Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task IsPending(Task task)
    {
        await Task.WhenAny(task, Task.Delay(10));
        Assert.False(task.IsCompleted, "The wait has ended, and it was not its turn.");
    }

    private static Task<T> Result<T>(Task<T> task) => task.WaitAsync(Peer.Patience);

    private static void Meet(Barrier barrier) => Assert.True(barrier.SignalAndWait(Peer.Patience), "The other thread hangs.");
}
