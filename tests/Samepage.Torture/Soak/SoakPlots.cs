using Samepage.Bench.Harness;
using Samepage.Bench.Plots;

namespace Samepage.Torture.Soak;

/// <summary>The samples as pictures: memory, what is open, and how long things took.</summary>
internal static class SoakPlots
{
    private const int MostPoints = 120, TimeSteps = 6;

    public static void Write(string path, IReadOnlyList<string> columns, IReadOnlyList<double[]> rows)
    {
        Write(path, "memory", "Memory during the soak", "resident, anonymous, shared", Quantity.Bytes, columns, rows, c => c.EndsWith("resident", StringComparison.Ordinal) || c.EndsWith("anonymous", StringComparison.Ordinal) || c == "shared bytes");
        Write(path, "open", "What is open during the soak", "number", n => $"{n}", columns, rows, c => c.EndsWith("descriptors", StringComparison.Ordinal) || c.EndsWith("maps", StringComparison.Ordinal) || c == "shared files");
        Write(path, "latency", "Latency during the soak", "time of an operation", Quantity.Time, columns, rows, c => c.EndsWith("p50", StringComparison.Ordinal) || c.EndsWith("p99", StringComparison.Ordinal));
    }

    private static void Write(
        string path, string suffix, string title, string unit, Func<double, string> label, IReadOnlyList<string> columns, IReadOnlyList<double[]> rows, Func<string, bool> isShown)
    {
        Line[] lines = [.. Enumerable.Range(1, columns.Count - 1).Where(i => isShown(columns[i])).Select((column, hue) => new Line(columns[column], EntrantKind.Rival, hue, Points(rows, column)))];
        var time = Axis.FromZero("minutes", Math.Max(1, rows[^1][0] / 60), TimeSteps, t => $"{t:0.#}");
        var values = Axis.Over(unit, [.. lines.SelectMany(l => l.Points).Select(p => p.Y)], label);
        var plot = new Plot("", title, time, values, lines, [$"{Environment.ProcessorCount} processors · {DateTime.UtcNow:yyyy-MM-dd}"]);
        plot.Draw().Save(Path.ChangeExtension(path, null) + "-" + suffix + ".svg");
    }

    /// <summary>Means of neighbouring samples, as many as can be told apart. What is zero has no place on a logarithmic scale.</summary>
    private static (double, double)[] Points(IReadOnlyList<double[]> rows, int column) =>
        [.. rows.Chunk(Math.Max(1, rows.Count / MostPoints)).Select(c => (c.Average(r => r[0]) / 60, Math.Max(0.1, c.Average(r => r[column]))))];
}
