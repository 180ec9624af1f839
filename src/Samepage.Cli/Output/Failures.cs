using System.ComponentModel;

namespace Samepage.Cli.Output;

/// <summary>Turns an exception into a message of a line or two and an exit code.</summary>
internal static class Failures
{
    private const int BrokenPipe = 32;  // EPIPE, which .NET hands on as it is

    /// <summary>Null for what is a bug of the tool: that may crash with all it can tell.</summary>
    public static int? Explain(Exception failure, Session session)
    {
        switch (failure)
        {
            case OperationCanceledException when session.Ended.IsCancellationRequested:
                return session.Signals.ExitCode;
            case UsageException:
                session.Terminal.Remark(failure.Message);
                return ExitCodes.Usage;
            case SharedObjectException { Reason: FailureReason.NotFound, SystemCall: null, ObjectName: { } name } absent:
                session.Terminal.Remark(Suggestions.Absent(name, absent.ObjectKind));
                return ExitCodes.Failure;
            case ArgumentException argument:
                session.Terminal.Remark(WithoutParameter(argument));
                return ExitCodes.Usage;
            case IOException { HResult: BrokenPipe }:
                return ExitCodes.OutputClosed;
            case IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException or Win32Exception or OutOfMemoryException:
                session.Terminal.Remark(Shown.Text(failure.Message));
                return ExitCodes.Failure;
            default:
                return null;
        }
    }

    /// <summary>The message for people: the name of a parameter of the library says nothing to them.</summary>
    private static string WithoutParameter(ArgumentException e)
    {
        string text = e.Message;
        int tail = text.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return Shown.Text(tail < 0 ? text : text[..tail]);
    }
}

/// <summary>Options that cannot go together, seen only after parsing.</summary>
internal sealed class UsageException(string message) : Exception(message);
