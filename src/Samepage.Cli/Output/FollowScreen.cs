using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>Follows a view at a terminal: as many rows as fit, redrawn in place, with what changed within the last second lit up.</summary>
internal static class FollowScreen
{
    private const int LinesBeside = 3;
    private static readonly TimeSpan _glow = TimeSpan.FromSeconds(1);

    public static void Run(Terminal terminal, ViewWatch watch, string? name, TimeSpan interval, CancellationToken ended)
    {
        byte[] heat = new byte[watch.Now.Length];
        byte hot = (byte)Math.Clamp(Math.Ceiling(_glow / interval), 1, 255);
        terminal.Rich.Live(Draw(watch, heat, name)).Overflow(VerticalOverflow.Crop).Start(screen =>
        {
            bool lit = false;
            while (!ended.WaitHandle.WaitOne(interval))
            {
                bool changed = watch.Look();
                if (!changed && !lit)
                    continue;
                lit = Heat(watch, heat, hot);
                screen.UpdateTarget(Draw(watch, heat, name));
            }
        });
        ended.ThrowIfCancellationRequested();
    }

    private static bool Heat(ViewWatch watch, byte[] heat, byte hot)
    {
        bool lit = false;
        for (int i = 0; i < heat.Length; i++)
        {
            heat[i] = watch.HasChanged(i) ? hot : (byte)Math.Max(0, heat[i] - 1);
            lit |= heat[i] > 0;
        }
        return lit;
    }

    private static Paragraph Draw(ViewWatch watch, byte[] heat, string? name)
    {
        int rows = Math.Max(1, Console.WindowHeight - LinesBeside);
        int shown = Math.Min(watch.Now.Length, rows * HexLine.Bytes);
        var text = new Paragraph();
        string part = shown < watch.Now.Length ? Shown.Invariant($"first {shown:N0} of {watch.Now.Length:N0} bytes") : Shown.Bytes(shown);
        text.Append(Shown.Invariant($"{Shown.Name(name)} from offset {watch.Offset:N0}, {part}; Ctrl+C ends\n"), new Style(decoration: Decoration.Bold));
        for (int at = 0; at < shown; at += HexLine.Bytes)
        {
            int count = Math.Min(HexLine.Bytes, shown - at);
            HexParagraph.Append(text, watch.Offset + at, watch.Now.AsSpan(at, count), heat.AsSpan(at, count));
        }
        return text;
    }
}
