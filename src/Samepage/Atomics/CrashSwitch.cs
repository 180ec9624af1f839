using System.Diagnostics;

namespace Samepage.Atomics;

/// <summary>Kills this process at a chosen <see cref="CrashPoint"/>, as <c>kill -9</c> would. A release build contains no call to it.</summary>
/// <remarks>
/// <c>SAMEPAGE_CRASH_AT=EventSet</c> dies the first time that point is reached, <c>EventSet:3</c> the third time.
/// A program may instead arm it when it is ready, through <see cref="Arm"/>.
/// </remarks>
internal static class CrashSwitch
{
    private static CrashPoint _armed;
    private static int _remaining;

    static CrashSwitch()
    {
        string? wish = Environment.GetEnvironmentVariable("SAMEPAGE_CRASH_AT");
        if (!string.IsNullOrEmpty(wish))
            Arm(wish);
    }

    public static void Arm(string wish)
    {
        string[] parts = wish.Split(':');
        _remaining = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
        _armed = Enum.Parse<CrashPoint>(parts[0]);
    }

    [Conditional("CRASH_POINTS")]
    public static void Reach(CrashPoint point)
    {
        if (point == _armed && --_remaining == 0)
            Process.GetCurrentProcess().Kill();
    }
}
