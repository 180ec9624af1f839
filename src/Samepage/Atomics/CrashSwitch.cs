using System.Diagnostics;
using System.Globalization;

namespace Samepage.Atomics;

/// <summary>Kills or stops this process at a chosen <see cref="CrashPoint"/>, as <c>kill -9</c> or <c>kill -STOP</c> would. A release build contains no call to it.</summary>
/// <remarks>
/// The variables <c>SAMEPAGE_CRASH_AT</c> and <c>SAMEPAGE_STOP_AT</c> arm it, at the start of the process or at any time later: <c>EventSet</c> acts
/// when that point is next reached, <c>EventSet:3</c> the third time, and <c>EventSet:3,EventWoke</c> at the second point as well, after the first.
/// </remarks>
internal static class CrashSwitch
{
    private static readonly Trap _crash = new("SAMEPAGE_CRASH_AT");
    private static readonly Trap _stop = new("SAMEPAGE_STOP_AT");

    [Conditional("CRASH_POINTS")]
    public static void Reach(CrashPoint point)
    {
        if (_stop.IsSprungBy(point))
        {
            using var stop = Process.Start("kill", ["-STOP", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
            stop.WaitForExit();
        }
        if (_crash.IsSprungBy(point))
            Process.GetCurrentProcess().Kill();
    }

    private sealed class Trap(string variable)
    {
        // Guards all of it: other threads of the process pass points as well.
        private readonly Lock _gate = new();
        private string? _wish;
        private string[] _points = [];
        private int _next;
        private CrashPoint _armed;
        private int _remaining;

        public bool IsSprungBy(CrashPoint point)
        {
            string? wish = Environment.GetEnvironmentVariable(variable);
            if (string.IsNullOrEmpty(wish))
                return false;
            lock (_gate)
            {
                if (wish != _wish)
                {
                    (_wish, _points, _next) = (wish, wish.Split(','), 0);
                    ArmNext();
                }
                if (point != _armed || --_remaining != 0)
                    return false;
                ArmNext();
                return true;
            }
        }

        private void ArmNext()
        {
            string[] parts = _next < _points.Length ? _points[_next++].Split(':') : [nameof(CrashPoint.None)];
            _armed = Enum.Parse<CrashPoint>(parts[0]);
            _remaining = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        }
    }
}
