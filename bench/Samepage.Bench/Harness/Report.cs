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

    public static void Write(string path, Machine machine, Rounds rounds, IEnumerable<Comparison> comparisons, IEnumerable<string> faults)
    {
        var report = new
        {
            machine,
            rounds = new { rounds.Count, sampleMilliseconds = rounds.Length.TotalMilliseconds },
            comparisons = comparisons.Select(c => new
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
            faults,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, _options));
    }

    private static object Side(Contender contender) => contender.Missing is { } reason
        ? new { contender.Name, missing = reason }
        : new { contender.Name, contender.Unit, contender.Statistics, contender.Samples, contender.SmallerShares };
}
