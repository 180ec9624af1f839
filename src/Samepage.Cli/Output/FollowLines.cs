using System.Text;

namespace Samepage.Cli.Output;

/// <summary>Follows a view in a pipe: all of it first, then the lines (or JSON values) that changed.</summary>
internal static class FollowLines
{
    public static void Run(Terminal terminal, ViewWatch watch, TimeSpan interval, bool json, CancellationToken ended)
    {
        Print(terminal.Out, watch, 0..watch.Now.Length, json);
        while (!ended.WaitHandle.WaitOne(interval))
        {
            if (!watch.Look())
                continue;
            foreach (Range changed in watch.ChangedRows())
                Print(terminal.Out, watch, changed, json);
        }
        ended.ThrowIfCancellationRequested();
    }

    private static void Print(TextWriter output, ViewWatch watch, Range range, bool json)
    {
        (int start, int length) = range.GetOffsetAndLength(watch.Now.Length);
        if (json)
        {
            var change = new ChangeJson(DateTimeOffset.UtcNow, watch.Offset + start, watch.Now[range]);
            Json.Write(output, change, Json.Lines.ChangeJson);
            return;
        }
        var text = new StringBuilder();
        for (int at = start; at < start + length; at += HexLine.Bytes)
            HexLine.Append(text, watch.Offset + at, watch.Now.AsSpan(at, Math.Min(HexLine.Bytes, start + length - at)));
        output.Write(text);
        output.Flush();
    }
}
