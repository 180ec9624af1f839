namespace Samepage.Processes;

/// <summary>The end of a process, told to others while they wait.</summary>
public sealed class TetherTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public void Two_watchers_in_two_processes_are_both_told()
    {
        using SharedEvent signal = SharedEvent.Create("told", EventResetMode.AutoReset);
        using Peer member = Opened(signal), one = Opened(signal), other = Opened(signal);
        string id = member.Do($"join {signal.Name}");
        foreach (Peer watcher in new[] { one, other })
            watcher.Do($"watch {signal.Name} {id}");
        one.Begin($"wait tether-{signal.Name} -1");
        other.Begin($"any-async -1 {signal.Name} tether-{signal.Name}");
        // When a thread of another process sleeps, Windows does not tell.
        if (!OperatingSystem.IsWindows())
            one.AssertAsleep();
        member.Kill();
        Assert.Equal("Abandoned", one.Answer());
        Assert.Equal("Abandoned 1", other.Answer());
        // It was an orphan until somebody looked.
        Assert.Equal("0", one.Do($"participants {signal.Name}"));
        AssertFiles(1);
    }

    [Fact]
    public void Who_leaves_at_its_exit_has_not_died()
    {
        using SharedEvent signal = SharedEvent.Create("leaves", EventResetMode.AutoReset);
        using Peer member = Opened(signal), watcher = Opened(signal);
        string id = member.Do($"join {signal.Name}");
        watcher.Do($"watch {signal.Name} {id}");
        watcher.Begin($"wait tether-{signal.Name} -1");
        member.Leave();
        Assert.Equal("Signaled", watcher.Answer());
        Assert.Empty(signal.Participants());
    }

    [Fact]
    public void Stopped_is_not_dead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
        using SharedEvent signal = SharedEvent.Create("stopped", EventResetMode.AutoReset);
        using Peer member = Opened(signal);
        string id = member.Do($"join {signal.Name}");
        member.Stop();
        SharedParticipant participant = Assert.Single(signal.Participants());
        Assert.Equal(id, participant.Id.ToString(null, null));
        Assert.True(participant.TryWatch(out SharedTether? tether));
        using (tether)
        {
            Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.FromMilliseconds(100), _token));
            SharedObjects.RemoveOrphans();
            Assert.Single(signal.Participants());
            member.Continue();
            Assert.Equal("1", member.Do($"participants {signal.Name}"));
            Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.Zero, _token));
            // A stopped one can be killed, and that is told.
            member.Stop();
            member.Kill();
            Assert.Equal(WaitResult.Abandoned, tether.Wait(_bound, _token));
        }
        Assert.Empty(signal.Participants());
    }

    [Fact]
    public void A_watcher_that_dies_takes_nothing_with_it()
    {
        using SharedEvent signal = SharedEvent.Create("watcher-dies", EventResetMode.AutoReset);
        using Peer member = Opened(signal), watcher = Opened(signal), other = Opened(signal);
        string id = member.Do($"join {signal.Name}");
        watcher.Do($"watch {signal.Name} {id}");
        other.Do($"watch {signal.Name} {id}");
        watcher.Begin($"wait tether-{signal.Name} -1");
        other.Begin($"wait tether-{signal.Name} -1");
        if (!OperatingSystem.IsWindows())
        {
            watcher.AssertAsleep();
            other.AssertAsleep();
        }
        watcher.Kill();
        Assert.Single(signal.Participants());
        if (!OperatingSystem.IsWindows())
            other.AssertAsleep();
        member.Do($"close member-{signal.Name}");
        Assert.Equal("Signaled", other.Answer());
    }

    [Fact]
    public void Who_comes_after_the_death_sweeps_and_does_not_wait()
    {
        using SharedEvent signal = SharedEvent.Create("late", EventResetMode.AutoReset);
        using Peer member = Opened(signal);
        member.Do($"join {signal.Name}");
        SharedParticipant participant = Assert.Single(signal.Participants());
        member.Kill();
        AssertFiles(2);
        Assert.False(participant.TryWatch(out _));
        Assert.Empty(signal.Participants());
        AssertFiles(1);
    }

    [Fact]
    public void A_section_and_its_last_holder_end_together()
    {
        using var member = new Peer();
        member.Do("section ended 4096");
        string id = member.Do("join ended");
        SharedTether? tether;
        using (SharedMemory section = SharedMemory.Open("ended"))
        {
            Assert.True(Assert.Single(section.Participants()).TryWatch(out tether));
            Assert.Equal(id, section.Participants()[0].Id.ToString(null, null));
        }
        member.Kill();
        Assert.Equal(WaitResult.Abandoned, tether.Wait(_bound, _token));
        tether.Dispose();
        SharedObjects.RemoveOrphans();
        AssertFiles(0);
    }

    /// <summary>On Windows no object is a file.</summary>
    private static void AssertFiles(int count) => Assert.Equal(OperatingSystem.IsWindows() ? 0 : count, Isolation.Files().Length);

    private static Peer Opened(SharedEvent signal)
    {
        var peer = new Peer();
        peer.Do($"open event {signal.Name}");
        return peer;
    }
}
