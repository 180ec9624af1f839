using System.Diagnostics;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Tasks, timers and wait handles of the process beside shared objects in one wait: W34.</summary>
public sealed class MixedWaitTests
{
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _due = TimeSpan.FromMilliseconds(60);
    private static readonly SharedWaitResult _timedOut = new(WaitResult.TimedOut, -1);

    private static SharedWaitResult Took(int index) => new(WaitResult.Signaled, index);

    [Fact]
    public void W34_Any_takes_the_lowest_of_a_mix_and_leaves_the_others()
    {
        for (int lowest = 0; lowest < Mix.Count; lowest++)
        {
            using var mix = new Mix(Expect.NewName());
            for (int i = lowest; i < Mix.Count; i++)
                mix.Signal(i);
            Assert.Equal(Took(lowest), SharedWait.Any(mix.Sources));
            for (int i = 0; i < Mix.Count; i++)
                Assert.Equal((i, i > lowest || i == lowest && Mix.Stays(i)), (i, mix.Take(i)));
        }
    }

    [Fact]
    public void W34_Any_is_ended_by_whichever_of_a_mix_is_signalled_while_it_sleeps()
    {
        using var cancellation = new CancellationTokenSource();
        foreach (CancellationToken token in new[] { CancellationToken.None, cancellation.Token })
        {
            foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, Peer.Patience, TimeSpan.MaxValue })
            {
                for (int signalled = 0; signalled < Mix.Count; signalled++)
                {
                    using var mix = new Mix(Expect.NewName());
                    Task<SharedWaitResult> wait = Expect.Begin(() => SharedWait.Any(mix.Sources, time, token));
                    Assert.False(wait.Wait(_shortly));
                    mix.Signal(signalled);
                    Assert.Equal(Took(signalled), Expect.Result(wait));
                    Assert.Equal(Mix.Stays(signalled), mix.Take(signalled));
                    // The others still have what they get now.
                    for (int i = 0; i < Mix.Count; i++)
                    {
                        mix.Signal(i);
                        Assert.True(mix.Take(i), $"{i} is not as it was.");
                    }
                }
            }
        }
    }

    [Fact]
    public void W34_A_task_is_signalled_however_it_completed()
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        Task[] completed = [Task.CompletedTask, Task.FromResult(1), Task.FromException(new InvalidOperationException("no")), Task.FromCanceled(new CancellationToken(true))];
        foreach (Task task in completed)
        {
            Assert.Equal(Took(1), SharedWait.Any([shared, task]));
            Assert.Equal(Took(-1), SharedWait.All([task, task]));
            Assert.Equal(Took(1), Expect.Result(SharedWait.AnyAsync([shared, task]).AsTask()));
        }
        foreach (Action<TaskCompletionSource<int>> complete in new Action<TaskCompletionSource<int>>[] { t => t.SetResult(1), t => t.SetException(new InvalidOperationException("no")), t => t.SetCanceled() })
        {
            var source = new TaskCompletionSource<int>();
            Task<SharedWaitResult> wait = Expect.Begin(() => SharedWait.Any([shared, source.Task]));
            Assert.False(wait.Wait(_shortly));
            complete(source);
            Assert.Equal(Took(1), Expect.Result(wait));
        }
    }

    [Fact]
    public void W34_A_mutex_that_wins_belongs_to_the_thread_that_waited()
    {
        using SharedMutex shared = SharedMutex.Create(Expect.NewName(), initiallyOwned: true);
        using var own = new Mutex(initiallyOwned: true);
        Task never = new TaskCompletionSource().Task;
        Task<bool> waiter = Expect.Begin(() =>
        {
            Assert.Equal(Took(2), SharedWait.Any([never, shared, own]));
            own.ReleaseMutex();
            Assert.Throws<InvalidOperationException>(shared.Release);
            return true;
        });
        Assert.False(waiter.Wait(_shortly));
        own.ReleaseMutex();
        Assert.True(Expect.Result(waiter));
        Assert.True(own.WaitOne(0));

        waiter = Expect.Begin(() =>
        {
            Assert.Equal(Took(1), SharedWait.Any([never, shared, own]));
            shared.Release();
            Assert.Throws<ApplicationException>(own.ReleaseMutex);
            return true;
        });
        Assert.False(waiter.Wait(_shortly));
        shared.Release();
        Assert.True(Expect.Result(waiter));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W34_An_abandoned_mutex_of_the_process_is_told(bool before)
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using var own = new Mutex();
        using var owned = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim(before);
        Task<bool> owner = Expect.Begin(() =>
        {
            own.WaitOne();
            owned.Set();
            leave.Wait();
            return true;
        });
        owned.Wait();
        if (before)
            Assert.True(Expect.Result(owner));
        Task<SharedWaitResult> wait = Expect.Begin(() =>
        {
            SharedWaitResult result = SharedWait.Any([shared, own]);
            own.ReleaseMutex();
            return result;
        });
        if (!before)
            Assert.False(wait.Wait(_shortly));
        leave.Set();
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 1), Expect.Result(wait));
        // Told once.
        Assert.True(own.WaitOne(0));
    }

    [Fact]
    public void W34_A_timer_ends_any_when_it_is_due_and_not_before()
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using var handle = new AutoResetEvent(false);
        Task never = new TaskCompletionSource().Task;
        WaitSource[][] mixes =
        [
            [WaitSource.After(TimeSpan.FromMinutes(1)), WaitSource.After(_due)],
            [shared, WaitSource.After(_due)],
            [never, WaitSource.After(_due), shared],
            [WaitSource.After(Timeout.InfiniteTimeSpan), WaitSource.After(_due), handle, shared],
            [handle, WaitSource.After(_due), WaitSource.After(_due)],
        ];
        foreach (WaitSource[] mix in mixes)
        {
            foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, Peer.Patience, _due })
            {
                long start = Stopwatch.GetTimestamp();
                Assert.Equal(Took(1), SharedWait.Any(mix, time));
                Assert.InRange(Stopwatch.GetElapsedTime(start), _due, Peer.Patience);
            }
            // The time runs out before.
            Assert.Equal(_timedOut, SharedWait.Any(mix, _due / 2));
            Assert.Equal(_timedOut, SharedWait.Any(mix, TimeSpan.Zero));
        }
        Assert.Equal(Took(1), SharedWait.Any([shared, WaitSource.After(TimeSpan.Zero)], TimeSpan.Zero));
        Assert.Equal(_timedOut, SharedWait.Any([WaitSource.After(Timeout.InfiniteTimeSpan)], _shortly));
        shared.Set();
        Assert.Equal(Took(0), SharedWait.Any([shared, WaitSource.After(TimeSpan.Zero)]));
        Assert.False(shared.Info.State!.IsSignaled);
    }

    [Fact]
    public void W34_A_mix_that_times_out_or_is_cancelled_has_taken_nothing()
    {
        using SharedSemaphore shared = SharedSemaphore.Create(Expect.NewName(), 0, 1);
        using var handle = new AutoResetEvent(false);
        var source = new TaskCompletionSource();
        foreach (WaitSource[] mix in new WaitSource[][] { [shared, source.Task], [shared, source.Task, handle], [handle] })
        {
            Assert.Equal(_timedOut, SharedWait.Any(mix, _shortly));
            Assert.Throws<OperationCanceledException>(() => SharedWait.Any(mix, new CancellationToken(true)));
            using var cancellation = new CancellationTokenSource();
            Task<OperationCanceledException> wait = Expect.Begin(() => Assert.Throws<OperationCanceledException>(() => SharedWait.Any(mix, cancellation.Token)));
            Assert.False(wait.Wait(_shortly));
            cancellation.Cancel();
            Assert.Equal(cancellation.Token, Expect.Result(wait).CancellationToken);
        }
        // Whoever waited is gone: what comes now is there for the next one.
        shared.Release();
        handle.Set();
        Assert.Equal(WaitResult.Signaled, shared.Wait(TimeSpan.Zero));
        Assert.True(handle.WaitOne(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void W34_All_waits_for_tasks_and_timers_and_takes_nothing_before(bool asynchronous)
    {
        using SharedSemaphore shared = SharedSemaphore.Create(Expect.NewName(), 1, 1);
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, Peer.Patience, TimeSpan.MaxValue })
        {
            var source = new TaskCompletionSource();
            long start = Stopwatch.GetTimestamp();
            Task<SharedWaitResult> wait = All([WaitSource.After(_due), shared, source.Task, WaitSource.After(_due / 2)], time);
            // The timers have passed, and the task is missing.
            Assert.False(wait.Wait(_due * 2));
            Assert.True(shared.Info.State!.IsSignaled);
            source.SetResult();
            Assert.Equal(Took(-1), Expect.Result(wait));
            Assert.False(shared.Info.State!.IsSignaled);

            // The shared object is missing.
            wait = All([source.Task, shared], time);
            Assert.False(wait.Wait(_shortly));
            shared.Release();
            Assert.Equal(Took(-1), Expect.Result(wait));

            // The timer is missing.
            shared.Release();
            start = Stopwatch.GetTimestamp();
            Assert.Equal(Took(-1), Expect.Result(All([shared, WaitSource.After(_due), source.Task], time)));
            Assert.InRange(Stopwatch.GetElapsedTime(start), _due, Peer.Patience);
            shared.Release();
        }
        Task never = new TaskCompletionSource().Task;
        Assert.Equal(_timedOut, Expect.Result(All([shared, never], _shortly)));
        Assert.Equal(_timedOut, Expect.Result(All([shared, never], TimeSpan.Zero)));
        Assert.Equal(_timedOut, Expect.Result(All([shared, WaitSource.After(Peer.Patience)], _shortly)));
        Assert.Equal(_timedOut, Expect.Result(All([shared, WaitSource.After(_due / 2), never], _due)));
        Assert.Equal(Took(-1), Expect.Result(All([WaitSource.After(_due)], _due)));
        Assert.Equal(Took(-1), Expect.Result(All([WaitSource.After(TimeSpan.Zero), Task.CompletedTask], TimeSpan.Zero)));
        Assert.True(shared.Info.State!.IsSignaled);

        foreach (WaitSource[] mix in new WaitSource[][] { [shared, never], [shared, WaitSource.After(Timeout.InfiniteTimeSpan)] })
        {
            using var cancellation = new CancellationTokenSource();
            Task<SharedWaitResult> wait = All(mix, Timeout.InfiniteTimeSpan, cancellation.Token);
            Assert.False(wait.Wait(_shortly));
            cancellation.Cancel();
            Assert.Equal(cancellation.Token, Assert.ThrowsAny<OperationCanceledException>(() => Expect.Result(wait)).CancellationToken);
        }
        Assert.True(shared.Info.State!.IsSignaled);

        Task<SharedWaitResult> All(WaitSource[] sources, TimeSpan time, CancellationToken token = default) => asynchronous
            ? SharedWait.AllAsync(sources, time, token).AsTask()
            : Expect.Begin(() => SharedWait.All(sources, time, token));
    }

    [Fact]
    public void W34_All_tells_which_mutex_was_abandoned_by_its_place_in_the_mix()
    {
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        Expect.OnAnotherThread(() => mutex.Wait());
        Assert.Equal(new SharedWaitResult(WaitResult.Abandoned, 2), SharedWait.All([WaitSource.After(TimeSpan.Zero), Task.CompletedTask, mutex]));
        mutex.Release();
    }

    [Fact]
    public async Task W34_An_asynchronous_wait_for_any_of_a_mix_is_ended_by_whichever_is_signalled()
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        foreach (TimeSpan time in new[] { Timeout.InfiniteTimeSpan, Peer.Patience, TimeSpan.MaxValue })
        {
            var source = new TaskCompletionSource();
            WaitSource[] mix = [source.Task, WaitSource.After(Timeout.InfiniteTimeSpan), shared];
            Task<SharedWaitResult> wait = SharedWait.AnyAsync(mix, time).AsTask();
            Assert.False(wait.IsCompleted);
            shared.Set();
            Assert.Equal(Took(2), await wait.WaitAsync(Peer.Patience));

            wait = SharedWait.AnyAsync(mix, time).AsTask();
            Assert.False(wait.IsCompleted);
            source.SetResult();
            Assert.Equal(Took(0), await wait.WaitAsync(Peer.Patience));
            shared.Set();
            Assert.Equal(Took(0), await SharedWait.AnyAsync(mix, time));
            Assert.Equal(WaitResult.Signaled, shared.Wait(TimeSpan.Zero));

            long start = Stopwatch.GetTimestamp();
            Assert.Equal(Took(1), await SharedWait.AnyAsync([shared, WaitSource.After(_due)], time).AsTask().WaitAsync(Peer.Patience));
            Assert.InRange(Stopwatch.GetElapsedTime(start), _due, Peer.Patience);
        }
        Task never = new TaskCompletionSource().Task;
        Assert.Equal(_timedOut, await SharedWait.AnyAsync([shared, never, WaitSource.After(Peer.Patience)], _shortly));
        Assert.Equal(_timedOut, await SharedWait.AnyAsync([shared, never], TimeSpan.Zero));
        using var cancellation = new CancellationTokenSource();
        Task<SharedWaitResult> cancelled = SharedWait.AnyAsync([never, shared], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Peer.Patience))).CancellationToken);
        shared.Set();
        Assert.Equal(WaitResult.Signaled, shared.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W34_What_cannot_be_waited_for_together_is_refused()
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset, initiallySet: true);
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        using var handle = new AutoResetEvent(true);
        Task never = new TaskCompletionSource().Task;
        string[] messages =
        [
            Assert.Throws<NotSupportedException>(() => SharedWait.All([shared, handle])).Message,
            Assert.Throws<NotSupportedException>(() => Begin(SharedWait.AnyAsync([shared, handle]).AsTask())).Message,
            Assert.Throws<NotSupportedException>(() => Begin(SharedWait.AllAsync([shared, handle]).AsTask())).Message,
        ];
        Assert.All(messages, m => Assert.StartsWith("The AutoResetEvent at index 1 cannot be waited for in this way: ", m, StringComparison.Ordinal));
        Assert.Throws<NotSupportedException>(() => Begin(SharedWait.AnyAsync([never, mutex]).AsTask()));
        Assert.Throws<NotSupportedException>(() => Begin(SharedWait.AllAsync([never, mutex]).AsTask()));

        foreach (WaitSource nothing in new WaitSource[] { default, (Task)null!, (WaitHandle)null!, (SharedEvent)null! })
        {
            Assert.Equal("sources", Assert.Throws<ArgumentException>(() => SharedWait.Any([shared, nothing], TimeSpan.Zero)).ParamName);
            Assert.Equal("sources", Assert.Throws<ArgumentException>(() => SharedWait.All([shared, nothing], TimeSpan.Zero)).ParamName);
        }
        Assert.Equal("sources", Assert.Throws<ArgumentException>(() => SharedWait.Any(ReadOnlySpan<WaitSource>.Empty)).ParamName);
        Assert.Equal("due", Assert.Throws<ArgumentOutOfRangeException>(() => WaitSource.After(TimeSpan.FromTicks(-1))).ParamName);
        Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(() => SharedWait.Any([never], TimeSpan.FromTicks(-1))).ParamName);
        Assert.Throws<ArgumentException>(() => SharedWait.All([shared, never, shared], TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => SharedWait.All([shared, WaitSource.After(Peer.Patience), shared]));
        mutex.Dispose();
        Assert.Throws<ObjectDisposedException>(() => SharedWait.Any([Task.CompletedTask, mutex]));
        // Nothing of all that took anything.
        Assert.True(handle.WaitOne(0));
        Assert.Equal(WaitResult.Signaled, shared.Wait(TimeSpan.Zero));
    }

    [Fact]
    public void W34_Shared_objects_alone_are_waited_for_as_ever()
    {
        using SharedEvent set = SharedEvent.Create(Expect.NewName(), EventResetMode.ManualReset, initiallySet: true);
        using SharedMutex mutex = SharedMutex.Create(Expect.NewName());
        // The one compiles as a span of waitables, the other as one of sources.
        Assert.Equal(Took(0), SharedWait.Any([mutex, set]));
        Assert.Equal(Took(0), SharedWait.Any((ReadOnlySpan<WaitSource>)[mutex, set]));
        Assert.Equal(Took(-1), SharedWait.All([mutex, set], TimeSpan.Zero));
        Assert.Equal(Took(-1), SharedWait.All((ReadOnlySpan<WaitSource>)[mutex, set], TimeSpan.Zero));
        for (int i = 0; i < 4; i++)
            mutex.Release();
        Assert.Throws<InvalidOperationException>(mutex.Release);
    }

    [Fact]
    public void W34_The_same_may_be_in_a_mix_more_than_once()
    {
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        using var handle = new AutoResetEvent(false);
        var source = new TaskCompletionSource();
        WaitSource[] mix = [handle, source.Task, shared, handle, shared, source.Task, handle];
        for (int i = 0; i < 3; i++)
        {
            Task<SharedWaitResult> wait = Expect.Begin(() => SharedWait.Any(mix));
            Assert.False(wait.Wait(_shortly));
            Action signal = i switch { 0 => () => handle.Set(), 1 => shared.Set, _ => source.SetResult };
            signal();
            Assert.Contains(Expect.Result(wait).Index, (int[])(i == 0 ? [0, 3, 6] : i == 1 ? [2, 4] : [1, 5]));
            Assert.Equal(i == 2 ? Took(1) : _timedOut, SharedWait.Any(mix, TimeSpan.Zero));
        }
    }

    /// <summary>More than any system takes in one sleep; and as many handles as .NET does.</summary>
    [Fact]
    public void W34_A_mix_may_be_large()
    {
        string name = Expect.NewName();
        SharedEvent[] shared = [.. Enumerable.Range(0, 150).Select(i => SharedEvent.Create($"{name}{i}", EventResetMode.AutoReset))];
        AutoResetEvent[] handles = [.. Enumerable.Range(0, 66).Select(_ => new AutoResetEvent(false))];
        TaskCompletionSource[] tasks = [.. Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource())];
        WaitSource[] mix =
        [
            .. shared.Select(e => (WaitSource)e), .. handles[..60].Select(h => (WaitSource)h), .. tasks.Select(t => (WaitSource)t.Task),
        ];
        foreach (int signalled in new[] { 0, 149, 150, 209, 77, 210, 229 })
        {
            Task<SharedWaitResult> wait = Expect.Begin(() => SharedWait.Any(mix));
            Assert.False(wait.Wait(_shortly));
            if (signalled < 150)
                shared[signalled].Set();
            else if (signalled < 210)
                handles[signalled - 150].Set();
            else
                tasks[signalled - 210].SetResult();
            Assert.Equal(Took(signalled), Expect.Result(wait));
            if (signalled >= 210)
                mix[signalled] = tasks[signalled - 210 + 1 == tasks.Length ? 0 : signalled - 210 + 1].Task;
        }
        WaitSource[] tooMany = [shared[0], .. handles.Select(h => (WaitSource)h)];
        Expect.Refusal(FailureReason.LimitReached, 298, () => SharedWait.Any(tooMany, _shortly));
        foreach (IDisposable one in (IDisposable[])[.. shared, .. handles])
            one.Dispose();
    }

    /// <summary>Nothing is lost and nothing taken twice, whoever is awake.</summary>
    [Fact]
    public void W34_What_a_mix_is_signalled_is_taken_exactly_once()
    {
        const int Each = 300;
        using SharedSemaphore shared = SharedSemaphore.Create(Expect.NewName(), 0, Each);
        using var own = new Semaphore(0, Each);
        using SharedSemaphore other = SharedSemaphore.Create(Expect.NewName(), 0, Each);
        var over = new TaskCompletionSource();
        Task<int[]>[] waiters =
        [
            .. Enumerable.Range(0, 3).Select(_ => Expect.Begin(() =>
            {
                int[] taken = new int[4];
                // In the end all are asleep or about to look: the task is behind what they must take.
                while (SharedWait.Any([shared, own, other, over.Task]) is { Index: < 3 } result)
                    taken[result.Index]++;
                return taken;
            })),
        ];
        for (int i = 0; i < Each; i++)
        {
            shared.Release();
            own.Release();
            other.Release();
        }
        over.SetResult();
        int[][] all = [.. waiters.Select(Expect.Result)];
        Assert.Equal([Each, Each, Each], Enumerable.Range(0, 3).Select(i => all.Sum(t => t[i])));
    }

    [Fact]
    public void W34_A_named_mutex_of_the_process_can_be_taken_beside_shared_objects()
    {
        string name = Expect.NewName();
        using SharedEvent shared = SharedEvent.Create(name, EventResetMode.AutoReset);
        using var own = new Mutex(initiallyOwned: false, "samepage-" + Guid.NewGuid().ToString("N"));
        Assert.Equal(Took(1), SharedWait.Any([shared, own]));
        own.ReleaseMutex();
        shared.Set();
        Assert.Equal(Took(0), SharedWait.Any([shared, own]));

        // Sleeping for it beside others is more than .NET can do on Linux.
        own.WaitOne();
        Expect.OnAnotherThread(() =>
        {
            if (OperatingSystem.IsWindows())
                Assert.Equal(_timedOut, SharedWait.Any([shared, own], _shortly));
            else
                Assert.Throws<PlatformNotSupportedException>(() => SharedWait.Any([shared, own], _shortly));
        });
        own.ReleaseMutex();
        shared.Set();
        Assert.Equal(Took(0), SharedWait.Any([shared, own]));
    }

    // What is refused is refused before there is a task.
    private static void Begin(Task<SharedWaitResult> wait) => _ = wait;

    /// <summary>One of each kind, each of which can be signalled and taken on its own.</summary>
    private sealed class Mix(string name) : IDisposable
    {
        public const int Count = 6;

        private readonly SharedEvent _event = SharedEvent.Create(name, EventResetMode.AutoReset);
        private readonly TaskCompletionSource _task = new();
        private readonly AutoResetEvent _handle = new(false);
        private readonly SharedSemaphore _semaphore = SharedSemaphore.Create(name + "s", 0, 1);
        private readonly Semaphore _own = new(0, 1);
        private readonly TaskCompletionSource<int> _second = new();

        public WaitSource[] Sources => [_event, _task.Task, _handle, _semaphore, _own, _second.Task];

        /// <summary>True for what is signalled for good.</summary>
        public static bool Stays(int index) => index is 1 or 5;

        public void Signal(int index) => _ = index switch
        {
            0 => Do(_event.Set),
            1 => _task.TrySetResult(),
            2 => _handle.Set(),
            3 => Do(() => _semaphore.Release()),
            4 => Do(() => _own.Release()),
            _ => _second.TrySetException(new InvalidOperationException("This task failed.")),
        };

        /// <summary>True when it was signalled.</summary>
        public bool Take(int index) => index switch
        {
            0 => _event.Wait(TimeSpan.Zero) == WaitResult.Signaled,
            1 => _task.Task.IsCompleted,
            2 => _handle.WaitOne(0),
            3 => _semaphore.Wait(TimeSpan.Zero) == WaitResult.Signaled,
            4 => _own.WaitOne(0),
            _ => _second.Task.IsCompleted,
        };

        public void Dispose()
        {
            foreach (IDisposable one in (IDisposable[])[_event, _handle, _semaphore, _own])
                one.Dispose();
        }

        private static bool Do(Action action)
        {
            action();
            return true;
        }
    }
}
