using System.Diagnostics;
using System.Globalization;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Bounds;

/// <summary>Process ids that mean another process: those of another namespace, and those that are used again.</summary>
public sealed class PidNamespaceTests
{
    private const string OwnNamespace = "/usr/bin/unshare --pid --fork --kill-child --mount-proc";
    private const string NoNamespace = "A process id namespace of one's own takes an administrator and unshare.";

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private static bool HasNamespaces => Environment.IsPrivilegedProcess && File.Exists("/usr/bin/unshare");

    [Fact]
    public void Two_namespaces_share_a_directory()
    {
        Assert.SkipUnless(HasNamespaces, NoNamespace);
        Child.Do(SharesWithAnotherNamespace, root: Scene.NewRoot());
    }

    [ChildPart]
    private static void SharesWithAnotherNamespace()
    {
        using SharedMemory section = SharedMemory.Create("section", 4096);
        using SharedEvent signal = SharedEvent.Create("event", EventResetMode.AutoReset);
        using SharedSemaphore semaphore = SharedSemaphore.Create("semaphore", 1, 1);
        using SharedMutex mutex = SharedMutex.Create("mutex");
        using SharedLock flows = SharedLock.Create("lock");
        using Topic topic = Topic.Create("topic", new TopicOptions { Capacity = 64 << 10, MaxPublishers = 1 });
        using TopicSubscriber subscriber = topic.Subscribe();
        Child.Do(IsInAnotherNamespace, root: Environment.GetEnvironmentVariable("SAMEPAGE_ROOT"), prefix: OwnNamespace);
        using MemoryView view = section.Map();
        Assert.Equal(7, view.Span[0]);
        Assert.Equal(WaitResult.Signaled, signal.Wait(_bound));
        Assert.Equal(WaitResult.TimedOut, semaphore.Wait(TimeSpan.Zero));
        // It ended with the lock in its hand, and with its lane.
        Assert.Equal(WaitResult.Abandoned, flows.Wait(_bound));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        Assert.Equal(9, message.Span[0]);
        using TopicPublisher next = topic.CreatePublisher();
    }

    [ChildPart]
    private static void IsInAnotherNamespace()
    {
        Assert.Equal(1, Environment.ProcessId);
        using (MemoryView view = SharedMemory.Open("section").Map())
            view.Span[0] = 7;
        SharedEvent.Open("event").Set();
        Assert.Equal(WaitResult.Signaled, SharedSemaphore.Open("semaphore").Wait());
        // The kernel knows its owner by a number that here means somebody else.
        Assert.Contains("namespace", Scene.Refusal(FailureReason.NotSupported, () => SharedMutex.Open("mutex")).Message, StringComparison.Ordinal);
        Assert.Equal(WaitResult.Signaled, SharedLock.Open("lock").Wait());
        Assert.True(Topic.Open("topic").CreatePublisher().TryPublish([9]));
    }

    [Fact]
    public void A_process_with_the_number_of_a_dead_one_is_not_taken_for_it()
    {
        Assert.SkipUnless(HasNamespaces, NoNamespace);
        Child.Do(ReusesNumbers, root: Scene.NewRoot(), prefix: OwnNamespace);
    }

    [ChildPart]
    private static void ReusesNumbers()
    {
        using var held = new Held();
        int number = StartHolding(held);
        using (Process bystander = StartAs(number, Stands))
        {
            held.AssertIsFree();
            bystander.Kill();
            bystander.WaitForExit();
        }
        number = StartHolding(held);
        // The next one with that number takes all of it, and is told.
        using Process successor = StartAs(number, TakesOver);
        Assert.True(successor.WaitForExit(_bound), "the successor hangs");
        Assert.True(successor.ExitCode == 0, successor.StandardError.ReadToEnd());
    }

    /// <summary>A process takes everything and is killed.</summary>
    private static int StartHolding(Held held)
    {
        using Process holder = Child.Begin(Holds, root: Environment.GetEnvironmentVariable("SAMEPAGE_ROOT"));
        Assert.Equal(WaitResult.Signaled, held.Ready.Wait(_bound));
        holder.Kill();
        holder.WaitForExit();
        return holder.Id;
    }

    /// <summary>A process that has just this number: pid_namespaces(7), ns_last_pid.</summary>
    private static Process StartAs(int number, Delegate part)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            File.WriteAllText("/proc/sys/kernel/ns_last_pid", (number - 1).ToString(CultureInfo.InvariantCulture));
            Process process = Child.Begin(part, root: Environment.GetEnvironmentVariable("SAMEPAGE_ROOT"));
            if (process.Id == number)
                return process;
            // A thread was faster, of this process or of one that ends.
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        throw new InvalidOperationException($"no process got the number {number}");
    }

    [ChildPart]
    private static void Holds()
    {
        var held = new Held();
        Assert.Equal(WaitResult.Signaled, held.Mutex.Wait(_bound));
        held.Take();
        held.Ready.Release();
        Thread.Sleep(Timeout.Infinite);
    }

    [ChildPart]
    private static void Stands() => Thread.Sleep(Timeout.Infinite);

    [ChildPart]
    private static void TakesOver()
    {
        using var held = new Held();
        held.AssertIsFree();
    }

    /// <summary>One of each kind that a process can hold.</summary>
    private sealed class Held : IDisposable
    {
        private readonly Topic _topic = Topic.CreateOrOpen("topic", out _, new TopicOptions { Capacity = 64 << 10, MaxPublishers = 1, MaxSubscribers = 1 });
        private readonly SharedLock _flows = SharedLock.CreateOrOpen("lock");
        private readonly SharedReaderWriterLock _readerWriter = SharedReaderWriterLock.CreateOrOpen("reader-writer");

        public SharedMutex Mutex { get; } = SharedMutex.CreateOrOpen("mutex", out _);

        public SharedSemaphore Ready { get; } = SharedSemaphore.CreateOrOpen("ready", 0, 1, out _);

        public void Take()
        {
            Assert.Equal(WaitResult.Signaled, _flows.Wait(_bound));
            _ = _readerWriter.EnterWrite();
            _ = _topic.CreatePublisher();
            _ = _topic.Subscribe();
            _ = Mutex.Join();
        }

        public void AssertIsFree()
        {
            Assert.Equal(WaitResult.Abandoned, Mutex.Wait(_bound));
            Mutex.Release();
            Assert.Equal(WaitResult.Abandoned, _flows.Wait(_bound));
            _flows.Release();
            Assert.Equal(WaitResult.Abandoned, _readerWriter.EnterWrite(_bound));
            _readerWriter.ExitWrite();
            Assert.Empty(Mutex.Participants());
            using TopicPublisher publisher = _topic.CreatePublisher();
            using TopicSubscriber subscriber = _topic.Subscribe();
        }

        public void Dispose()
        {
            _topic.Dispose();
            _flows.Dispose();
            _readerWriter.Dispose();
            Mutex.Dispose();
            Ready.Dispose();
        }
    }
}
