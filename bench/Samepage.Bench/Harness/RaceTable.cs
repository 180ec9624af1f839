using System.Text;

namespace Samepage.Bench.Harness;

/// <summary>Races as people read them: a table each, in Markdown, the fastest first.</summary>
internal static class RaceTable
{
    public static string Of(IEnumerable<Race> races)
    {
        var text = new StringBuilder();
        foreach (Race race in races)
            Append(text, race);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Race race)
    {
        bool isTimed = race.Course == Course.RoundTrips;
        string detail = isTimed ? "p50 | p90 | p99 | p99.9 | longest" : race.Course is Course.Sizes or Course.Batches ? "throughput" : "messages";
        int details = isTimed ? 5 : 1;
        _ = text.AppendLine($"### {race.Case}").AppendLine()
            .AppendLine($"| | {(isTimed ? "a round trip" : "a message")} (p10–p90) | {detail} | × Samepage (p10–p90) | × limit | |")
            .AppendLine($"|---|{string.Concat(Enumerable.Repeat("--:|", details + 3))}---|");
        foreach (Entrant entrant in race.Entrants.Where(e => e.IsHere).OrderBy(e => e.Contender.Statistics.Median))
        {
            Statistics s = entrant.Contender.Statistics;
            _ = text.AppendLine(
                $"| {Name(entrant)} | {Table.Short(s.Median)} ns ({Table.Short(s.P10)}–{Table.Short(s.P90)}) | {Details(race, entrant)} " +
                $"| {Ratio(race.ToSubject(entrant), entrant.Kind == EntrantKind.Samepage)} | {(race.ToLimit(entrant) is { } l ? Factor(l.Median) : "—")} | {(s.IsNoisy ? "noisy" : "")} |");
        }
        foreach (Entrant entrant in race.Entrants.Where(e => !e.IsHere))
            _ = text.AppendLine($"| {Name(entrant)} | — | {string.Concat(Enumerable.Repeat("— | ", details))}— | — | {entrant.Contender.Missing} |");
        if (race.Subject is { IsHere: true, Contender.Statistics.IsNoisy: true })
            _ = text.AppendLine().AppendLine("Too noisy to tell: Samepage's own figure spread by more than 25 % of its median.");
        _ = text.AppendLine();
    }

    private static string Name(Entrant entrant) => entrant.Kind switch
    {
        EntrantKind.Samepage => $"**{entrant.Name}**",
        EntrantKind.Limit => $"*limit: {entrant.Name}*",
        _ => entrant.Name,
    };

    private static string Details(Race race, Entrant entrant)
    {
        double median = entrant.Contender.Statistics.Median;
        if (race.Course is Course.Sizes or Course.Batches)
            return Quantity.BytesPerSecond(race.At / median * 1e9);
        if (race.Course is Course.OneToMany or Course.ManyToOne)
            return $"{1e3 / median:0.00} M/s";
        return entrant.Contender.Percentiles is { } p
            ? string.Join(" | ", new[] { p.P50, p.P90, p.P99, p.P999, p.Max }.Select(Quantity.Time))
            : "— | — | — | — | —";
    }

    private static string Ratio(Statistics? ratio, bool isItself) =>
        isItself ? "1" : ratio is { } r ? $"**{Factor(r.Median)}** ({Factor(r.P10)}–{Factor(r.P90)})" : "—";

    private static string Factor(double value) => value.ToString(value < 9.95 ? "0.0#" : value < 99.5 ? "0.#" : "#,0");
}
