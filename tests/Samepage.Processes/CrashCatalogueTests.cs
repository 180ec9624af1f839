using System.Text;
using System.Text.RegularExpressions;

namespace Samepage.Processes;

/// <summary>docs/reliability/crash-points.md says what is there: each point, what it means, and in which operations a process is killed and stopped at it.</summary>
public partial class CrashCatalogueTests
{
    private const string AcceptVariable = "SAMEPAGE_ACCEPT_CRASH_POINTS";

    private const string Introduction =
        """
        # Crash points

        Every step of a protocol that another process can see has a name. In a debug build a process can be told to die there (`SAMEPAGE_CRASH_AT=MutexTaken`, or `MutexTaken:3` for the third
        time) or to stop (`SAMEPAGE_STOP_AT`). The tests do both, with real processes, in each operation named here: after a death the survivors go on as if the operation had never begun, or had just
        ended; from a process that is stopped nothing is taken, and it ends its operation when it goes on. That no store to shared memory is without a point is a test as well
        (`tests/Samepage.Architecture/CrashPointRuleTests.cs`). What follows from which death is said in the [design](../design/README.md), protocol by protocol.

        This page is made from `src/Samepage/Atomics/CrashPoint.cs` and the scenarios in `tests/Samepage.Processes`, and written anew by

            SAMEPAGE_ACCEPT_CRASH_POINTS=1 dotnet test tests/Samepage.Processes --filter FullyQualifiedName~CrashCatalogue


        """;

    [Fact]
    public void The_page_says_what_is_there()
    {
        string? root = FindRoot();
        Assert.SkipWhen(root is null, "The sources are not here.");
        string page = Path.Combine(root!, "docs", "reliability", "crash-points.md");
        string made = Page(File.ReadAllText(Path.Combine(root!, "src", "Samepage", "Atomics", "CrashPoint.cs")));
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(page)!);
            File.WriteAllText(page, made);
        }
        Assert.True(File.Exists(page) && File.ReadAllText(page) == made, $"{page} is not what the sources say; {AcceptVariable}=1 writes it.");
    }

    private static string Page(string source)
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        int points = 0;
        foreach (Match line in Line().Matches(source.ReplaceLineEndings("\n")))
        {
            if (line.Groups["group"].Success)
            {
                page.Append(points == 0 ? "" : "\n").Append($"## {line.Groups["group"].Value}\n\nCode: {line.Groups["code"].Value}.\n\n");
                page.Append("| point | what holds there | killed in | stopped in |\n|---|---|---|---|\n");
                continue;
            }
            string point = line.Groups["point"].Value;
            points++;
            page.Append($"| `{point}` | {line.Groups["means"].Value} | {Operations(point, CrashPointTests.Scenarios.Select(s => (s.Name, s.Points)))} ");
            page.Append($"| {Operations(point, PauseTests.Scenarios.Select(s => (s.Name, s.Points)))} |\n");
        }
        Assert.Equal(CrashPointTests.Catalogue.Length, points);
        return page.ToString();
    }

    private static string Operations(string point, IEnumerable<(string Name, string[] Points)> scenarios) =>
        string.Join("; ", scenarios.Where(s => s.Points.Any(p => p.Split(':')[0] == point)).Select(s => s.Name)) is { Length: > 0 } names ? names : "–";

    private static string? FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "Samepage.slnx")))
            at = Path.GetDirectoryName(at);
        return at;
    }

    [GeneratedRegex(@"^    // (?<group>[^:\n]+): (?<code>[^\n]+)\.$|^    /// <summary>(?<means>[^\n]+)</summary>\n    (?<point>\w+),$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
