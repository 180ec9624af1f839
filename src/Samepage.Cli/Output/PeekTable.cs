using System.Text;
using Samepage.Channels;
using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>Messages that lie in a channel: a table at a terminal, columns with tabs between them in a pipe; or each with its bytes.</summary>
internal static class PeekTable
{
    private static readonly string[] _columns = ["WRITER", "NUMBER", "KIND", "LENGTH", "BEGINNING"];

    public static void Write(Terminal terminal, ChannelInfo channel, IReadOnlyList<ChannelMessageInfo> messages, bool hex)
    {
        if (hex)
            WriteHex(terminal, channel, messages);
        else if (terminal.IsOutputTerminal)
            WriteRich(terminal.Rich, channel, messages);
        else
            WritePlain(terminal.Out, channel, messages);
    }

    private static void WritePlain(TextWriter output, ChannelInfo channel, IReadOnlyList<ChannelMessageInfo> messages)
    {
        output.WriteLine(string.Join('\t', _columns));
        foreach (ChannelMessageInfo m in messages)
            output.WriteLine(string.Join('\t', Row(channel, m)));
        output.Flush();
    }

    private static void WriteRich(IAnsiConsole console, ChannelInfo channel, IReadOnlyList<ChannelMessageInfo> messages)
    {
        if (messages.Count == 0)
        {
            console.MarkupLine("[grey]Nothing lies in it.[/]");
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        foreach (string column in _columns)
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]")
            {
                Alignment = column is "NUMBER" or "KIND" or "LENGTH" ? Justify.Right : Justify.Left,
                NoWrap = column is not "BEGINNING",
                Padding = new Padding(0, 0, 1, 0),
            });
        }
        foreach (ChannelMessageInfo m in messages)
            table.AddRow([.. Row(channel, m).Select(Markup.Escape)]);
        console.Write(table);
    }

    private static void WriteHex(Terminal terminal, ChannelInfo channel, IReadOnlyList<ChannelMessageInfo> messages)
    {
        var text = new StringBuilder();
        foreach (ChannelMessageInfo m in messages)
        {
            string[] row = Row(channel, m);
            text.AppendJoin("  ", row[0], row[1], $"kind {row[2]}", $"{row[3]} bytes").Append('\n');
            for (int at = 0; at < m.Beginning.Length; at += HexLine.Bytes)
                HexLine.Append(text, at, m.Beginning.Span.Slice(at, Math.Min(HexLine.Bytes, m.Beginning.Length - at)));
        }
        terminal.Out.Write(text);
        terminal.Out.Flush();
    }

    private static string[] Row(ChannelInfo channel, ChannelMessageInfo m) =>
        [ChannelText.WriterOf(channel, m.Lane) is { } process ? Shown.Invariant($"{m.Lane} ({process})") : Shown.Invariant($"{m.Lane}"), Shown.Invariant($"{m.Number}"), Shown.Invariant($"{m.Kind}"), Shown.Invariant($"{m.Length}"), Beginning(m)];

    // Cut wherever it may be, perhaps within a character: what is no text shows as replacements.
    private static string Beginning(ChannelMessageInfo m) =>
        Shown.Text(Encoding.UTF8.GetString(m.Beginning.Span)) + (m.Beginning.Length < m.Length ? "…" : "");
}
