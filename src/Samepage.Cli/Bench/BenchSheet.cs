using System.Runtime.InteropServices;
using Samepage.Channels;
using Samepage.Cli.Output;
using Spectre.Console;

namespace Samepage.Cli.Bench;

/// <summary>What was measured, for people: a line for each route, then a picture with a column for each. It fits into eighty columns.</summary>
internal static class BenchSheet
{
    private const int BarWidth = 20;
    private const string Usual = "default", Strong = "bold", Quiet = "grey", Warning = "yellow";

    private static readonly string[] _colours = ["green", "aqua", "yellow"];

    public static void WriteHeading(Terminal terminal, BenchJob job, TimeSpan time)
    {
        string waits = job.Strategy == WaitStrategy.BusySpin ? "spins" : "spins briefly, then sleeps";
        Write(terminal, [(Strong, Shown.Invariant($"Round trips of {Shown.Bytes(job.Size)}, {time.TotalSeconds:0.###} s in all; Samepage {waits}"))]);
        Write(terminal, [(Quiet, Machine(Environment.ProcessorCount))]);
    }

    public static void WriteFigures(Terminal terminal, BenchReport report)
    {
        foreach ((string, string)[] line in Lines(report))
            Write(terminal, line);
    }

    /// <summary>The figures as they are without colours.</summary>
    public static IEnumerable<string> PlainLines(BenchReport report) => Lines(report).Select(Plain);

    public static string Machine(int processors)
    {
        string count = processors == 1 ? "1 processor, which both sides share" : Shown.Invariant($"{processors:N0} processors");
        return $"{count}; {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}; {RuntimeInformation.FrameworkDescription}";
    }

    private static void Write(Terminal terminal, (string Colour, string Text)[] line)
    {
        if (terminal.IsOutputTerminal)
            terminal.Rich.MarkupLine(string.Concat(line.Select(part => $"[{part.Colour}]{Markup.Escape(part.Text)}[/]")));
        else
            terminal.Say(Plain(line));
    }

    private static string Plain((string Colour, string Text)[] line) => string.Concat(line.Select(part => part.Text)).TrimEnd();

    private static IEnumerable<(string Colour, string Text)[]> Lines(BenchReport report)
    {
        yield return [];
        yield return [(Quiet, $"{"",-16}{"MSG/S",12}{"P50",10}{"P99",10}{"P99.9",10}{"LONGEST",10}{"RATIO",8}")];
        foreach (RouteTimes route in report.Routes)
            yield return [(Strong, $"{route.Title,-16}"), (Usual, Figures(report, route))];
        yield return [];
        yield return [(Quiet, $"{"",10}{string.Concat(report.Routes.Select(r => $"{r.Title,-BarWidth - 1}"))}")];
        foreach ((long from, long to) in report.Rows())
            yield return [(Quiet, $"{Time(from),8}  "), .. report.Routes.Select((r, i) => (_colours[i], $"{Bar(r.Times, from, to),-BarWidth - 1}"))];
        yield return [];
        yield return [(Quiet, "MSG/S: both ways together. RATIO: of P50, to Samepage's. Bars: parts of all.")];
        foreach (string leftOut in report.LeftOut)
            yield return [(Usual, $"left out: {leftOut}")];
        foreach (RouteTimes route in report.Routes.Where(r => r.IsNoisy))
            yield return [(Warning, Shown.Invariant($"too noisy: from round to round P50 differed by {100 * route.Spread:N0} %: {route.Title}"))];
    }

    private static string Figures(BenchReport report, RouteTimes route)
    {
        Histogram times = route.Times;
        return Shown.Invariant($"{route.MessagesPerSecond,12:N0}{Time(route.Median),10}{Time(times.Percentile(0.99)),10}{Time(times.Percentile(0.999)),10}{Time(times.Longest),10}{Ratio(report.Ratio(route)),8}");
    }

    private static string Ratio(double value) => value < 1 ? Shown.Invariant($"{value:G2}") : Digits(value);

    private static string Time(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => Shown.Invariant($"{nanoseconds} ns"),
        < 1_000_000 => $"{Digits(nanoseconds / 1e3)} µs",
        < 1_000_000_000 => $"{Digits(nanoseconds / 1e6)} ms",
        _ => $"{Digits(nanoseconds / 1e9)} s",
    };

    /// <summary>Three, and no zeros behind them.</summary>
    private static string Digits(double value) => value switch
    {
        < 10 => Shown.Invariant($"{value:0.##}"),
        < 100 => Shown.Invariant($"{value:0.#}"),
        _ => Shown.Invariant($"{value:0}"),
    };

    /// <summary>A part of all trips; a dot where there is something, but less than half a character.</summary>
    private static string Bar(Histogram times, long from, long to)
    {
        long count = times.CountBetween(from, to);
        int filled = (int)Math.Round((double)BarWidth * count / times.Count);
        return filled > 0 ? new string('#', filled) : count > 0 ? "." : "";
    }
}
