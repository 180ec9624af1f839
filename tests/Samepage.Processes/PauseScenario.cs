namespace Samepage.Processes;

/// <summary>One operation, and what holds for the others while the process that is at it is stopped at a given point, and afterwards.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Points">The points that it passes.</param>
/// <param name="Run">Stops a peer at the point it is given, checks that nothing is taken from it, lets it go on and checks that it is done; every name it uses is its argument's own.</param>
internal sealed record PauseScenario(string Name, string[] Points, Action<string, string> Run)
{
    /// <summary>So long nothing happens that must not happen while somebody is stopped.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    /// <summary>By then all has happened that must.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static void AssertWaits(Task task) => Assert.False(task.Wait(Moment), "it does not wait for what the stopped one has");

    public static T Within<T>(Task<T> task)
    {
        Assert.True(task.Wait(Bound), "it does not end");
        return task.Result;
    }

    public static Peer Opened(params (string Kind, string Name)[] objects)
    {
        var peer = new Peer();
        foreach ((string kind, string name) in objects)
            peer.Do($"open {kind} {name}");
        return peer;
    }

    public static void AssertRefused(FailureReason reason, Action action) => Assert.Equal(reason, Assert.Throws<SharedObjectException>(action).Reason);
}
