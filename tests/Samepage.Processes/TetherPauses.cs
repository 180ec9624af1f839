using static Samepage.Processes.PauseScenario;

namespace Samepage.Processes;

/// <summary>Pauses while a process joins an object and leaves it: it is there until it is done with leaving.</summary>
internal static class TetherPauses
{
    public static IEnumerable<PauseScenario> All { get; } =
    [
        new("join", ["TetherMade", "TetherOpened", "TetherLocked", "TetherTaken", "TetherHandedOver"], Join),
        new("leave", ["TetherMarked", "TetherUnlinked", "TetherClosed"], Leave),
    ];

    /// <summary>Others list, sweep and join meanwhile; afterwards it is one of them, is not taken for dead while it is stopped, and its death is told.</summary>
    private static void Join(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using Peer peer = Opened(("event", name));
        peer.StopAt(point, $"join {name}");
        _ = signal.Participants();
        SharedObjects.RemoveOrphans();
        using (SharedMembership own = signal.Join())
            Assert.Contains(signal.Participants(), p => p.Id == own.Id);
        long id = long.Parse(peer.GoOn(), null);
        Assert.True(Assert.Single(signal.Participants(), p => p.Id == id).TryWatch(out SharedTether? tether));
        using (tether)
        {
            peer.Stop();
            Assert.Equal(WaitResult.TimedOut, tether.Wait(Moment));
            SharedObjects.RemoveOrphans();
            Assert.Equal(id, Assert.Single(signal.Participants()).Id);
            peer.Continue();
            Assert.Equal("1", peer.Do($"participants {name}"));
            peer.Kill();
            Assert.NotEqual(WaitResult.TimedOut, tether.Wait(Bound));
        }
        Assert.Empty(signal.Participants());
    }

    private static void Leave(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using Peer peer = Opened(("event", name));
        long id = long.Parse(peer.Do($"join {name}"), null);
        Assert.True(Assert.Single(signal.Participants(), p => p.Id == id).TryWatch(out SharedTether? tether));
        using (tether)
        {
            peer.StopAt(point, $"close member-{name}");
            bool left = point == "TetherClosed";
            Assert.Equal(left ? WaitResult.Signaled : WaitResult.TimedOut, tether.Wait(left ? Bound : Moment));
            peer.GoOn();
            Assert.Equal(WaitResult.Signaled, tether.Wait(Bound));
        }
        Assert.Empty(signal.Participants());
        Assert.Equal("0", peer.Do($"participants {name}"));
    }
}
