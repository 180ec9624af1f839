using Samepage.Layout;
using Samepage.Platform.Linux.Waiting;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Waiting;

/// <summary>A stranger frees the word of a mutex that is held: the list of the thread that holds it, which the kernel follows, stays whole.</summary>
public sealed class StolenMutexTests
{
    private const uint Nobody = 0;

    [Fact]
    public void Taken_by_another_thread_of_the_process_it_is_corrupt_and_given_back() => Child.Do(TakesWhatIsHeld);

    [Fact]
    public void Memory_that_is_on_the_list_of_a_thread_is_not_given_up() => Child.Do(ClosesWhatIsHeld);

    [Fact]
    public void What_a_thread_held_that_ended_is_taken_by_the_next()
    {
        using SharedMutex mutex = SharedMutex.Create(Scene.NewName());
        for (int i = 0; i < 20; i++)
        {
            var thread = new Thread(() => mutex.Wait());
            thread.Start();
            Assert.True(thread.Join(TimeSpan.FromSeconds(20)));
            Assert.Equal(WaitResult.Abandoned, mutex.Wait(TimeSpan.FromSeconds(20)));
            mutex.Release();
        }
    }

    [Fact]
    public void Of_many_threads_that_enter_the_node_one_does()
    {
        using SharedMutex mutex = SharedMutex.Create(Scene.NewName());
        int inside = 0, most = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                for (int i = 0; i < 20_000; i++)
                {
                    _ = mutex.Wait();
                    most = Math.Max(most, ++inside);
                    inside--;
                    mutex.Release();
                }
            })),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        Assert.All(threads, t => Assert.True(t.Join(TimeSpan.FromSeconds(60))));
        Assert.Equal((0, 1), (inside, most));
    }

    [ChildPart]
    private static void TakesWhatIsHeld()
    {
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        using SharedMutex beside = SharedMutex.Create(name + "b");
        _ = beside.Wait();
        _ = mutex.Wait();
        uint me = RobustThread.Current.ThreadId;
        Free(name);
        OnAnotherThread(() =>
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.Corrupt, () => mutex.Wait(TimeSpan.FromSeconds(1)));
            Assert.Equal(name, refused.ObjectName);
            Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.Zero));
        });
        Assert.Equal((int)me, mutex.Info.State!.OwnerThreadId);
        mutex.Release();
        beside.Release();
        OnAnotherThread(() =>
        {
            Assert.Equal(WaitResult.Signaled, SharedWait.All([beside, mutex]).Result);
            beside.Release();
            mutex.Release();
        });
    }

    [ChildPart]
    private static void ClosesWhatIsHeld()
    {
        string name = Scene.NewName();
        using SharedMutex last = SharedMutex.Create(name + "l");
        for (int i = 0; i < 20; i++)
            HoldAndClose(name + i);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // Enters it before the others, and writes into the one that was entered last.
        _ = last.Wait();
        last.Release();
    }

    private static void HoldAndClose(string name)
    {
        using SharedMutex mutex = SharedMutex.Create(name);
        _ = mutex.Wait();
        Free(name);
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(20)));
        Assert.Null(thrown);
    }

    private static void Free(string name)
    {
        using FileStream file = new(Scene.PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = StateBlock.WaitWordOffset;
        file.Write(BitConverter.GetBytes(Nobody));
    }
}
