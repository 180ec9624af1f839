namespace Samepage.Processes;

/// <summary>Operations whose process is stopped in the middle: it lives, so nothing is taken from it, and afterwards it ends as if it had never been stopped.</summary>
public class PauseTests
{
    internal static PauseScenario[] Scenarios { get; } =
    [
        .. LifetimePauses.All, .. LockPauses.All, .. ReaderWriterPauses.All, .. SignalPauses.All, .. SeveralPauses.All, .. TetherPauses.All,
        .. TopicPauses.All, .. QueuePauses.All, .. PipePauses.All, .. CellPauses.All, .. ServicePauses.All,
    ];

    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(90);

    public static TheoryData<string, string> Pauses()
    {
        var pauses = new TheoryData<string, string>();
        foreach (PauseScenario scenario in Scenarios)
        {
            foreach (string point in scenario.Points)
                pauses.Add(scenario.Name, point);
        }
        return pauses;
    }

    [Theory]
    [MemberData(nameof(Pauses))]
    public async Task Nothing_is_taken_from_who_is_stopped(string operation, string point)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Crash points are steps of the Linux protocols; on Windows the kernel takes them.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        PauseScenario scenario = Scenarios.Single(s => s.Name == operation);
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        // Who waits for ever is told apart from who waits.
        await Task.Run(() => scenario.Run($"pause-{operation}-{point}".Replace(' ', '-'), point), cancelled).WaitAsync(_bound, cancelled);
        // A thread of the library may just be burying the peer, which was killed last, and close the object after that.
        Assert.True(SpinWait.SpinUntil(IsEmpty, PauseScenario.Bound), "something is left: " + string.Join(' ', Isolation.Files()));
    }

    [Fact]
    public void Every_point_of_the_catalogue_is_stopped_at() =>
        Assert.Empty(CrashPointTests.Catalogue.Except(Scenarios.SelectMany(s => s.Points).Select(p => p.Split(':')[0])));

    private static bool IsEmpty()
    {
        SharedObjects.RemoveOrphans();
        return Isolation.Files().Length == 0;
    }
}
