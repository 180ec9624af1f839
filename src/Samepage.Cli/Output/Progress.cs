using System.Diagnostics;
using System.Globalization;

namespace Samepage.Cli.Output;

/// <summary>How far a long copy has come: one line on the error output of a terminal, gone at the end; nothing elsewhere.</summary>
internal sealed class Progress(Terminal terminal, long? total, bool wanted = true) : IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(100);

    private readonly bool _visible = wanted && terminal.CanRedrawError;
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _next = _patience;
    private bool _drawn;

    public long Done { get; private set; }

    public void Advance(long bytes)
    {
        Done += bytes;
        if (!_visible || Stopwatch.GetElapsedTime(_started) is var elapsed && elapsed < _next)
            return;
        _next = elapsed + _step;
        _drawn = true;
        string rate = Shown.Size((long)(Done / elapsed.TotalSeconds));
        string bar = "";
        if (total is > 0)
        {
            double part = Math.Min(1, (double)Done / total.Value);
            int filled = (int)(part * Width);
            bar = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled)}{new string('-', Width - filled)}] {part,4:P0}  ");
        }
        Console.Error.Write($"\r{bar}{Shown.Size(Done)}  {rate}/s\e[K");
    }

    public void Dispose()
    {
        if (_drawn)
            Console.Error.Write("\r\e[K");
    }
}
