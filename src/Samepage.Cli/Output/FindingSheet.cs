using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>What doctor saw, the remedy under what needs one.</summary>
internal static class FindingSheet
{
    public static void Write(Terminal terminal, IReadOnlyList<Finding> findings)
    {
        if (terminal.IsOutputTerminal)
            WriteRich(terminal.Rich, findings);
        else
            WritePlain(terminal.Out, findings);
    }

    private static void WritePlain(TextWriter output, IReadOnlyList<Finding> findings)
    {
        foreach (Finding f in findings)
        {
            output.WriteLine($"{Word(f.Severity),-8} {Shown.Text(f.Subject)}: {Shown.Text(f.Observation)}");
            if (f.Remedy is { } remedy)
                output.WriteLine($"{"",-8} -> {Shown.Text(remedy)}");
        }
        output.WriteLine(Summary(findings));
        output.Flush();
    }

    private static void WriteRich(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn().AddColumn();
        foreach (Finding f in findings)
        {
            string colour = Colour(f.Severity);
            string remedy = f.Remedy is { } text ? $"\n[{(f.Severity == FindingSeverity.Fine ? "grey" : colour)}]{Markup.Escape(Shown.Text(text))}[/]" : "";
            grid.AddRow($"[{colour}]{Word(f.Severity)}[/]", $"[bold]{Markup.Escape(Shown.Text(f.Subject))}[/]", Markup.Escape(Shown.Text(f.Observation)) + remedy);
        }
        console.Write(grid);
        console.MarkupLine($"[{Colour(findings.Max(f => f.Severity))}]{Summary(findings)}[/]");
    }

    private static string Word(FindingSeverity severity) => severity.ToString().ToLowerInvariant();

    private static string Colour(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Fine => "green",
        FindingSeverity.Warning => "yellow",
        _ => "red",
    };

    private static string Summary(IReadOnlyList<Finding> findings)
    {
        int problems = findings.Count(f => f.Severity == FindingSeverity.Problem);
        int warnings = findings.Count(f => f.Severity == FindingSeverity.Warning);
        return $"{Count(problems, "problem")}, {Count(warnings, "warning")}";
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{(number == 0 ? "no" : number)} {what}s";
}
