using System.Globalization;
using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>Many objects, a line each: a table at a terminal; in a pipe columns with tabs between them, sizes in bytes.</summary>
internal static class ObjectTable
{
    private static readonly string[] _columns = ["NAME", "KIND", "SIZE", "RESIDENT", "STATE", "HOLDERS"];

    public static void Write(Terminal terminal, IReadOnlyList<SharedObjectInfo> objects)
    {
        if (terminal.IsOutputTerminal)
            WriteRich(terminal.Rich, objects);
        else
            WritePlain(terminal.Out, objects);
    }

    public static string ColourOf(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.Section => "aqua",
        SharedObjectKind.Mutex or SharedObjectKind.Lock or SharedObjectKind.ReaderWriterLock => "yellow",
        SharedObjectKind.Event => "lime",
        SharedObjectKind.Pipe or SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Cell or SharedObjectKind.CellMap or SharedObjectKind.Service => "blue",
        _ => "fuchsia",
    };

    private static void WritePlain(TextWriter output, IReadOnlyList<SharedObjectInfo> objects)
    {
        output.WriteLine(string.Join('\t', _columns));
        foreach (SharedObjectInfo o in objects)
        {
            output.WriteLine(string.Join('\t',
                Shown.Text(o.Name ?? "-"), Shown.Kind(o.Kind),
                o.Size.ToString(CultureInfo.InvariantCulture), o.ResidentBytes.ToString(CultureInfo.InvariantCulture),
                ObjectText.State(o), ObjectText.Holders(o)));
        }
        output.Flush();
    }

    private static void WriteRich(IAnsiConsole console, IReadOnlyList<SharedObjectInfo> objects)
    {
        if (objects.Count == 0)
        {
            console.MarkupLine("[grey]Nothing is alive.[/]");
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in _columns)
        {
            bool number = column is "SIZE" or "RESIDENT";
            table.AddColumn(new TableColumn($"[grey]{column}[/]")
            {
                Alignment = number ? Justify.Right : Justify.Left,
                NoWrap = number || column is "KIND",
                Padding = new Padding(0, 0, 1, 0),
            });
        }
        foreach (SharedObjectInfo o in objects)
        {
            string colour = ColourOf(o.Kind);
            table.AddRow(
                $"[bold]{Markup.Escape(Shown.Text(o.Name ?? "-"))}[/]", $"[{colour}]{Shown.Kind(o.Kind)}[/]",
                o.Kind == SharedObjectKind.Section ? Shown.Size(o.Size) : "", Shown.Size(o.ResidentBytes),
                Markup.Escape(ObjectText.State(o)), Markup.Escape(ObjectText.Holders(o, "\n")));
        }
        console.Write(table);
    }
}
