using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>Prints the table again and again: in columns at a terminal, with tabs in a pipe, or as JSON, an array a line.</summary>
internal sealed class TopTables(Terminal terminal, bool json)
{
    private bool _printed;

    public void Write(TopState state)
    {
        if (json)
        {
            Json.Write(terminal.Out, [.. state.Rows.Select(TopJson.Of)], Json.Lines.TopJsonArray);
            return;
        }
        if (_printed)
            terminal.Out.WriteLine();
        _printed = true;
        if (terminal.IsOutputTerminal)
        {
            var layout = new TopLayout(state.Rows, Console.WindowWidth - 1);
            terminal.Out.WriteLine(layout.Header(state.Sort, state.IsReversed));
            foreach (TopRow row in state.Rows)
                terminal.Out.WriteLine(layout.Line(row));
        }
        else
        {
            terminal.Out.WriteLine(string.Join('\t', TopColumn.All.Select(c => c.Title)));
            foreach (TopRow row in state.Rows)
                terminal.Out.WriteLine(string.Join('\t', TopColumn.All.Select(c => c.Plain(row))));
        }
        terminal.Out.Flush();
    }
}
