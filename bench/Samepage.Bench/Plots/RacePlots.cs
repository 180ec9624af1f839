using Samepage.Bench.Harness;

namespace Samepage.Bench.Plots;

/// <summary>The plots of a run: how round trips are distributed, how much is moved at each size, what more participants cost.</summary>
internal sealed class RacePlots(Results results)
{
    /// <summary>How far to the right a percentile lies: one operation in so many takes longer. The longest of all has no such number and closes the axis.</summary>
    private static readonly (string Label, double X, Func<Percentiles, double> Of)[] _parts =
    [
        ("p10", 1 / 0.9, p => p.P10), ("p50", 2, p => p.P50), ("p90", 10, p => p.P90), ("p99", 100, p => p.P99), ("p99.9", 1000, p => p.P999), ("longest", 10000, p => p.Max),
    ];

    private static readonly Axis _percentiles = new("share of the round trips that take no longer", _parts[0].X, _parts[^1].X, [.. _parts.Select(p => (p.X, p.Label))]);

    private readonly List<string> _rivals =
        [.. results.Races.SelectMany(r => r.Entrants).Where(e => e.Kind == EntrantKind.Rival).Select(e => e.Name).Distinct()];

    private readonly string[] _caption =
    [
        $"{results.Machine.Processor}, {results.Machine.Processors} processors · {results.Machine.System}",
        $"{results.Machine.Library} · {results.Machine.Runtime} · {results.Machine.Compiler}",
        .. results.Versions.Count == 0 ? Array.Empty<string>() : [string.Join(" · ", results.Versions)],
        $"{results.Machine.Date:yyyy-MM-dd} · medians of up to {results.Rounds.Count} rounds, in which all take turns",
    ];

    public IEnumerable<Plot> All() =>
    [
        .. Distributions(),
        .. Throughput(),
        .. Participants(Course.OneToMany, "one-to-many.svg", "One to many: what a message costs", "receivers"),
        .. Participants(Course.ManyToOne, "many-to-one.svg", "Many to one: what a message costs", "senders"),
    ];

    private IEnumerable<Plot> Distributions()
    {
        foreach (Race race in results.Races.Where(r => r.Course == Course.RoundTrips))
        {
            Line[] lines = [.. race.Entrants.Where(e => e.IsHere && e.Contender.Percentiles is not null)
                .Select(e => LineOf(e, [.. _parts.Select(p => (p.X, p.Of(e.Contender.Percentiles!)))]))];
            if (lines.Length > 0)
                yield return new Plot($"{FileName(race.Case)}.svg", $"{race.Case}: how long it takes", _percentiles, Vertical("time of a round trip", lines, Quantity.Time), lines, _caption);
        }
    }

    private IEnumerable<Plot> Throughput()
    {
        Line[] lines = LinesOf(Course.Sizes, (race, nanoseconds) => race.At / nanoseconds * 1e9);
        if (lines.Length > 0)
            yield return new Plot("throughput.svg", "One to one: how much is moved", Horizontal("bytes of a message", lines, Quantity.Bytes), Vertical("throughput", lines, Quantity.BytesPerSecond), lines, _caption);
    }

    private IEnumerable<Plot> Participants(Course course, string fileName, string title, string many)
    {
        Line[] lines = LinesOf(course, (_, nanoseconds) => nanoseconds);
        if (lines.Length > 0)
            yield return new Plot(fileName, title, Horizontal(many, lines, count => $"{count}"), Vertical("time of a message", lines, Quantity.Time), lines, _caption);
    }

    /// <summary>A line an entrant, with a point for each race it was in.</summary>
    private Line[] LinesOf(Course course, Func<Race, double, double> value) =>
    [
        .. results.Races.Where(r => r.Course == course)
            .SelectMany(r => r.Entrants.Where(e => e.IsHere).Select(e => (Race: r, Entrant: e)))
            .GroupBy(p => p.Entrant.Name)
            .Select(g => LineOf(g.First().Entrant, [.. g.OrderBy(p => p.Race.At).Select(p => ((double)p.Race.At, value(p.Race, p.Entrant.Contender.Statistics.Median)))])),
    ];

    private Line LineOf(Entrant entrant, IReadOnlyList<(double X, double Y)> points) => new(entrant.Name, entrant.Kind, _rivals.IndexOf(entrant.Name), points);

    private static Axis Horizontal(string title, Line[] lines, Func<double, string> label) => Axis.At(title, lines.SelectMany(l => l.Points).Select(p => p.X), label);

    private static Axis Vertical(string title, Line[] lines, Func<double, string> label) => Axis.Over(title, [.. lines.SelectMany(l => l.Points).Select(p => p.Y)], label);

    /// <summary>Letters and digits, with one hyphen for all between them.</summary>
    private static string FileName(string title) =>
        string.Join('-', string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
