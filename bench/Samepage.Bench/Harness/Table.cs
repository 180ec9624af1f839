using System.Text;

namespace Samepage.Bench.Harness;

/// <summary>The report as people read it: Markdown.</summary>
internal static class Table
{
    public static string Of(Machine machine)
    {
        var text = new StringBuilder();
        _ = text.AppendLine("| machine | |").AppendLine("|---|---|")
            .AppendLine($"| processor | {machine.Processor}, {machine.Processors} processors |")
            .AppendLine($"| system | {machine.System} |")
            .AppendLine($"| library, runtime | {machine.Library}, {machine.Runtime} |")
            .AppendLine($"| C compiler | {machine.Compiler} |")
            .AppendLine($"| load before | {machine.LoadAverage} |")
            .AppendLine($"| date | {machine.Date:yyyy-MM-dd HH:mm} UTC |");
        return text.ToString();
    }

    /// <summary>All that is known when all is measured.</summary>
    public static string Of(Results results)
    {
        var text = new StringBuilder(RaceTable.Of(results.Races));
        if (results.Comparisons.Count > 0)
            _ = text.AppendLine(Of(results.Comparisons));
        foreach (string note in results.Notes)
            _ = text.AppendLine($"- {note}");
        return text.ToString();
    }

    private static string Of(IReadOnlyList<Comparison> comparisons)
    {
        var text = new StringBuilder();
        _ = text.AppendLine("| case | Samepage (p10–p90) | reference | its figure (p10–p90) | ratio (p10–p90) | target | verdict | B/op | smaller share |")
            .AppendLine("|---|--:|---|--:|--:|--:|---|--:|--:|");
        foreach (Comparison row in comparisons)
        {
            _ = text.AppendLine(
                $"| {row.Case} | {Figure(row.Subject)} | {row.Reference.Name} | {Figure(row.Reference)} " +
                $"| {Ratio(row.Ratio)} | {Goal(row)} | {row.Verdict} | {row.Subject.BytesPerOperation:0.##} | {Shares(row)} |");
        }
        return text.ToString();
    }

    private static string Figure(Contender contender)
    {
        if (contender.Missing is not null)
            return "—";
        Statistics s = contender.Statistics;
        return contender.Unit switch
        {
            Unit.PairsPerSecond => $"{s.Median / 1e6:0.00} M/s ({s.P10 / 1e6:0.00}–{s.P90 / 1e6:0.00})",
            Unit.ProcessorMilliseconds => $"{s.Median:0.#} ms",
            Unit.Bytes => $"{Quantity.Bytes(s.Median)} ({Quantity.Bytes(s.P10)}–{Quantity.Bytes(s.P90)})",
            // Nobody reads so many nanoseconds.
            _ when s.Median >= 10e6 => $"{Short(s.Median / 1e6)} ms ({Short(s.P10 / 1e6)}–{Short(s.P90 / 1e6)})",
            _ => $"{Short(s.Median)} ns ({Short(s.P10)}–{Short(s.P90)})",
        };
    }

    private static string Ratio(Statistics? ratio) =>
        ratio is { } r ? $"**{r.Median:0.00#}** ({r.P10:0.00#}–{r.P90:0.00#})" : "—";

    private static string Goal(Comparison row) => row.MostOfSubject is { } most ? $"≤ {most:0.#} {(row.Subject.Unit == Unit.ProcessorMilliseconds ? "ms" : "ns")}" : $"{row.Target}";

    public static string Short(double value) => value.ToString(value < 100 ? "0.0" : "#,0");

    private static string Shares(Comparison row)
    {
        if (row.Subject.SmallerShares.Count == 0)
            return "";
        string own = Share(row.Subject);
        return row.Reference.Missing is null ? $"{own}; reference {Share(row.Reference)}" : own;
    }

    private static string Share(Contender contender) =>
        $"{Statistics.Of(contender.SmallerShares).Median:0 %} (least {contender.SmallerShares.Min():0 %})";
}
