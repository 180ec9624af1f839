using System.Diagnostics;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Waits without a thread that waits: W34, W35.</summary>
public sealed class AsyncTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    /// <summary>Wine's own server has a part in every step, and two processors less than it would like.</summary>
    private static readonly int _rounds = Expect.IsWine ? 1_000 : 4_000;

    public enum Form
    {
        One,
        Any,
        All,
    }

    public enum Kind
    {
        AutoEvent,
        ManualEvent,
        Semaphore,
    }

    public static TheoryData<Kind, Form> EachKindInEachForm() =>
        [.. from kind in Enum.GetValues<Kind>() from form in Enum.GetValues<Form>() select (kind, form)];

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public void W35_An_asynchronous_wait_for_what_is_signalled_ends_where_it_begins(Kind kind, Form form)
    {
        using SharedWaitable awaited = Create(kind, Expect.NewName());
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.FromMinutes(1), TimeSpan.Zero })
        {
            WaitingTests.Signal(awaited);
            Task<SharedWaitResult> wait = Begin(form, [awaited], time, CancellationToken.None).AsTask();
            Assert.True(wait.IsCompletedSuccessfully);
            Assert.Equal(Took(form, 0), wait.Result);
            // Taken, once; but a manual-reset event stays set.
            Assert.Equal(kind == Kind.ManualEvent, awaited.Info.State!.IsSignaled);
            (kind == Kind.ManualEvent ? (SharedEvent)awaited : null)?.Reset();
            wait = Begin(form, [awaited], TimeSpan.Zero, CancellationToken.None).AsTask();
            Assert.True(wait.IsCompletedSuccessfully);
            Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), wait.Result);
        }
    }

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public async Task W35_An_asynchronous_wait_ends_when_it_is_signalled(Kind kind, Form form)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = Create(kind, name);
        using var cancellation = new CancellationTokenSource();
        using Peer peer = Peer.Start();
        peer.Do(kind == Kind.Semaphore ? "open-semaphore" : "open-event", "w", name);
        TimeSpan[] times = [Timeout.InfiniteTimeSpan, Peer.Patience, TimeSpan.FromDays(50), TimeSpan.FromDays(10_000), TimeSpan.MaxValue];
        for (int round = 0; round < 2 * times.Length; round++)
        {
            Task<SharedWaitResult> wait =
                Begin(form, [awaited], times[round / 2], round % 3 == 0 ? CancellationToken.None : cancellation.Token).AsTask();
            await IsPending(wait, TimeSpan.FromMilliseconds(10));
            if (round % 2 == 0)
                WaitingTests.Signal(awaited);
            else
                peer.Do(kind == Kind.Semaphore ? "release-semaphore" : "set-event", kind == Kind.Semaphore ? ["w", 1] : ["w"]);
            Assert.Equal(Took(form, 0), await Result(wait));
            (kind == Kind.ManualEvent ? (SharedEvent)awaited : null)?.Reset();
            Assert.False(awaited.Info.State!.IsSignaled);
        }
        // And the other way round.
        peer.Begin("wait-async", "w", -1);
        Assert.False(peer.IsDoneWithin(_shortly));
        WaitingTests.Signal(awaited);
        Assert.Equal("Signaled", peer.End());
    }

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public async Task W35_An_asynchronous_wait_whose_time_has_run_out_has_taken_nothing(Kind kind, Form form)
    {
        using SharedWaitable awaited = Create(kind, Expect.NewName());
        foreach (int milliseconds in new[] { 1, 60 })
        {
            var time = TimeSpan.FromMilliseconds(milliseconds);
            var watch = Stopwatch.StartNew();
            Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), await Result(Begin(form, [awaited], time, CancellationToken.None).AsTask()));
            // Not earlier, but for the coarseness of a system's clock.
            Assert.True(watch.Elapsed >= time * 0.8, $"{watch.Elapsed}");
            WaitingTests.Signal(awaited);
            Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.Zero));
            (kind == Kind.ManualEvent ? (SharedEvent)awaited : null)?.Reset();
        }
    }

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public async Task W35_An_asynchronous_wait_can_be_cancelled_and_takes_nothing(Kind kind, Form form)
    {
        using SharedWaitable awaited = Create(kind, Expect.NewName());
        for (int round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<SharedWaitResult> wait = Begin(form, [awaited], round % 2 == 0 ? Timeout.InfiniteTimeSpan : Peer.Patience, cancellation.Token).AsTask();
            if (round % 4 == 0)
                await IsPending(wait, TimeSpan.FromMilliseconds(10));
            cancellation.Cancel();
            var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Result(wait));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
            Assert.True(wait.IsCanceled);
            WaitingTests.Signal(awaited);
            Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.Zero));
            (kind == Kind.ManualEvent ? (SharedEvent)awaited : null)?.Reset();
        }
    }

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public async Task W35_A_token_that_was_cancelled_before_ends_an_asynchronous_wait_at_its_beginning(Kind kind, Form form)
    {
        using SharedWaitable awaited = Create(kind, Expect.NewName());
        WaitingTests.Signal(awaited);
        var token = new CancellationToken(canceled: true);
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.Zero })
        {
            Task<SharedWaitResult> wait = Begin(form, [awaited], time, token).AsTask();
            Assert.True(wait.IsCanceled);
            Assert.Equal(token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait)).CancellationToken);
        }
        Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W35_A_mutex_is_refused_for_asynchronous_waits()
    {
        string name = Expect.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent set = SharedEvent.Create(name + "e", EventResetMode.AutoReset, initiallySet: true);
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.Zero })
        {
            Refused<NotSupportedException>(() => mutex.WaitAsync(time).AsTask());
            Assert.Contains(name, Refused<NotSupportedException>(() => SharedWait.AnyAsync([set, mutex], time).AsTask()).Message, StringComparison.Ordinal);
            Refused<NotSupportedException>(() => SharedWait.AllAsync([mutex, set], time).AsTask());
        }
        // Nobody owns it.
        Assert.Equal(WaitResult.Signaled, Expect.OnAnotherThread(() =>
        {
            WaitResult result = mutex.Wait(TimeSpan.Zero);
            mutex.Release();
            return result;
        }));
        Assert.Equal(WaitResult.Signaled, set.Wait(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(Form.One)]
    [InlineData(Form.Any)]
    [InlineData(Form.All)]
    public void W35_What_cannot_be_awaited_is_refused(Form form)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 1, 1);
        SharedEvent closed = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset, initiallySet: true);
        closed.Dispose();
        Refused<ObjectDisposedException>(() => Begin(form, [closed], Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask());
        Refused<ArgumentOutOfRangeException>(() => Begin(form, [semaphore], TimeSpan.FromTicks(-1), CancellationToken.None).AsTask());
        if (form != Form.One)
        {
            Assert.Equal("waitables", Refused<ArgumentException>(() => Begin(form, [], TimeSpan.Zero, CancellationToken.None).AsTask()).ParamName);
            Assert.Equal("waitables", Refused<ArgumentException>(() => Begin(form, [semaphore, null!], TimeSpan.Zero, CancellationToken.None).AsTask()).ParamName);
        }
        if (form == Form.All)
            Refused<ArgumentException>(() => Begin(form, [semaphore, semaphore], Timeout.InfiniteTimeSpan, CancellationToken.None).AsTask());
        Assert.Equal(1, semaphore.Info.State!.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(130)]
    public async Task W34_Any_awaited_says_which_and_takes_nothing_else(int count)
    {
        using var several = new Several(Expect.NewName(), count);
        foreach (int place in new[] { 0, 1, count / 2, 63, count - 1 }.Where(i => i < count).Distinct())
        {
            // Signalled before, with a higher one beside it: the lower is taken.
            several.All[place].Release();
            several.All[^1].Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, place), await Result(SharedWait.AnyAsync(several.All).AsTask()));
            Assert.Equal(1, several.Sum());
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, count - 1), await Result(SharedWait.AnyAsync(several.All).AsTask()));
            // Signalled while it is pending.
            Task<SharedWaitResult> wait = SharedWait.AnyAsync(several.All).AsTask();
            await IsPending(wait, TimeSpan.FromMilliseconds(10));
            several.All[place].Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, place), await Result(wait));
            // It is over, and takes nothing any more.
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            Assert.Equal(count, several.Sum());
            several.Drain();
        }
        Assert.Equal(new SharedWaitResult(WaitResult.TimedOut, -1), await Result(SharedWait.AnyAsync(several.All, _shortly).AsTask()));
    }

    [Fact]
    public async Task W34_Any_awaited_takes_one_permit_of_an_object_that_is_there_twice()
    {
        string name = Expect.NewName();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 0, 5), other = SharedSemaphore.Create(name + "x", 0, 1);
        using SharedSemaphore same = SharedSemaphore.Open(name);
        for (int round = 0; round < 20; round++)
        {
            Task<SharedWaitResult> wait = SharedWait.AnyAsync([other, semaphore, same, semaphore]).AsTask();
            await IsPending(wait, TimeSpan.FromMilliseconds(1));
            semaphore.Release(3);
            SharedWaitResult taken = await Result(wait);
            Assert.Equal(WaitResult.Signaled, taken.Result);
            Assert.InRange(taken.Index, 1, 2);
            Assert.Equal(2, semaphore.Info.State!.Count);
            semaphore.Wait();
            semaphore.Wait();
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(130)]
    public async Task W34_Of_signals_that_come_at_once_any_awaited_takes_one(int count)
    {
        const int AtOnce = 3;
        using var several = new Several(Expect.NewName(), count);
        using var together = new Barrier(AtOnce);
        for (int round = 0; round < 40; round++)
        {
            Task<SharedWaitResult> wait = SharedWait.AnyAsync(several.All).AsTask();
            int[] places = [.. Enumerable.Range(0, AtOnce).Select(i => (round + i * (count / AtOnce)) % count)];
            Task<bool>[] signallers =
            [
                .. places.Select(place => Expect.Begin(() =>
                {
                    together.SignalAndWait();
                    several.All[place].Release();
                    return true;
                })),
            ];
            foreach (Task<bool> signaller in signallers)
                await Result(signaller);
            SharedWaitResult taken = await Result(wait);
            Assert.Contains(taken.Index, places);
            Assert.Equal(places.Where(p => p != taken.Index).Order(), Enumerable.Range(0, count).Where(i => several.All[i].Info.State!.IsSignaled));
            several.Drain();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(64)]
    public async Task W34_All_awaited_takes_nothing_before_all_are_signalled_and_then_all(int count)
    {
        using var several = new Several(Expect.NewName(), count);
        using SharedEvent manual = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset, initiallySet: true);
        SharedWaitable[] all = [.. several.All[1..], manual];
        using var cancellation = new CancellationTokenSource();
        foreach (CancellationToken token in new[] { CancellationToken.None, cancellation.Token })
        {
            Task<SharedWaitResult> wait = SharedWait.AllAsync(all, token).AsTask();
            foreach (SharedSemaphore semaphore in several.All[2..])
                semaphore.Release();
            await IsPending(wait, _shortly);
            Assert.Equal(count - 2, several.Sum());
            // Each can still be had by somebody else.
            foreach (SharedSemaphore semaphore in several.All[2..])
            {
                Assert.Equal(WaitResult.Signaled, semaphore.Wait(TimeSpan.Zero));
                semaphore.Release();
            }
            several.All[1].Release(2);
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), await Result(wait));
            Assert.Equal(1, several.Sum());
            Assert.True(manual.Info.State!.IsSignaled);
            several.Drain();
        }
    }

    [Theory]
    [InlineData(Form.One, 1)]
    [InlineData(Form.Any, 3)]
    [InlineData(Form.All, 3)]
    public async Task W35_Cancelled_and_signalled_at_once_an_asynchronous_wait_takes_what_it_says(Form form, int count)
    {
        using var several = new Several(Expect.NewName(), count);
        using var turn = new Barrier(2);
        CancellationTokenSource? cancellation = null;
        int rounds = form == Form.All && Expect.IsWine ? _rounds / 2 : _rounds;
        Task<bool> canceller = Expect.Begin(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                Meet(turn);
                Thread.SpinWait(round % 2 == 0 ? 0 : Delay(round));
                cancellation!.Cancel();
                Meet(turn);
            }
            return true;
        });
        int succeeded = 0;
        for (int round = 0; round < rounds; round++)
        {
            cancellation = new CancellationTokenSource();
            Task<SharedWaitResult> wait = Begin(form, several.All, Timeout.InfiniteTimeSpan, cancellation.Token).AsTask();
            Meet(turn);
            Thread.SpinWait(round % 2 == 0 ? Delay(round) : 0);
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            Meet(turn);
            int taken = 0;
            try
            {
                Assert.Equal(WaitResult.Signaled, (await Result(wait)).Result);
                taken = form == Form.All ? count : 1;
                succeeded++;
            }
            catch (OperationCanceledException)
            {
                Assert.True(wait.IsCanceled);
            }
            Assert.Equal((round, count - taken), (round, several.Sum()));
            several.Drain();
            cancellation.Dispose();
        }
        await Result(canceller);
        TestContext.Current.SendDiagnosticMessage("{0}: {1} of {2} waits took what was signalled.", form, succeeded, rounds);

        // Up to some milliseconds, now on the one side and now on the other, so that neither is always the first.
        static int Delay(int round) => round / 2 % 50 * 1_000;
    }

    [Theory]
    [InlineData(Form.One, 1)]
    [InlineData(Form.Any, 3)]
    [InlineData(Form.All, 3)]
    public async Task W35_Signalled_just_when_its_time_runs_out_an_asynchronous_wait_takes_what_it_says(Form form, int count)
    {
        using var several = new Several(Expect.NewName(), count);
        for (int round = 0; round < _rounds / 5; round++)
        {
            Task<SharedWaitResult> wait = Begin(form, several.All, TimeSpan.FromMilliseconds(1 + round % 3), CancellationToken.None).AsTask();
            await IsPending(wait, TimeSpan.FromMilliseconds(round % 4), orNot: true);
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            WaitResult result = (await Result(wait)).Result;
            int taken = result == WaitResult.TimedOut ? 0 : form == Form.All ? count : 1;
            Assert.Equal((round, count - taken), (round, several.Sum()));
            several.Drain();
        }
    }

    [Fact]
    public async Task W35_Each_of_many_waits_for_one_semaphore_gets_one_permit()
    {
        const int Count = 200;
        using SharedSemaphore semaphore = SharedSemaphore.Create(Expect.NewName(), 0, 10 * Count);
        Task<WaitResult>[] waits = [.. Enumerable.Range(0, Count).Select(_ => semaphore.WaitAsync().AsTask())];
        for (int released = 0; released < Count; released += 20)
        {
            Assert.Equal(released, await Completed(waits, released));
            // One by one, and together.
            for (int i = 0; i < 10; i++)
                semaphore.Release();
            semaphore.Release(10);
        }
        Assert.All(await Result(Task.WhenAll(waits)), r => Assert.Equal(WaitResult.Signaled, r));
        Assert.Equal(0, semaphore.Info.State!.Count);
        semaphore.Release(3);
        Assert.Equal(3, semaphore.Info.State!.Count);
    }

    [Fact]
    public async Task W35_A_manual_reset_event_that_stays_set_ends_all_waits()
    {
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset);
        Task<WaitResult>[] waits = [.. Enumerable.Range(0, 200).Select(i => signal.WaitAsync(i % 2 == 0 ? Timeout.InfiniteTimeSpan : Peer.Patience).AsTask())];
        Assert.Equal(0, await Completed(waits, 0));
        signal.Set();
        Assert.All(await Result(Task.WhenAll(waits)), r => Assert.Equal(WaitResult.Signaled, r));
    }

    [Fact]
    public async Task W32_A_set_that_is_reset_at_once_ends_the_waits_that_began_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(),
            "On Windows a thread of the library sleeps for pending waits, and what is set and reset while it is between two sleeps it does not see.");
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset);
        for (int round = 0; round < 50; round++)
        {
            Task<WaitResult>[] waits = [.. Enumerable.Range(0, 100).Select(_ => signal.WaitAsync().AsTask())];
            signal.Set();
            signal.Reset();
            Assert.All(await Result(Task.WhenAll(waits)), r => Assert.Equal(WaitResult.Signaled, r));
        }
    }

    [Fact]
    public async Task W32_A_set_that_is_reset_at_once_ends_all_waits_that_are_asleep()
    {
        const int Rounds = 10;
        using SharedEvent signal = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset);
        int together = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Task<WaitResult>[] waits = [.. Enumerable.Range(0, 100).Select(_ => signal.WaitAsync().AsTask())];
            Assert.Equal(0, await Completed(waits, 0));
            signal.Set();
            signal.Reset();
            if (await Completed(waits, waits.Length, _shortly * 10) == waits.Length)
                together++;
            // Where nothing has told that they were asleep, some may have missed it.
            signal.Set();
            Assert.All(await Result(Task.WhenAll(waits)), r => Assert.Equal(WaitResult.Signaled, r));
            signal.Reset();
        }
        Assert.True(together >= Rounds / 2, $"All ended in {together} of {Rounds} rounds.");
    }

    [Fact]
    public async Task W35_Thousands_of_waits_are_pending_at_once_and_each_ends_once()
    {
        const int Objects = 100;
        int waitsOfEach = OperatingSystem.IsWindows() ? 10 : 100;
        using var several = new Several(Expect.NewName(), Objects);
        using var never = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        Task<WaitResult>[] waits =
        [
            .. from i in Enumerable.Range(0, waitsOfEach)
               from semaphore in several.All
               select semaphore.WaitAsync(i % 3 == 0 ? TimeSpan.FromHours(1) : Timeout.InfiniteTimeSpan, i % 2 == 0 ? never.Token : CancellationToken.None).AsTask(),
        ];
        TimeSpan begun = watch.Elapsed;
        Assert.Equal(0, waits.Count(w => w.IsCompleted));
        // One less than there are waits: each permit ends one wait, and one wait of each object is left.
        Parallel.ForEach(several.All, semaphore => semaphore.Release(waitsOfEach - 1));
        Assert.Equal((waitsOfEach - 1) * Objects, await Completed(waits, (waitsOfEach - 1) * Objects));
        Assert.Equal(0, several.Sum());
        foreach (SharedSemaphore semaphore in several.All)
            semaphore.Release();
        Assert.All(await Result(Task.WhenAll(waits)), r => Assert.Equal(WaitResult.Signaled, r));
        TestContext.Current.SendDiagnosticMessage("{0} waits: begun in {1}, ended in {2}.", waits.Length, begun, watch.Elapsed - begun);
        Assert.Equal(0, several.Sum());
    }

    [Theory]
    [InlineData(Form.One)]
    [InlineData(Form.Any)]
    [InlineData(Form.All)]
    public async Task W35_What_comes_after_the_await_runs_on_the_pool(Form form)
    {
        using var several = new Several(Expect.NewName(), form == Form.One ? 1 : 3);
        for (int round = 0; round < 30; round++)
        {
            using var cancellation = new CancellationTokenSource();
            int endedBy = round % 3;
            Task<(bool IsPool, int Thread)> after = After(form, several.All, endedBy == 1 ? _shortly / 10 : Timeout.InfiniteTimeSpan, cancellation.Token);
            int thread = Environment.CurrentManagedThreadId;
            if (endedBy == 0)
                Expect.OnAnotherThread(() => Array.ForEach(several.All, s => s.Release()));
            else if (endedBy == 2)
            {
                thread = Expect.OnAnotherThread(() =>
                {
                    cancellation.Cancel();
                    return Environment.CurrentManagedThreadId;
                });
            }
            (bool isPool, int continued) = await Result(after);
            Assert.True(isPool);
            Assert.True(endedBy != 2 || continued != thread);
            several.Drain();
        }
    }

    [Theory]
    [MemberData(nameof(EachKindInEachForm))]
    public async Task W35_Disposing_the_handle_does_not_end_an_asynchronous_wait(Kind kind, Form form)
    {
        string name = Expect.NewName();
        using SharedWaitable signalled = Create(kind, name);
        for (int round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            SharedWaitable awaited = kind == Kind.Semaphore ? SharedSemaphore.Open(name) : SharedEvent.Open(name);
            Task<SharedWaitResult> wait = Begin(form, [awaited], Timeout.InfiniteTimeSpan, cancellation.Token).AsTask();
            awaited.Dispose();
            await IsPending(wait, TimeSpan.FromMilliseconds(5));
            if (round % 4 == 3)
            {
                cancellation.Cancel();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Result(wait));
                continue;
            }
            WaitingTests.Signal(signalled);
            Assert.Equal(Took(form, 0), await Result(wait));
            (kind == Kind.ManualEvent ? (SharedEvent)signalled : null)?.Reset();
            Assert.False(signalled.Info.State!.IsSignaled);
        }
    }

    [Fact]
    public async Task W34_What_any_awaited_took_in_vain_is_given_back_though_its_handles_are_closed()
    {
        string name = Expect.NewName();
        using var several = new Several(name, 3);
        for (int round = 0; round < 50; round++)
        {
            SharedSemaphore[] handles = [.. Enumerable.Range(0, 3).Select(i => SharedSemaphore.Open(Several.NameOf(name, i)))];
            Task<SharedWaitResult> wait = SharedWait.AnyAsync(handles).AsTask();
            foreach (SharedSemaphore handle in handles)
                handle.Dispose();
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            Assert.Equal(WaitResult.Signaled, (await Result(wait)).Result);
            Assert.Equal((round, 2), (round, several.Sum()));
            several.Drain();
        }
    }

    [Fact]
    public async Task W35_Threads_and_asynchronous_waits_share_an_object_and_lose_nothing()
    {
        const int Each = 4;
        int rounds = _rounds / 4;
        string name = Expect.NewName();
        using var several = new Several(name, 2);
        SharedSemaphore first = several.All[0];
        using var stop = new CancellationTokenSource();
        int taken = 0;
        Task<bool>[] threads =
        [
            .. Enumerable.Range(0, Each).Select(i => Expect.Begin(() =>
            {
                while (true)
                {
                    try
                    {
                        WaitResult result = i % 2 == 0
                            ? first.Wait(TimeSpan.FromMilliseconds(5), stop.Token)
                            : SharedWait.Any(several.All, TimeSpan.FromMilliseconds(5), stop.Token).Result;
                        if (result == WaitResult.Signaled)
                            Interlocked.Increment(ref taken);
                    }
                    catch (OperationCanceledException)
                    {
                        return true;
                    }
                }
            })),
        ];
        Task[] awaiters = [.. Enumerable.Range(0, Each).Select(i => Task.Run(() => Await(i)))];
        for (int i = 0; i < rounds; i++)
            several.All[i % 2].Release();
        // Not until there are none left: who has taken one and is cancelled before it says so gives it back.
        var watch = Stopwatch.StartNew();
        while (Volatile.Read(ref taken) < rounds && watch.Elapsed < Peer.Patience)
            await Task.Delay(1);
        stop.Cancel();
        foreach (Task<bool> thread in threads)
            await Result(thread);
        await Task.WhenAll(awaiters).WaitAsync(Peer.Patience);
        Assert.Equal(rounds, taken + several.Sum());
        Assert.Equal(0, several.Sum());

        async Task Await(int i)
        {
            while (true)
            {
                try
                {
                    TimeSpan time = i % 2 == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(5);
                    WaitResult result = i < 2 ? await first.WaitAsync(time, stop.Token) : (await SharedWait.AnyAsync(several.All, time, stop.Token)).Result;
                    if (result == WaitResult.Signaled)
                        Interlocked.Increment(ref taken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    [Theory]
    [InlineData(Kind.AutoEvent)]
    [InlineData(Kind.ManualEvent)]
    [InlineData(Kind.Semaphore)]
    public async Task W35_A_process_that_is_killed_while_its_waits_are_pending_strands_nobody(Kind kind)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = Create(kind, name);
        using var several = new Several(name + "s", 2);
        for (int round = 0; round < 5; round++)
        {
            Task<WaitResult> before = awaited.WaitAsync().AsTask();
            Task<SharedWaitResult> all = SharedWait.AllAsync(several.All).AsTask();
            using (Peer victim = Peer.Start())
            {
                victim.Do(kind == Kind.Semaphore ? "open-semaphore" : "open-event", "w", name);
                for (int i = 0; i < 2; i++)
                    victim.Do("open-semaphore", $"s{i}", Several.NameOf(name + "s", i));
                victim.Do("begin-async", "p", 10, "w");
                victim.Do("begin-async", "q", 5, "s0", "s1");
                victim.Kill();
            }
            Task<WaitResult> after = awaited.WaitAsync(Peer.Patience).AsTask();
            Assert.False(before.IsCompleted || all.IsCompleted);
            WaitingTests.Signal(awaited);
            if (kind != Kind.ManualEvent)
            {
                await Result(Task.WhenAny(before, after));
                WaitingTests.Signal(awaited);
            }
            Assert.Equal((WaitResult.Signaled, WaitResult.Signaled), (await Result(before), await Result(after)));
            foreach (SharedSemaphore semaphore in several.All)
                semaphore.Release();
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), await Result(all));
            (kind == Kind.ManualEvent ? (SharedEvent)awaited : null)?.Reset();
            Assert.False(awaited.Info.State!.IsSignaled);
            Assert.Equal(0, several.Sum());
        }
    }

    private static SharedWaitable Create(Kind kind, string name) => kind switch
    {
        Kind.AutoEvent => SharedEvent.Create(name, EventResetMode.AutoReset),
        Kind.ManualEvent => SharedEvent.Create(name, EventResetMode.ManualReset),
        _ => SharedSemaphore.Create(name, 0, 10),
    };

    private static SharedWaitResult Took(Form form, int index) => new(WaitResult.Signaled, form == Form.All ? -1 : index);

    /// <summary>The same wait in each of its forms; that for one waits for the first.</summary>
    private static ValueTask<SharedWaitResult> Begin(Form form, SharedWaitable[] waitables, TimeSpan timeout, CancellationToken token) => form switch
    {
        Form.Any => SharedWait.AnyAsync(waitables, timeout, token),
        Form.All => SharedWait.AllAsync(waitables, timeout, token),
        _ => ForOne(waitables[0].WaitAsync(timeout, token)),
    };

    private static ValueTask<SharedWaitResult> ForOne(ValueTask<WaitResult> wait)
    {
        return wait.IsCompletedSuccessfully ? new(Several(wait.GetAwaiter().GetResult())) : new(Later(wait));

        static SharedWaitResult Several(WaitResult result) => new(result, result == WaitResult.TimedOut ? -1 : 0);

        static async Task<SharedWaitResult> Later(ValueTask<WaitResult> wait) => Several(await wait.ConfigureAwait(false));
    }

    private static async Task<(bool IsPool, int Thread)> After(Form form, SharedWaitable[] waitables, TimeSpan timeout, CancellationToken token)
    {
        try
        {
            if (form == Form.One)
                _ = await waitables[0].WaitAsync(timeout, token).ConfigureAwait(false);
            else if (form == Form.Any)
                _ = await SharedWait.AnyAsync(waitables, timeout, token).ConfigureAwait(false);
            else
                _ = await SharedWait.AllAsync(waitables, timeout, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        Thread current = Thread.CurrentThread;
        // The pool's workers have names of the pool's own; ours say whose they are.
        bool isOurs = current.Name?.StartsWith("Samepage", StringComparison.Ordinal) == true || current.Name == ".NET ThreadPool Wait";
        return (current.IsThreadPoolThread && !isOurs, current.ManagedThreadId);
    }

    private static async Task IsPending(Task task, TimeSpan time, bool orNot = false)
    {
        await Task.WhenAny(task, Task.Delay(time));
        Assert.True(orNot || !task.IsCompleted, "The wait has ended, and nothing was signalled.");
    }

    /// <summary>At once, not when it is awaited.</summary>
    private static T Refused<T>(Func<Task> begin) where T : Exception => Assert.Throws<T>((Action)(() => _ = begin()));

    private static Task<T> Result<T>(Task<T> task) => task.WaitAsync(Peer.Patience);

    /// <summary>How many have ended, a little after as many as expected have.</summary>
    private static async Task<int> Completed(Task[] tasks, int expected, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (tasks.Count(t => t.IsCompleted) < expected && watch.Elapsed < (patience ?? Peer.Patience))
            await Task.Delay(5);
        await Task.Delay(20);
        return tasks.Count(t => t.IsCompleted);
    }

    private static void Meet(Barrier barrier) => Assert.True(barrier.SignalAndWait(Peer.Patience), "The other thread hangs.");

    /// <summary>So many semaphores without a permit.</summary>
    private sealed class Several(string name, int count) : IDisposable
    {
        public SharedSemaphore[] All { get; } = [.. Enumerable.Range(0, count).Select(i => SharedSemaphore.Create(NameOf(name, i), 0, 100_000))];

        public static string NameOf(string name, int index) => $"{name}-{index}";

        public int Sum() => All.Sum(s => s.Info.State!.Count);

        public void Drain()
        {
            foreach (SharedSemaphore semaphore in All)
            {
                while (semaphore.Wait(TimeSpan.Zero) == WaitResult.Signaled)
                {
                }
            }
        }

        public void Dispose()
        {
            foreach (SharedSemaphore semaphore in All)
                semaphore.Dispose();
        }
    }
}
