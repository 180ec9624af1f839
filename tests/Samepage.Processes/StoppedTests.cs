using System.Globalization;
using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Processes that are stopped between two steps, while others go on: what a second look, a generation or a lock is for.</summary>
public sealed class StoppedTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    public StoppedTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
    }

    /// <summary>By a hand from outside: then it is certain that the lock on the file says that somebody lives, and the name means another.</summary>
    [Fact]
    public void Who_opens_a_file_that_loses_its_name_meanwhile_looks_again()
    {
        const string Name = "renamed-under-opener";
        using SharedMemory first = SharedMemory.Create(Name, 4096);
        using var opener = new Peer();
        opener.Do("stop-at OpenFileOpened");
        opener.Begin($"open section {Name}");
        opener.AssertStopped();
        RemoveFile(Name);
        using SharedMemory second = SharedMemory.Create(Name, 4096);
        using MemoryView view = second.Map();
        view.Span[0] = 42;
        opener.Continue();
        Assert.Equal("", opener.Answer());
        Assert.Equal("42", opener.Do($"get {Name} 0"));
    }

    /// <summary>The last who closes a mutex gives its memory back with its name: what was opened before begins as no object does.</summary>
    [Fact]
    public void Who_opens_a_mutex_that_its_last_holder_closes_meanwhile_finds_none()
    {
        const string Name = "closed-under-opener";
        var first = SharedMutex.Create(Name);
        using var opener = new Peer();
        opener.Do("stop-at OpenFileOpened");
        opener.Begin($"open mutex {Name}");
        opener.AssertStopped();
        first.Dispose();
        opener.Continue();
        Assert.StartsWith("NotFound ", opener.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_closes_a_file_that_has_lost_its_name_leaves_the_next_of_that_name_alone()
    {
        const string Name = "renamed-under-closer";
        SharedMemory first = SharedMemory.Create(Name, 4096);
        RemoveFile(Name);
        using SharedMemory second = SharedMemory.Create(Name, 4096);
        first.Dispose();
        Assert.True(SharedMemory.TryOpen(Name, out SharedMemory? found));
        found.Dispose();
    }

    /// <summary>Each finds the other's lock in its way, so neither removes the name by its lock alone.</summary>
    [Fact]
    public void Two_that_close_at_once_leave_no_file_behind()
    {
        const string Name = "closed-twice";
        SharedMemory own = SharedMemory.Create(Name, 4096);
        using Peer other = Opened("section", Name);
        other.Do("stop-at CloseHindered");
        other.Begin($"close {Name}");
        other.AssertStopped();
        own.Dispose();
        Assert.Single(Isolation.Files());
        other.Continue();
        Assert.Equal("", other.Answer());
        Assert.Empty(Isolation.Files());
    }

    /// <summary>Who releases finds that nobody sleeps; before it takes the sleepers' mark back, others come to sleep and count on the mark.</summary>
    [Fact]
    public void Who_releases_a_mutex_takes_no_mark_back_that_others_count_on()
    {
        const string Name = "mark-of-others";
        using SharedMutex mutex = SharedMutex.Create(Name);
        using Peer releasing = Opened("mutex", Name), first = Opened("mutex", Name), second = Opened("mutex", Name);
        releasing.Do($"wait {Name} -1");
        Assert.Equal(WaitResult.TimedOut, mutex.Wait(TimeSpan.FromMilliseconds(20), _token));
        Assert.True(mutex.Info.State!.HasWaiters);
        releasing.Do("stop-at MutexHandedOver");
        releasing.Begin($"release {Name}");
        releasing.AssertStopped();

        Assert.Equal(WaitResult.Signaled, mutex.Wait(_bound, _token));
        first.Do("stop-at MutexWoken");
        first.Begin($"wait {Name} -1");
        first.AssertAsleep();
        second.Begin($"wait {Name} -1");
        second.AssertAsleep();
        mutex.Release();
        first.AssertStopped();
        releasing.Continue();
        releasing.Answer();
        first.Continue();
        Assert.Equal("Signaled", first.Answer());
        first.Do($"release {Name}");
        Assert.Equal("Signaled", second.Answer());
        second.Do($"release {Name}");
    }

    /// <summary>It is woken, and before it looks the event is reset: it was set while it waited.</summary>
    [Fact]
    public void Who_was_woken_by_an_event_passes_though_it_is_reset_before_it_looks()
    {
        const string Name = "reset-before-look";
        using SharedEvent signal = SharedEvent.Create(Name, EventResetMode.ManualReset);
        using Peer waiter = Opened("event", Name);
        waiter.Do("stop-at SignalWoken");
        waiter.Begin($"wait {Name} -1");
        waiter.AssertAsleep();
        signal.Set();
        waiter.AssertStopped();
        signal.Reset();
        waiter.Continue();
        Assert.Equal("Signaled", waiter.Answer());
    }

    /// <summary>One has claimed its first object when the other comes with the same objects the other way round.</summary>
    [Fact]
    public void Two_that_wait_for_all_in_different_orders_do_not_wait_for_each_other()
    {
        using SharedEvent one = SharedEvent.Create("order-one", EventResetMode.ManualReset, initiallySet: true);
        using SharedEvent two = SharedEvent.Create("order-two", EventResetMode.ManualReset, initiallySet: true);
        using Peer first = Opened("event", one.Name), second = Opened("event", one.Name);
        first.Do($"open event {two.Name}");
        second.Do($"open event {two.Name}");
        first.Do("stop-at AllClaimed");
        first.Begin($"all -1 {one.Name} {two.Name}");
        first.AssertStopped();
        second.Begin($"all -1 {two.Name} {one.Name}");
        second.AssertAsleep();
        first.Continue();
        Assert.Equal("Signaled -1", first.Answer());
        Assert.Equal("Signaled -1", second.Answer());
    }

    /// <summary>It is about to say that it sleeps: nobody rings for what comes now, and its last look finds it.</summary>
    [Fact]
    public void Who_falls_asleep_looks_once_more_after_it_has_said_so()
    {
        const string Name = "last-look";
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait));
        using TopicPublisher publisher = topic.CreatePublisher();
        using Peer subscriber = TopicScenarios.Opened(Name, "subscriber");
        subscriber.Do("stop-at SleeperCareful");
        subscriber.Begin($"receive {Name} 1");
        subscriber.AssertStopped();
        Assert.True(publisher.TryPublish(BitConverter.GetBytes(7L)));
        subscriber.Continue();
        Assert.Equal("7", subscriber.Answer());
    }

    /// <summary>A sweeper takes it for a dead one's while it is not locked yet: it begins again, and is seen.</summary>
    [Fact]
    public void Who_joins_and_is_swept_before_it_is_locked_joins_again()
    {
        const string Name = "swept-member";
        using SharedEvent signal = SharedEvent.Create(Name, EventResetMode.AutoReset);
        using Peer member = Opened("event", Name);
        member.Do("stop-at TetherOpened");
        member.Begin($"join {Name}");
        member.AssertStopped();
        SharedObjects.RemoveOrphans();
        member.Continue();
        string id = member.Answer();
        Assert.Equal(id, Assert.Single(signal.Participants()).Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Who took the call back died before it rang, and it is another one who buries it while the server is stopped.</summary>
    [Fact]
    public void A_server_learns_of_a_call_that_was_cancelled_by_one_who_died()
    {
        const string Name = "rung-again";
        using Service<int, long> service = Service<int, long>.Create(Name, new ServiceOptions { MaxClients = 1, MaxServers = 1, MaxCalls = 4 });
        using Peer caller = new(), server = new();
        caller.Do($"service {Name}");
        server.Do($"service {Name}");
        caller.Do($"service-ask {Name} 7");
        Assert.Equal("7", server.Do($"service-take {Name}"));
        server.Do($"service-watch {Name}");
        server.Stop();
        caller.Do("arm CallWithdrawn");
        caller.Begin($"service-cancel {Name}");
        caller.AssertDiedAtPoint("CallWithdrawn");
        using ServiceClient<int, long> next = service.CreateClient();
        server.Continue();
        Assert.Equal("", server.Do($"service-cancelled {Name}"));
    }

    private static Peer Opened(string kind, string name)
    {
        var peer = new Peer();
        peer.Do($"open {kind} {name}");
        return peer;
    }

    private static void RemoveFile(string name) =>
        File.Delete(Assert.Single(Isolation.Files(), f => Path.GetFileName(f) == name));
}
