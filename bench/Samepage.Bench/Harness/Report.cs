using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Samepage.Bench.Harness;

/// <summary>The report as programs read it: all samples, so that whoever doubts a median can look.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // For people too: ≤ and · stay what they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A reference that got nothing done in a round makes a ratio without bounds.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write(string path, Results results)
    {
        var report = new
        {
            results.Machine,
            rounds = new { results.Rounds.Count, sampleMilliseconds = results.Rounds.Length.TotalMilliseconds },
            comparisons = results.Comparisons.Select(c => new
            {
                c.Case,
                subject = Side(c.Subject),
                reference = Side(c.Reference),
                c.Ratio,
                target = c.Target?.ToString(),
                c.MostOfSubject,
                c.Verdict,
                c.Subject.BytesPerOperation,
            }),
            races = results.Races.Select(r => new { r.Case, r.Course, r.At, entrants = r.Entrants.Select(e => Runner(r, e)) }),
            results.Versions,
            results.Notes,
            results.Faults,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, _options));
    }

    private static object Runner(Race race, Entrant entrant) => entrant.Contender.Missing is { } reason
        ? new { entrant.Name, entrant.Kind, missing = reason }
        : new
        {
            entrant.Name,
            entrant.Kind,
            entrant.Contender.Unit,
            entrant.Contender.Statistics,
            entrant.Contender.Percentiles,
            toSamepage = race.ToSubject(entrant),
            toLimit = race.ToLimit(entrant),
            entrant.Contender.BytesPerOperation,
            entrant.Contender.Samples,
        };

    private static object Side(Contender contender) => contender.Missing is { } reason
        ? new { contender.Name, missing = reason }
        : new { contender.Name, contender.Unit, contender.Statistics, contender.Samples, contender.SmallerShares };
}
