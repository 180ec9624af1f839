namespace Samepage.Processes;

/// <summary>Deaths while a process joins an object, leaves it, or sweeps what a dead participant left.</summary>
internal static class TetherScenarios
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    public static IEnumerable<CrashScenario> All { get; } =
    [
        new("join", ["TetherMade", "TetherOpened", "TetherLocked", "TetherTaken", "TetherHandedOver"], Join),
        new("join among the living", ["TetherMade", "TetherOpened", "TetherLocked", "TetherTaken", "TetherHandedOver"], JoinAmongTheLiving),
        new("leave", ["TetherMarked", "TetherUnlinked", "TetherClosed"], Leave),
        new("sweep a dead participant", ["ReapLocked", "ReapUnlinked"], Sweep),
    ];

    /// <summary>What is left of it is an orphan, and nobody sees it as anything else.</summary>
    private static void Join(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using (Peer peer = Opened(name))
        {
            peer.Do($"arm {point}");
            peer.Begin($"join {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.Equal(name, Assert.Single(SharedObjects.List()).Name);
        OrphanInfo orphan = Assert.Single(SharedObjects.FindOrphans());
        Assert.Null(orphan.Remark);
        Assert.Equal(orphan with { Removed = true }, Assert.Single(SharedObjects.RemoveOrphans()));
        Assert.Single(Isolation.Files());
        Assert.Empty(signal.Participants());
    }

    /// <summary>Who lists the participants sweeps it, and touches none of the others.</summary>
    private static void JoinAmongTheLiving(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using SharedMembership own = signal.Join();
        using Peer other = Opened(name);
        string id = other.Do($"join {name}");
        using (Peer peer = Opened(name))
        {
            peer.Do($"arm {point}");
            peer.Begin($"join {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.Equal(4, Isolation.Files().Length);
        Assert.Equal(new[] { own.Id, long.Parse(id, null) }.Order(), signal.Participants().Select(p => p.Id).Order());
        Assert.Equal(3, Isolation.Files().Length);
        Assert.Equal("2", other.Do($"participants {name}"));
    }

    /// <summary>It had said that it leaves: nobody is told that it died.</summary>
    private static void Leave(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using Peer peer = Opened(name);
        string id = peer.Do($"join {name}");
        Assert.True(Assert.Single(signal.Participants(), p => p.Id == long.Parse(id, null)).TryWatch(out SharedTether? tether));
        peer.Do($"arm {point}");
        peer.Begin($"close member-{name}");
        Assert.Equal(WaitResult.Signaled, tether.Wait(_bound));
        peer.AssertDiedAtPoint(point);
        Assert.Empty(signal.Participants());
        Assert.Single(Isolation.Files());
        tether.Dispose();
    }

    private static void Sweep(string name, string point)
    {
        using SharedEvent signal = SharedEvent.Create(name, EventResetMode.AutoReset);
        using (Peer dead = Opened(name))
        {
            dead.Do($"join {name}");
            dead.Kill();
        }
        using (var peer = new Peer())
        {
            peer.Do($"arm {point}");
            // In its sweep at the start, or when it lists.
            peer.Begin($"open event {name}");
            peer.Begin($"participants {name}");
            peer.AssertDiedAtPoint(point);
        }
        Assert.Equal(point == "ReapLocked" ? 2 : 1, Isolation.Files().Length);
        Assert.Empty(signal.Participants());
        Assert.Single(Isolation.Files());
    }

    private static Peer Opened(string name)
    {
        var peer = new Peer();
        peer.Do($"open event {name}");
        return peer;
    }
}
