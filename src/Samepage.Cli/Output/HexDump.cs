using System.Text;
using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>A range of a section, dumped once; rows that repeat the one before are one asterisk.</summary>
internal static class HexDump
{
    private const int RowsAtOnce = 256;

    public static void Write(Terminal terminal, MemoryView view, CancellationToken ended)
    {
        Span<byte> row = stackalloc byte[HexLine.Bytes];
        Span<byte> before = stackalloc byte[HexLine.Bytes];
        var page = new Page(terminal);
        bool repeating = false;
        for (long at = 0; at < view.Length; at += HexLine.Bytes)
        {
            int count = (int)Math.Min(HexLine.Bytes, view.Length - at);
            view.GetReadOnlySpan(at, count).CopyTo(row);  // once: it may change while we look
            if (at > 0 && count == HexLine.Bytes && row.SequenceEqual(before))
            {
                if (!repeating)
                    page.Add("*");
                repeating = true;
            }
            else
            {
                page.Add(view.Offset + at, row[..count]);
                row.CopyTo(before);
                repeating = false;
            }
            if ((at & 0xFFFFF) == 0)
                ended.ThrowIfCancellationRequested();
        }
        page.Add(HexLine.Offset(view.Offset + view.Length));
        page.Print();
    }

    /// <summary>Rows gathered until there are enough to print.</summary>
    private sealed class Page(Terminal terminal)
    {
        private readonly StringBuilder _plain = new();
        private Paragraph _rich = new();
        private int _rows;

        public void Add(long offset, ReadOnlySpan<byte> row)
        {
            if (terminal.IsOutputTerminal)
                HexParagraph.Append(_rich, offset, row, []);
            else
                HexLine.Append(_plain, offset, row);
            Count();
        }

        public void Add(string line)
        {
            if (terminal.IsOutputTerminal)
                _rich.Append(line + "\n", new Style(Color.Grey));
            else
                _plain.Append(line).Append('\n');
            Count();
        }

        public void Print()
        {
            if (terminal.IsOutputTerminal)
                terminal.Rich.Write(_rich);
            terminal.Out.Write(_plain);
            terminal.Out.Flush();
            _plain.Clear();
            _rich = new Paragraph();
            _rows = 0;
        }

        private void Count()
        {
            if (++_rows == RowsAtOnce)
                Print();
        }
    }
}
