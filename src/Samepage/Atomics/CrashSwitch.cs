using System.Diagnostics;
using System.Globalization;

namespace Samepage.Atomics;

/// <summary>Kills this process at a chosen <see cref="CrashPoint"/>, as <c>kill -9</c> would. A release build contains no call to it.</summary>
/// <remarks>
/// The variable <c>SAMEPAGE_CRASH_AT</c> arms it, at the start of the process or at any time later: <c>EventSet</c> dies when that point is
/// next reached, <c>EventSet:3</c> the third time.
/// </remarks>
internal static class CrashSwitch
{
    private const string Variable = "SAMEPAGE_CRASH_AT";

    private static string? _wish;
    private static CrashPoint _armed;
    private static int _remaining;

    [Conditional("CRASH_POINTS")]
    public static void Reach(CrashPoint point)
    {
        string? wish = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(wish))
            return;
        if (wish != _wish)
            Arm(wish);
        if (point == _armed && --_remaining == 0)
            Process.GetCurrentProcess().Kill();
    }

    private static void Arm(string wish)
    {
        string[] parts = wish.Split(':');
        _armed = Enum.Parse<CrashPoint>(parts[0]);
        _remaining = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        _wish = wish;
    }
}
