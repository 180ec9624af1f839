using System.Diagnostics;
using System.Text;
using Samepage.Layout;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>What this process writes of itself into what it makes, for people.</summary>
internal static unsafe class ThisProcess
{
    private static readonly byte[] _program = ProgramName();

    public static ReadOnlySpan<byte> ProgramUtf8 => _program;

    public static string Program { get; } = Encoding.UTF8.GetString(_program);

    public static long StartTime { get; } = Process.GetCurrentProcess().StartTime.ToUniversalTime().Ticks;

    /// <summary>The session whose names are the local ones.</summary>
    public static uint Session { get; } = ReadSession();

    private static uint ReadSession()
    {
        uint session;
        return Kernel32.ProcessIdToSessionId(Environment.ProcessId, &session) != 0 ? session : 0;
    }

    private static byte[] ProgramName()
    {
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(Environment.GetCommandLineArgs()[0]));
        int length = Math.Min(name.Length, CompanionHeader.ProgramCapacity);
        while (length > 0 && length < name.Length && (name[length] & 0xC0) == 0x80)
            length--;
        return name[..length];
    }
}
