namespace Samepage.Processes;

/// <summary>Every crash point of every operation: a real process dies there, and the survivors go on as if it had never begun or had just finished.</summary>
public class CrashPointTests
{
    internal static CrashScenario[] Scenarios { get; } =
    [
        .. LifetimeScenarios.All, .. MutexScenarios.All, .. FlowLockScenarios.All, .. ReaderWriterScenarios.All,
        .. SignalScenarios.All, .. AnyScenarios.All, .. AllScenarios.All, .. AsyncScenarios.All, .. TetherScenarios.All, .. TopicScenarios.All, .. QueueScenarios.All,
        .. PipeScenarios.All, .. CellScenarios.All, .. ServiceScenarios.All,
    ];

    internal static string[] Catalogue { get; } =
        [.. Enum.GetNames(typeof(SharedMemory).Assembly.GetType("Samepage.Atomics.CrashPoint", throwOnError: true)!).Where(n => n != "None")];

    public static TheoryData<string, string> Deaths()
    {
        var deaths = new TheoryData<string, string>();
        foreach (CrashScenario scenario in Scenarios)
        {
            foreach (string point in scenario.Points)
                deaths.Add(scenario.Name, point);
        }
        return deaths;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public void The_survivors_go_on(string operation, string point)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Crash points are steps of the Linux protocols; on Windows the kernel takes them.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        CrashScenario scenario = Scenarios.Single(s => s.Name == operation);
        string name = $"{operation}-{point}".Replace(' ', '-');
        scenario.Run(name, point);
        SharedObjects.RemoveOrphans();
        Assert.Empty(Isolation.Files());
        // This process's own.
        Assert.True(Isolation.ProcessTethers().Length <= 1);
    }

    [Fact]
    public void Every_point_of_the_catalogue_is_died_at() =>
        Assert.Empty(Catalogue.Except(Scenarios.SelectMany(s => s.Points)));
}
