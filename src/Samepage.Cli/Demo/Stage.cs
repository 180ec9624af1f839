using System.Globalization;
using Samepage.Cli.Output;
using Spectre.Console;

namespace Samepage.Cli.Demo;

/// <summary>Where the scenes say what happens, and where it is noted when something is not as it should be.</summary>
internal sealed class Stage(Terminal terminal)
{
    public Terminal Terminal { get; } = terminal;

    public bool AllWell { get; private set; } = true;

    public void Title(string text)
    {
        if (Terminal.IsOutputTerminal)
        {
            Terminal.Rich.WriteLine();
            Terminal.Rich.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
        }
        else
        {
            Terminal.Say($"\n== {text}");
        }
    }

    public void Say(string text) => Terminal.Say(text);

    /// <summary>Something that has to be so, and whether it is.</summary>
    public void Check(bool holds, string what)
    {
        AllWell &= holds;
        if (Terminal.IsOutputTerminal)
            Terminal.Rich.MarkupLine($"  {(holds ? "[green]✓[/]" : "[red]✗[/]")} {Markup.Escape(what)}");
        else
            Terminal.Say($"  {(holds ? "ok" : "FAILED")}: {what}");
    }

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture) + " ms";
}
