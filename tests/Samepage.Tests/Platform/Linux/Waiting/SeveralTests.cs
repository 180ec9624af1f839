using Samepage.Layout;
using Samepage.Platform.Linux.Waiting;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Waiting;

/// <summary>Waiting for several: its limits, its fallback, and what it makes of memory that somebody else wrote into.</summary>
public sealed class SeveralTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(20);

    private static void Overwrite(string name, int offset, uint value)
    {
        using FileStream file = new(Scene.PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = offset;
        file.Write(BitConverter.GetBytes(value));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void Any_wakes_with_and_without_futex_waitv(string waitV) =>
        Child.Do(WakesForEach, [waitV], variables: $"SAMEPAGE_FUTEX_WAITV={waitV}");

    [ChildPart]
    private static void WakesForEach(string waitV)
    {
        Assert.Equal(waitV == "1", Futex.HasWaitV);
        string name = Guid.NewGuid().ToString("N");
        SharedEvent[] events = [.. Enumerable.Range(0, 200).Select(i => SharedEvent.Create($"{name}-{i}", (EventResetMode)(i % 2)))];
        using var handover = new Barrier(2);
        (WaitResult, int) ended = default;
        var waiter = new Thread(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                SharedWaitResult result = SharedWait.Any(events, TimeSpan.FromSeconds(30));
                ended = (result.Result, result.Index);
                if (result.Index >= 0)
                    events[result.Index].Reset();
                handover.SignalAndWait();
            }
        });
        waiter.Start();
        for (int i = 0; i < 40; i++)
        {
            int which = i * 37 % events.Length;
            events[which].Set();
            handover.SignalAndWait();
            Assert.Equal((WaitResult.Signaled, which), ended);
        }
        waiter.Join();
        foreach (SharedEvent one in events)
            one.Dispose();
    }

    /// <summary>Two mutexes have two threads that sleep for the waiter; when it is over they are gone.</summary>
    [Fact]
    public void Sentinels_end_with_their_wait()
    {
        using SharedMutex one = SharedMutex.Create(Scene.NewName());
        using SharedMutex two = SharedMutex.Create(Scene.NewName());
        var owner = new Thread(() =>
        {
            one.Wait();
            two.Wait();
            Assert.Equal(WaitResult.TimedOut, Task.Run(() => SharedWait.Any([one, two], _short)).Result.Result);
            one.Release();
            two.Release();
        });
        owner.Start();
        owner.Join();
        // A thread that was joined may be seen for a moment yet.
        Assert.True(SpinWait.SpinUntil(() => !ThreadNames().Contains("Samepage sentin"), TimeSpan.FromSeconds(20)));
        Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 0), SharedWait.Any([one, two], _short));
        one.Release();
    }

    private static List<string> ThreadNames()
    {
        var names = new List<string>();
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                names.Add(File.ReadAllText(thread + "/comm").Trim());
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return names;
    }

    [Fact]
    public void More_than_the_kernel_looks_after_is_refused()
    {
        string name = Scene.NewName();
        SharedSemaphore[] many = [.. Enumerable.Range(0, 1001).Select(i => SharedSemaphore.Create($"{name}-{i}", 1, 1))];
        try
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.LimitReached, () => SharedWait.All(many, TimeSpan.Zero));
            Assert.Contains("1,001", refused.Message, StringComparison.Ordinal);
            Assert.Equal(WaitResult.Signaled, SharedWait.All(many.AsSpan(1), TimeSpan.Zero).Result);
            Assert.All(many.Skip(1), s => Assert.Equal(0, s.Info.State!.Count));
            Assert.Equal(1, many[0].Info.State!.Count);
        }
        finally
        {
            foreach (SharedSemaphore one in many)
                one.Dispose();
        }
    }

    [Fact]
    public void A_claim_that_names_no_thread_is_corrupt()
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset, initiallySet: true);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 1, 1);
        Overwrite(name, StateBlock.ClaimOffset, 0x3FFF_FFFF);
        Scene.Refusal(FailureReason.Corrupt, () => SharedWait.All([signal, semaphore], _short));
        Assert.Equal(1, semaphore.Info.State!.Count);
        Overwrite(name, StateBlock.SecondHalfOffset, SignalWord.Withheld);
        Scene.Refusal(FailureReason.Corrupt, () => signal.Wait(_short));
        Scene.Refusal(FailureReason.Corrupt, signal.Reset);
        Overwrite(name, StateBlock.ClaimOffset, 0);
        Overwrite(name, StateBlock.SecondHalfOffset, 0);
        Assert.Equal(WaitResult.Signaled, SharedWait.All([signal, semaphore], _short).Result);
    }

    /// <summary>As if one who died had left it, with a journal that is not there, or a number that no journal has: it had not decided.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFF_FFFFu)]
    public void A_mark_that_nobody_answers_for_gives_back(uint number)
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 0, 2);
        using SharedEvent manual = SharedEvent.Create(name + "m", EventResetMode.ManualReset, initiallySet: true);
        using SharedMutex mutex = SharedMutex.Create(name + "x");
        foreach (SharedWaitable one in new SharedWaitable[] { signal, semaphore, manual, mutex })
        {
            Overwrite(one.Name, StateBlock.ClaimRecordOffset, number);
            Overwrite(one.Name, StateBlock.ClaimRecordOffset + 8, number);
            Overwrite(one.Name, StateBlock.ClaimRecordOffset + 12, number);
            Overwrite(one.Name, StateBlock.SecondHalfOffset, SignalWord.Withheld);
        }
        Overwrite(mutex.Name, StateBlock.WaitWordOffset, MutexWord.OwnerDied);
        Assert.Equal(WaitResult.Signaled, signal.Wait(_short));
        Assert.Equal(WaitResult.Signaled, semaphore.Wait(_short));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.Signaled, manual.Wait(_short));
        Assert.Equal(WaitResult.Signaled, mutex.Wait(_short));
        mutex.Release();
    }

    /// <summary>The mark, and an owner who is not there, or who lives and knows nothing of it: the mutex is owned, and nobody waits longer than he wants.</summary>
    [Theory]
    [InlineData(65536u)]
    [InlineData(1u)]
    [InlineData(0x3FFF_FFFFu)]
    public void A_mark_beside_an_owner_leaves_the_mutex_owned(uint owner)
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedEvent set = SharedEvent.Create(name + "e", EventResetMode.ManualReset, initiallySet: true);
        Overwrite(name, StateBlock.WaitWordOffset, owner);
        Overwrite(name, StateBlock.SecondHalfOffset, SignalWord.Withheld);
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(_short));
        Assert.Equal(WaitResult.TimedOut, SharedWait.All([mutex, set], _short).Result);
        Assert.Equal(1, SharedWait.Any([mutex, set], _short).Index);
        using var cancellation = new CancellationTokenSource(_short);
        Assert.Throws<OperationCanceledException>(() => mutex.Wait(cancellation.Token));
        Overwrite(name, StateBlock.WaitWordOffset, 0);
        Assert.Equal(WaitResult.Signaled, mutex.Wait(_short));
        mutex.Release();
    }

    // With a root of its own: other tests put files of other programs into theirs.
    [Fact]
    public void The_journal_is_no_object_of_the_users() => Child.Do(KeepsItsJournalToItself, root: Scene.NewRoot());

    [ChildPart]
    private static void KeepsItsJournalToItself()
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset, initiallySet: true);
        using SharedSemaphore semaphore = SharedSemaphore.Create(name + "s", 1, 1);
        Assert.Equal(WaitResult.Signaled, SharedWait.All([signal, semaphore], _short).Result);
        Assert.Contains(Directory.GetFiles(Scene.LocalDirectory), f => Journal.IsNameOf(Path.GetFileName(f)));
        Assert.DoesNotContain(SharedObjects.List(), o => Journal.IsNameOf(o.Name!));
        Assert.Empty(SharedObjects.FindOrphans());
    }
}
