using System.Globalization;
using System.Runtime.InteropServices;

namespace Samepage.Cli.Tests;

/// <summary>
/// A shell makes what it starts in the background ignore Ctrl+C, children inherit that, and the tool rightly keeps to it. Its tests
/// send that signal, so they put things right wherever they were started from.
/// </summary>
internal static class InterruptSignal
{
    private const int Number = 2;
    private const nint Default = 0;

    public static void BeDeliverable()
    {
        if (OperatingSystem.IsLinux() && IsIgnored())
            _ = SetHandler(Number, Default);
    }

    private static bool IsIgnored()
    {
        const string Label = "SigIgn:";
        string mask = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Label, StringComparison.Ordinal))[Label.Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 1 << (Number - 1)) != 0;
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int number, nint handler);
}
