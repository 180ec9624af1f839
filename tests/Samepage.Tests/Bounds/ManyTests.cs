using System.Diagnostics;
using System.Globalization;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Bounds;

/// <summary>As many of everything as nobody will have.</summary>
public sealed class ManyTests
{
    private const int Objects = 10_000;
    private const int Waiters = 4_096;
    private const int Subscribers = 1_000;
    private const int SubscribingProcesses = 5;
    private const int Messages = 200;

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(50);

    [Fact]
    public void Ten_thousand_objects_of_one_process() =>
        Child.Do(HasTenThousandObjects, root: Scene.NewRoot(), shell: "ulimit -n 32768;");

    [ChildPart]
    private static void HasTenThousandObjects()
    {
        var all = new List<SharedEvent>(Objects);
        for (int i = 0; i < Objects; i++)
            all.Add(SharedEvent.Create($"event-{i}", EventResetMode.AutoReset));
        Assert.Equal(Objects, SharedObjects.List().Count);
        for (int i = 0; i < Objects; i += 100)
        {
            using SharedEvent same = SharedEvent.Open($"event-{i}");
            same.Set();
        }
        for (int i = 0; i < Objects; i++)
            Assert.Equal(i % 100 == 0 ? WaitResult.Signaled : WaitResult.TimedOut, all[i].Wait(TimeSpan.Zero));
        foreach (SharedEvent one in all)
            one.Dispose();
        Assert.Empty(SharedObjects.List());
        Assert.Empty(SharedObjects.FindOrphans());
    }

    [Fact]
    public void A_thousand_subscribers_in_several_processes_each_see_every_message()
    {
        using Topic topic = Topic.Create(
            Scene.NewName(), new TopicOptions { Capacity = 64 << 10, FullMode = TopicFullMode.Wait, MaxSubscribers = Subscribers, MaxPublishers = 1 });
        using TopicPublisher publisher = topic.CreatePublisher();
        using SharedSemaphore ready = SharedSemaphore.Create(topic.Name + "-ready", 0, SubscribingProcesses);
        Process[] processes = [.. Enumerable.Range(0, SubscribingProcesses).Select(_ => Child.Begin(Subscribes, [topic.Name]))];
        try
        {
            for (int i = 0; i < SubscribingProcesses; i++)
                Assert.Equal(WaitResult.Signaled, ready.Wait(_bound, TestContext.Current.CancellationToken));
            Assert.Equal(FailureReason.LimitReached, Assert.Throws<SharedObjectException>(() => topic.Subscribe()).Reason);
            var message = new byte[1_000];
            using var tooLate = new CancellationTokenSource(_bound);
            for (int i = 0; i < Messages; i++)
            {
                BitConverter.TryWriteBytes(message, i);
                publisher.Publish(message, 0, tooLate.Token);
            }
            foreach (Process process in processes)
            {
                Assert.True(process.WaitForExit(_bound), "a process with subscribers hangs");
                Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
            }
        }
        finally
        {
            foreach (Process process in processes)
            {
                process.Kill();
                process.Dispose();
            }
        }
        using TopicSubscriber next = topic.Subscribe();
    }

    [ChildPart]
    private static void Subscribes(string name)
    {
        using Topic topic = Topic.Open(name);
        TopicSubscriber[] all = [.. Enumerable.Range(0, Subscribers / SubscribingProcesses).Select(_ => topic.Subscribe())];
        using (SharedSemaphore ready = SharedSemaphore.Open(name + "-ready"))
            ready.Release();
        using var tooLate = new CancellationTokenSource(_bound);
        for (int i = 0; i < Messages; i++)
        {
            foreach (TopicSubscriber subscriber in all)
            {
                using TopicMessage message = subscriber.Read(tooLate.Token);
                Assert.Equal(i, BitConverter.ToInt32(message.Span));
            }
        }
        foreach (TopicSubscriber subscriber in all)
            subscriber.Dispose();
    }

    [Fact]
    public void All_who_sleep_on_one_word_are_woken()
    {
        string name = Scene.NewName();
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.ManualReset);
        Thread[] threads = Sleep(signal, () => Assert.Equal(WaitResult.Signaled, signal.Wait(_bound)));
        signal.Set();
        AssertEnd(threads);
    }

    [Fact]
    public void Each_signal_wakes_one_of_those_who_sleep_on_one_word()
    {
        using SharedEvent signal = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        int woken = 0;
        Thread[] threads = Sleep(signal, () =>
        {
            Assert.Equal(WaitResult.Signaled, signal.Wait(_bound));
            // Whoever has one hands it on.
            if (Interlocked.Increment(ref woken) < Waiters)
                signal.Set();
        });
        signal.Set();
        AssertEnd(threads);
        Assert.Equal(WaitResult.TimedOut, signal.Wait(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_mutex_goes_through_the_hands_of_all_who_sleep_on_it()
    {
        using SharedMutex mutex = SharedMutex.Create(Scene.NewName(), initiallyOwned: true);
        int inside = 0;
        Thread[] threads = Sleep(mutex, () =>
        {
            Assert.Equal(WaitResult.Signaled, mutex.Wait(_bound));
            inside++;
            mutex.Release();
        });
        mutex.Release();
        AssertEnd(threads);
        Assert.Equal(Waiters, inside);
    }

    /// <summary>Threads that sleep, all of them, when this returns.</summary>
    private static Thread[] Sleep(SharedWaitable waitable, Action waits)
    {
        var threads = new Thread[Waiters];
        for (int i = 0; i < Waiters; i++)
        {
            threads[i] = new Thread(() => waits(), maxStackSize: 128 << 10) { IsBackground = true };
            threads[i].Start();
        }
        var clock = Stopwatch.StartNew();
        int? sleeping;
        while ((sleeping = waitable.Info.State!.WaiterCount) != Waiters)
            Assert.True(clock.Elapsed < _bound, string.Create(CultureInfo.InvariantCulture, $"{sleeping} of {Waiters} sleep"));
        return threads;
    }

    private static void AssertEnd(Thread[] threads)
    {
        var clock = Stopwatch.StartNew();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(_bound - clock.Elapsed), "somebody was not woken");
    }
}
