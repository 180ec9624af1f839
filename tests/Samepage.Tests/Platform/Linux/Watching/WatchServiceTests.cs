using System.Diagnostics;
using Samepage.Platform.Linux.Watching;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Watching;

/// <summary>Asynchronous waits in each of the ways in which the kernel lets a thread sleep for them.</summary>
public sealed class WatchServiceTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    public static TheoryData<string, string> Ways() => new() { { "1", "1" }, { "0", "1" }, { "0", "0" } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_wait_gets_its_own(string ring, string waitV) => Run(GivesEachItsOwn, ring, waitV);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Time_and_tokens_end_waits(string ring, string waitV) => Run(EndsByTimeAndToken, ring, waitV);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Cancellation_at_any_moment_takes_no_signal(string ring, string waitV) => Run(CancelsAtAnyMoment, ring, waitV);

    [Theory]
    [MemberData(nameof(Ways))]
    public void All_are_taken_at_once(string ring, string waitV) => Run(TakesAllAtOnce, ring, waitV);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Who_waits_no_longer_leaves_nothing_asleep(string ring, string waitV) => Run(LeavesNothingAsleep, ring, waitV);

    [Fact]
    public void Asking_too_early_is_refused_and_ends_nothing()
    {
        using SharedEvent signal = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        ValueTask<WaitResult> pending = signal.WaitAsync();
        Assert.Throws<InvalidOperationException>(() => pending.GetAwaiter().GetResult());
        signal.Set();
        Assert.Equal(WaitResult.Signaled, Within(pending));
    }

    [Fact]
    public void Ten_thousand_objects_have_one_thread() => Run(HasOneThread, "1", "1");

    [Fact]
    public void Pending_waits_use_no_processor() => Run(UsesNoProcessor, "1", "1");

    private static void Run(Delegate part, string ring, string waitV) =>
        Child.Do(part, [ring], null, "", "", $"SAMEPAGE_IO_URING={ring}", $"SAMEPAGE_FUTEX_WAITV={waitV}");

    private static T Within<T>(ValueTask<T> pending)
    {
        Task<T> task = pending.AsTask();
        Assert.True(task.Wait(_patience), "The wait has no end.");
        return task.Result;
    }

    [ChildPart]
    private static void GivesEachItsOwn(string ring)
    {
        Assert.Equal(ring == "1", RingSleeper.IsSupported);
        string name = Guid.NewGuid().ToString("N");
        SharedWaitable[] objects = [.. Enumerable.Range(0, 300).Select(i => OneOfThree(i, $"{name}-{i}"))];
        for (int round = 0; round < 3; round++)
        {
            ValueTask<WaitResult>[] ones = [.. objects.Select(o => o.WaitAsync())];
            ValueTask<SharedWaitResult>[] anys = [.. Enumerable.Range(0, 100).Select(i => SharedWait.AnyAsync([objects[i], objects[299 - i], objects[i]]))];
            Assert.All(ones, t => Assert.False(t.IsCompleted));
            foreach (SharedWaitable one in objects)
            {
                if (one is SharedSemaphore semaphore)
                    semaphore.Release(2);
                else
                    ((SharedEvent)one).Set();
            }
            Assert.All(ones, t => Assert.Equal(WaitResult.Signaled, Within(t)));
            // Of the auto-reset events each had one signal, which its own wait got; the others are there for the rest.
            for (int i = 0; i < 100; i += 3)
                ((SharedEvent)objects[i]).Set();
            for (int i = 201; i < 300; i += 3)
                ((SharedEvent)objects[i]).Set();
            // The last when the signal came after the look at the first, which is the same object.
            Assert.All(anys, t => Assert.InRange(Within(t).Index, 0, 2));
            foreach (SharedWaitable one in objects)
            {
                if (one is SharedEvent signal)
                    signal.Reset();
                while (one.Wait(TimeSpan.Zero) == WaitResult.Signaled)
                {
                }
            }
        }
        foreach (SharedWaitable one in objects)
            one.Dispose();
    }

    private static SharedWaitable OneOfThree(int i, string name) => (i % 3) switch
    {
        0 => SharedEvent.Create(name, EventResetMode.AutoReset),
        1 => SharedEvent.Create(name, EventResetMode.ManualReset),
        _ => SharedSemaphore.Create(name, 0, 100),
    };

    [ChildPart]
    private static void EndsByTimeAndToken(string ring)
    {
        Assert.Equal(ring == "1", RingSleeper.IsSupported);
        using SharedSemaphore semaphore = SharedSemaphore.Create(Guid.NewGuid().ToString("N"), 0, 10);
        using var cancellation = new CancellationTokenSource();
        ValueTask<WaitResult>[] timed = [.. Enumerable.Range(0, 20).Select(i => semaphore.WaitAsync(TimeSpan.FromMilliseconds(200 - i * 10)))];
        ValueTask<WaitResult>[] cancelled = [.. Enumerable.Range(0, 20).Select(_ => semaphore.WaitAsync(TimeSpan.FromHours(1), cancellation.Token))];
        ValueTask<WaitResult> last = semaphore.WaitAsync(TimeSpan.FromDays(20_000));
        Assert.All(timed, t => Assert.Equal(WaitResult.TimedOut, Within(t)));
        cancellation.Cancel();
        foreach (ValueTask<WaitResult> one in cancelled)
        {
            var failure = Assert.IsType<OperationCanceledException>(Assert.ThrowsAny<AggregateException>(() => Within(one)).InnerException, exactMatch: false);
            Assert.Equal(cancellation.Token, failure.CancellationToken);
        }
        Assert.False(last.IsCompleted);
        semaphore.Release();
        Assert.Equal(WaitResult.Signaled, Within(last));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
    }

    [ChildPart]
    private static void LeavesNothingAsleep(string ring)
    {
        Assert.Equal(ring == "1", RingSleeper.IsSupported);
        string name = Guid.NewGuid().ToString("N");
        SharedWaitable[] objects = [.. Enumerable.Range(0, 200).Select(i => OneOfThree(i, $"{name}-{i}"))];
        for (int round = 0; round < 5; round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task[] waits = [.. objects.Select(o => o.WaitAsync(cancellation.Token).AsTask()), SharedWait.AnyAsync(objects, cancellation.Token).AsTask()];
            Assert.Equal(200, WatchService.WatchCount);
            cancellation.Cancel();
            Assert.All(waits, w => Assert.ThrowsAny<AggregateException>(() => w.Wait(_patience)));
            Assert.True(SpinWait.SpinUntil(() => WatchService.WatchCount == 0, _patience));
        }
        foreach (SharedWaitable one in objects)
            one.Dispose();
    }

    [ChildPart]
    private static void CancelsAtAnyMoment(string ring)
    {
        Assert.Equal(ring == "1", RingSleeper.IsSupported);
        using SharedSemaphore semaphore = SharedSemaphore.Create(Guid.NewGuid().ToString("N"), 0, 1_000_000);
        using SharedEvent other = SharedEvent.Create(Guid.NewGuid().ToString("N"), EventResetMode.ManualReset);
        int released = 0, taken = 0;
        for (int round = 0; round < 4_000; round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<bool> wait = Took(semaphore, other, round, cancellation.Token);
            if (round % 3 != 0)
            {
                var release = Task.Run(() => semaphore.Release());
                Thread.SpinWait(round % 50 * 10);
                cancellation.Cancel();
                Assert.True(release.Wait(_patience));
                released++;
            }
            else
                cancellation.Cancel();
            Assert.True(wait.Wait(_patience), $"round {round}");
            taken += wait.Result ? 1 : 0;
        }
        while (semaphore.Wait(TimeSpan.Zero) == WaitResult.Signaled)
            taken++;
        Assert.Equal(released, taken);
    }

    private static async Task<bool> Took(SharedSemaphore semaphore, SharedEvent other, int round, CancellationToken token)
    {
        try
        {
            if (round % 2 == 0)
                return await semaphore.WaitAsync(token) == WaitResult.Signaled;
            return (await SharedWait.AnyAsync([other, semaphore], token)).Index == 1;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [ChildPart]
    private static void TakesAllAtOnce(string ring)
    {
        Assert.Equal(ring == "1", RingSleeper.IsSupported);
        string name = Guid.NewGuid().ToString("N");
        using SharedSemaphore one = SharedSemaphore.Create(name + "1", 0, 1_000);
        using SharedSemaphore two = SharedSemaphore.Create(name + "2", 0, 1_000);
        using SharedEvent gate = SharedEvent.Create(name + "3", EventResetMode.ManualReset);
        ValueTask<SharedWaitResult>[] waits =
        [
            .. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? SharedWait.AllAsync([one, two, gate]) : SharedWait.AllAsync([gate, two, one])),
        ];
        one.Release(300);
        two.Release(300);
        Assert.All(waits, t => Assert.False(t.IsCompleted));
        Assert.Equal((300, 300), (one.Info.State!.Count, two.Info.State!.Count));
        gate.Set();
        Assert.All(waits, t => Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), Within(t)));
        Assert.Equal((100, 100), (one.Info.State!.Count, two.Info.State!.Count));
    }

    [ChildPart]
    private static void HasOneThread(string ring)
    {
        Assert.Equal("1", ring);
        string name = Guid.NewGuid().ToString("N");
        SharedEvent[] events = [.. Enumerable.Range(0, 10_000).Select(i => SharedEvent.Create($"{name}-{i}", EventResetMode.AutoReset))];
        ValueTask<WaitResult>[] waits = [.. events.Select(e => e.WaitAsync())];
        Assert.Equal(1, WatchService.ThreadCount);
        foreach (SharedEvent one in events)
            one.Set();
        Assert.All(waits, t => Assert.Equal(WaitResult.Signaled, Within(t)));
        Assert.All(events, e => Assert.False(e.Info.State!.IsSignaled));
        Assert.Equal(1, WatchService.ThreadCount);
        foreach (SharedEvent one in events)
            one.Dispose();
    }

    [ChildPart]
    private static void UsesNoProcessor(string ring)
    {
        Assert.Equal("1", ring);
        using SharedSemaphore semaphore = SharedSemaphore.Create(Guid.NewGuid().ToString("N"), 0, 1_000);
        ValueTask<WaitResult>[] waits = [.. Enumerable.Range(0, 1_000).Select(_ => semaphore.WaitAsync())];
        string thread = Directory.GetDirectories("/proc/self/task").Single(t => File.ReadAllText(t + "/comm").Trim() == "Samepage watch");
        // Ticks in user and kernel mode: fields 14 and 15 of stat.
        string Ticks() => string.Join('+', File.ReadAllText(thread + "/stat").Split(") ")[1].Split(' ')[11..13]);
        Assert.False(waits[999].AsTask().Wait(500));
        string before = Ticks();
        var clock = Stopwatch.StartNew();
        Assert.False(waits[998].AsTask().Wait(2_000));
        Assert.True(clock.ElapsedMilliseconds >= 1_900);
        Assert.Equal(before, Ticks());
        semaphore.Release(1_000);
        Assert.All(waits[..998], t => Assert.Equal(WaitResult.Signaled, Within(t)));
    }
}
