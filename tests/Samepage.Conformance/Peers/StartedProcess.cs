using System.ComponentModel;
using System.Diagnostics;

namespace Samepage.Testing;

/// <summary>Processes that tests start.</summary>
internal static class StartedProcess
{
    /// <summary>Wine says this of a process that ended in Wine's own code, before it was one that could run: about once in some thousand starts.</summary>
    private const int InternalError = 1359;

    private const int MostAttempts = 5;

    public static Process Of(ProcessStartInfo start)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e) when (OperatingSystem.IsWindows() && e.NativeErrorCode == InternalError && attempt < MostAttempts)
            {
                Console.Error.WriteLine($"{start.FileName} did not begin: {e.Message} Another attempt.");
            }
        }
    }
}
