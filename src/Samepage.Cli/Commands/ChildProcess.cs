using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samepage.Cli.Commands;

/// <summary>A command that runs with this tool's input and output, and ends before the tool does.</summary>
internal static class ChildProcess
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private const int Sighup = 1;

    /// <summary>Runs the command to its end and says its exit code.</summary>
    public static int Run(string[] command, Signals signals)
    {
        using var child = new Process { StartInfo = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false } };
        signals.Interceptor = signal => PassOn(child, signal);
        try
        {
            // One that came while nobody intercepted ends it here; one in the instant before the command runs goes unheard.
            signals.Token.ThrowIfCancellationRequested();
            child.Start();
            child.WaitForExit();
            return child.ExitCode;
        }
        finally
        {
            signals.Interceptor = null;
        }
    }

    /// <summary>The command decides what a signal means to it; the lock is held until it ends.</summary>
    private static void PassOn(Process child, PosixSignal signal)
    {
        // The terminal sends Ctrl+C to the command as well: once is enough.
        bool fromKeyboard = signal == PosixSignal.SIGINT && !(Console.IsInputRedirected && Console.IsOutputRedirected && Console.IsErrorRedirected);
        if (fromKeyboard)
            return;
        try
        {
            if (OperatingSystem.IsWindows())
                child.Kill();
            else
                _ = Kill(child.Id, signal switch { PosixSignal.SIGINT => Sigint, PosixSignal.SIGHUP => Sighup, _ => Sigterm });
        }
        catch (InvalidOperationException)
        {
            // It has not begun, or has ended.
        }
    }

    // .NET can end a process, but not ask it to.
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
