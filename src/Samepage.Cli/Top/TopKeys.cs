using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Samepage.Cli.Top;

/// <summary>The keys of the terminal as they are pressed, read by a thread of its own.</summary>
internal sealed class TopKeys
{
    // Not disposed: the thread may be reading when the tool ends.
    private readonly BlockingCollection<ConsoleKeyInfo> _keys = [];

    public TopKeys()
    {
        if (!Console.IsInputRedirected)
            new Thread(Read) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <returns>False: none was pressed within that time.</returns>
    public bool TryTake([NotNullWhen(true)] out ConsoleKeyInfo? key, TimeSpan within, CancellationToken ended)
    {
        bool pressed = _keys.TryTake(out ConsoleKeyInfo next, (int)Math.Clamp(Math.Ceiling(within.TotalMilliseconds), 0, int.MaxValue), ended);
        key = pressed ? next : null;
        return pressed;
    }

    private void Read()
    {
        try
        {
            while (true)
                _keys.Add(Console.ReadKey(intercept: true), CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal has gone: no more keys.
        }
    }
}
